"""The short way for what phones ask most: is the config I hold still right?

A layer in front of Flask that takes ``POST /v1/config`` with ``If-None-Match`` and answers 304 when the
validator holds; everything else, every doubt and every error goes on to Flask untouched, which is the
only one to explain. Flask's own machinery costs more than all that a confirmation needs: verifying a
cached token, one read, one MAC (see ``docs/adr/0004-validator-before-schema.md``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Final

from herenow.api.access import recognised
from herenow.api.encoding import JSON_TYPE, decoded
from herenow.api.hooks import ALWAYS, REQUEST_ID_HEADER, log_request, request_id, timing
from herenow.api.metrics import RequestMetrics
from herenow.errors import HerenowError
from herenow.scope import Scope
from herenow.services import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROUTE: Final = "/v1/config"


class UnchangedConfigs:
    """Confirms unchanged configs before ``application`` is asked.

    ``services`` gives the services of the process; requests are counted and logged as everywhere else.
    """

    def __init__(
        self, application: WSGIApplication, services: Callable[[], Services], metrics: RequestMetrics
    ) -> None:
        self._application = application
        self._services = services
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 304, or pass the request on as it came."""
        if _may_be_confirmed(environ):
            started = time.perf_counter()
            scope = self._confirmed(environ)
            if scope is not None:
                return self._not_modified(environ, start_response, scope, started)
        return self._application(environ, start_response)

    def _confirmed(self, environ: WSGIEnvironment) -> Scope | None:
        """Whose config is still right; ``None`` when it is not, or when that is not for this layer to say."""
        services = self._services()
        body = _read(environ, services.settings.max_body)
        try:
            scope, known = recognised(services, environ.get("HTTP_AUTHORIZATION", ""))
            document = decoded(body)
            context = document.get("context", {}) if isinstance(document, dict) else None
            held = environ["HTTP_IF_NONE_MATCH"]
            if not isinstance(context, dict) or services.messages.hold(scope, known):
                return None
            if services.launch.unchanged(scope, known, context, held):
                return scope
        except HerenowError:
            pass  # Flask meets the same error and tells it
        return None

    def _not_modified(
        self, environ: WSGIEnvironment, start_response: StartResponse, scope: Scope, started: float
    ) -> Iterable[bytes]:
        identifier = request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        seconds = time.perf_counter() - started
        self._metrics.observe(ROUTE, "POST", 304, seconds)
        log_request(identifier, "POST", ROUTE, 304, seconds, scope)
        headers = [
            ("ETag", environ["HTTP_IF_NONE_MATCH"].strip().removeprefix("W/")),
            (REQUEST_ID_HEADER, identifier),
            ("Server-Timing", timing(seconds)),
            *ALWAYS.items(),
        ]
        start_response("304 NOT MODIFIED", headers)
        return ()


def _may_be_confirmed(environ: WSGIEnvironment) -> bool:
    return (
        environ["PATH_INFO"] == ROUTE
        and environ["REQUEST_METHOD"] == "POST"
        and "HTTP_IF_NONE_MATCH" in environ
        and environ.get("CONTENT_TYPE", "").startswith(JSON_TYPE)
        and environ.get("CONTENT_LENGTH", "").isdigit()
    )


def _read(environ: WSGIEnvironment, limit: int) -> bytes:
    """The body, put back for whoever reads it next; nothing of one beyond ``limit``."""
    length = int(environ["CONTENT_LENGTH"])
    if length > limit:
        return b""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body
