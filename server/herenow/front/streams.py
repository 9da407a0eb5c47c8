"""Server-sent events that tell a phone to ask again: one line when something was published.

Three dialects of one stream. GrowthBook's JavaScript listens at ``/sub/{pk}`` for ``features-updated``, on
which it fetches its features or evaluation anew. Its SDKs for Swift and Flutter know only the event
``features`` with the whole payload, which would undo a remote evaluation; so that is for who asks for
it, at ``/local/sub/{pk}``. OpenFeature's listen at ``/ofrep/v1/streams/{pk}`` for a message of type
``refetchEvaluation``. All events carry the sequence of the serving set as their id.

What is fetched anew may come out of a cache that may keep it for 30 s, so a publication is told
once more after ``AGAIN_S``, when caches have let go.

A client that connects may have missed a publication, so it is told at once, unless its ``Last-Event-ID``
is the present sequence. A comment every ``HEARTBEAT_S`` keeps proxies from closing; a stream ends after
``LIFETIME_S``, and the client comes back. Source: WHATWG HTML, server-sent events; OFREP 0.3 event streams.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson

from herenow.api.access import address_behind
from herenow.api.hooks import ALWAYS, REQUEST_ID_HEADER, log_request, request_id
from herenow.api.metrics import RequestMetrics
from herenow.api.problems import PROBLEM_TYPE, problem_document
from herenow.canonical import canonical_json
from herenow.compat.evaluation import StockEvaluation
from herenow.errors import HerenowError, MethodNotAllowed, TooManyRequests
from herenow.front.bridge import ClientLeft, peer_of
from herenow.front.subscriptions import Happening, Subscription, Subscriptions
from herenow.identity.limits import network_of
from herenow.scope import Scope
from herenow.services import Services

HEARTBEAT_S: Final = 15
LIFETIME_S: Final = 15 * 60
RECONNECT_MS: Final = 3_000
AGAIN_S: Final = 35

_OPEN: Final = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-cache, no-transform"),
    ("x-accel-buffering", "no"),
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "x-request-id"),
]
_ALLOWED: Final = "GET, OPTIONS"
_PREFLIGHT: Final = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", _ALLOWED),
    ("access-control-allow-headers", "authorization, cache-control, last-event-id, x-api-key, x-request-id"),
    ("access-control-max-age", "86400"),
]
"""For clients in a browser that send more than an ``EventSource`` does."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one family of clients is told.

    ``event`` makes the text of an event for an environment and its sequence; ``cached`` says that what the
    client fetches then may come out of a cache.
    """

    route: str
    path: re.Pattern[str]
    event: Callable[[StockEvaluation, Scope, str], str]
    cached: bool = False


def _growthbook(_stock: StockEvaluation, _scope: Scope, sequence: str) -> str:
    return f"id: {sequence}\nevent: features-updated\ndata: \n\n"


def _growthbook_payload(stock: StockEvaluation, scope: Scope, sequence: str) -> str:
    payload = stock.shapes(scope)[1].payload.decode()  # canonical JSON is one line
    return f"id: {sequence}\nevent: features\ndata: {payload}\n\n"


def _ofrep(_stock: StockEvaluation, _scope: Scope, sequence: str) -> str:
    told = canonical_json({"type": "refetchEvaluation", "etag": sequence}).decode()
    return f"id: {sequence}\nevent: message\ndata: {told}\n\n"


DIALECTS: Final = (
    Dialect("/sub/<pk>", re.compile(r"/sub/([^/]{1,200})"), _growthbook, cached=True),
    Dialect("/local/sub/<pk>", re.compile(r"/local/sub/([^/]{1,200})"), _growthbook_payload),
    Dialect("/ofrep/v1/streams/<pk>", re.compile(r"/ofrep/v1/streams/([^/]{1,200})"), _ofrep),
)


class Streams:
    """Serves event streams; everything they wait for is in ``subscriptions``."""

    def __init__(self, services: Services, subscriptions: Subscriptions, metrics: RequestMetrics) -> None:
        self._services = services
        self._subscriptions = subscriptions
        self._metrics = metrics

    @staticmethod
    def find(path: str) -> tuple[Dialect, str] | None:
        """The dialect of a path and the key in it, ``None`` for a path of the application."""
        for dialect in DIALECTS:
            match = dialect.path.fullmatch(path)
            if match:
                return dialect, match[1]
        return None

    async def serve(self, scope: Any, protocol: Any, dialect: Dialect, key: str) -> None:
        """Answer one request for a stream and keep it open; arguments as RSGI defines them."""
        started = time.perf_counter()
        identifier = request_id(scope.headers.get(REQUEST_ID_HEADER.lower(), ""))
        whose: Scope | None = None
        status = 200
        if scope.method == "OPTIONS":
            protocol.response_empty(204, _PREFLIGHT)
            return
        try:
            whose, subscription = self._admitted(scope, key)
        except HerenowError as error:
            status = error.status
            self._refuse(protocol, error, identifier)
        else:
            await self._keep_open(scope, protocol, dialect, subscription, identifier)
        seconds = time.perf_counter() - started
        self._metrics.observe(dialect.route, scope.method, status, seconds)
        log_request(identifier, scope.method, dialect.route, status, seconds, whose)

    def _admitted(self, scope: Any, key: str) -> tuple[Scope, Subscription]:
        if scope.method != "GET":
            raise MethodNotAllowed("a stream is read with GET")
        whose = self._services.keys.authenticate(key, "publishable")
        self._services.serving.current(whose)  # somebody has to watch the pointer for it
        return whose, self._subscriptions.subscribe(whose, network_of(self._address(scope)))

    def _address(self, scope: Any) -> str:
        forwarded = scope.headers.get("x-forwarded-for", "")
        return address_behind(forwarded, peer_of(scope), self._services.settings.trusted_proxies)

    @staticmethod
    def _refuse(protocol: Any, error: HerenowError, identifier: str) -> None:
        document = problem_document(
            error.status, error.code, error.title, error.detail, request_id=identifier
        )
        protocol.response_bytes(error.status, _refusal_headers(error, identifier), orjson.dumps(document))

    async def _keep_open(
        self, scope: Any, protocol: Any, dialect: Dialect, subscription: Subscription, identifier: str
    ) -> None:
        gone = asyncio.ensure_future(protocol.client_disconnect())
        gone.add_done_callback(lambda _: subscription.end())
        self._metrics.streams(len(self._subscriptions))
        try:
            with suppress(ClientLeft):  # the client may leave between two words
                transport = protocol.response_stream(200, [*_OPEN, (REQUEST_ID_HEADER.lower(), identifier)])
                await self._tell(transport, dialect, subscription, scope.headers.get("last-event-id", ""))
        finally:
            self._subscriptions.leave(subscription)
            self._metrics.streams(len(self._subscriptions))
            gone.cancel()

    async def _tell(self, transport: Any, dialect: Dialect, subscription: Subscription, last: str) -> None:
        """Events and heartbeats, until the client leaves, the server stops or the stream is old."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + LIFETIME_S
        told, again = last, ends
        await transport.send_str(f"retry: {RECONNECT_MS}\n\n")
        while (left := ends - loop.time()) > 0:
            sequence = str(self._services.serving.current(subscription.scope).pointer.sequence)
            if sequence != told or loop.time() >= again:
                await transport.send_str(dialect.event(self._services.stock, subscription.scope, sequence))
                again = loop.time() + AGAIN_S if dialect.cached and sequence != told else ends
                told = sequence
            happening = await subscription.wait(max(0.0, min(HEARTBEAT_S, left, again - loop.time())))
            if happening is Happening.ENDED:
                return
            if happening is Happening.NOTHING:
                await transport.send_str(":\n\n")


def _refusal_headers(error: HerenowError, identifier: str) -> list[tuple[str, str]]:
    headers = [
        ("content-type", PROBLEM_TYPE),
        ("access-control-allow-origin", "*"),
        ("access-control-expose-headers", "retry-after, x-request-id"),
        (REQUEST_ID_HEADER.lower(), identifier),
    ]
    headers += [(name.lower(), value) for name, value in ALWAYS.items()]
    if isinstance(error, TooManyRequests):
        headers.append(("retry-after", str(error.retry_after_s)))
    if isinstance(error, MethodNotAllowed):
        headers.append(("allow", _ALLOWED))
    return headers
