"""The WSGI application behind an event loop.

The loop waits (for bodies, for clients that read slowly); the application computes. Ordinary requests are
computed on the loop itself, one after the other, with their body at hand: threads that compute take
turns at one interpreter, and two at once make both slower (``docs/adr/0013-event-loop-in-front.md``).
What may take seconds goes to a few threads: the admin plane, and bodies larger than ordinary ones,
which are read piece by piece by whoever wants them.

A body has to arrive in time, whole or piece by piece. One that does not is answered 408. A client that
leaves in the middle is answered by nobody and is no fault of ours.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined] # documented there, not in __all__
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from herenow.api.problems import PROBLEM_TYPE, problem_document

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

ASIDE: Final = "/admin/"
"""Paths whose requests may take long."""

_UNPREFIXED: Final = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
_PIECE: Final = 64 * 1024
_BODILESS: Final = frozenset({204, 304})
_PROBLEM: Final = [("content-type", PROBLEM_TYPE), ("cache-control", "no-store")]
_LATE: Final = orjson.dumps(
    problem_document(408, "REQUEST_TIMEOUT", "The body did not arrive in time", "Send it again.")
)
_FAILED: Final = orjson.dumps(problem_document(500, "INTERNAL", "Something went wrong on our side", None))
_log = structlog.get_logger(__name__)

Headers = list[tuple[str, str]]

ClientLeft: Final[type[RuntimeError]] = ProtocolClosed
"""What reading and writing raise once the connection is gone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished response."""

    status: int
    headers: Headers
    content: bytes


class Bridge:
    """Puts requests to ``application``; bodies of at most ``limit`` bytes are read beforehand."""

    def __init__(
        self, application: WSGIApplication, aside: Executor, *, limit: int, timeout_s: float
    ) -> None:
        self._application = application
        self._aside = aside
        self._limit = limit
        self._timeout_s = timeout_s

    async def handle(self, scope: Any, protocol: Any) -> None:
        """Answer one request; ``scope`` and ``protocol`` as RSGI 1.5 defines them."""
        environ = environ_of(scope)
        try:
            large = await self._take_body(environ, protocol)
        except TimeoutError:
            protocol.response_bytes(408, _PROBLEM, _LATE)
            return
        if large or environ["PATH_INFO"].startswith(ASIDE):
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._aside, self._compute, environ)
        else:
            answer = self._compute(environ)
        if answer.status in _BODILESS:
            protocol.response_empty(answer.status, answer.headers)
        else:
            protocol.response_bytes(answer.status, answer.headers, answer.content)

    async def _take_body(self, environ: WSGIEnvironment, protocol: Any) -> bool:
        """Provide ``wsgi.input``; says whether the body is too large to be read beforehand.

        Raises ``TimeoutError`` for a body that does not arrive in time.
        """
        stated = environ.get("CONTENT_LENGTH", "")
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        if not chunked and stated in ("", "0"):
            return False
        if stated.isdigit() and int(stated) > self._limit:
            stream = StreamedBody(protocol, asyncio.get_running_loop(), self._timeout_s)
            environ["wsgi.input"] = BufferedReader(stream, _PIECE)
            return True
        arriving = _at_most(protocol, self._limit + 1) if chunked else protocol()
        body = await asyncio.wait_for(arriving, self._timeout_s)
        environ["wsgi.input"] = BytesIO(body)
        if chunked:  # the end is known by now, so the application meets an ordinary body
            del environ["HTTP_TRANSFER_ENCODING"]
            environ["CONTENT_LENGTH"] = str(len(body))
        return False

    def _compute(self, environ: WSGIEnvironment) -> Answer:
        """What the application answers; its failure is an answer too."""
        started: list[tuple[int, Headers]] = []

        def start_response(status: str, headers: Headers, *_: Any) -> Any:
            started.append((int(status[:3]), [(name.lower(), value) for name, value in headers]))

        try:
            content = _joined(self._application(environ, start_response))
        except Exception:  # noqa: BLE001 - the application failed outside its own handlers; answer all the same
            _log.exception("request failed outside the application's own handlers")
            return Answer(500, _PROBLEM, _FAILED)
        return Answer(*started[-1], content)


class StreamedBody(RawIOBase):
    """A large body, read by a thread while the loop receives it.

    Reading raises ``RequestTimeout`` when no piece arrives for ``timeout_s``, ``ClientDisconnected`` when
    none will: what Flask makes its own answers of.
    """

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop, timeout_s: float) -> None:
        super().__init__()
        self._pieces: AsyncIterator[bytes] = aiter(protocol)
        self._loop = loop
        self._timeout_s = timeout_s
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer with what is there, waiting for the next piece when nothing is."""
        target = memoryview(buffer).cast("B")
        if not self._left:
            self._left = self._received()
        count = min(len(target), len(self._left))
        target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _received(self) -> bytes:
        try:
            return asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        except TimeoutError as error:
            raise RequestTimeout("The body did not arrive in time.") from error
        except ClientLeft as error:
            raise ClientDisconnected from error

    async def _next(self) -> bytes:
        while True:
            try:
                piece = await asyncio.wait_for(anext(self._pieces), self._timeout_s)
            except StopAsyncIteration:
                return b""
            if piece:
                return piece


def environ_of(scope: Any) -> WSGIEnvironment:
    """The WSGI environment (PEP 3333) of an RSGI scope, with an empty body."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),  # the path comes decoded, once is enough
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": peer_of(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # x_forwarded_for would read like the real one
        key = name.upper().replace("-", "_")
        key = key if key in _UNPREFIXED else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


def peer_of(scope: Any) -> str:
    """The address at the other end of the connection."""
    return str(scope.client).rpartition(":")[0].strip("[]")


async def _at_most(pieces: AsyncIterable[bytes], limit: int) -> bytes:
    """The body, read no further than ``limit`` bytes."""
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) >= limit:
            break
    return bytes(body[:limit])


def _joined(parts: Iterable[bytes]) -> bytes:
    try:
        return b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
