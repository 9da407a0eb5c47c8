"""One request computes at a time; the others may only wait.

Requests compute, and Python's threads take turns at one interpreter: two that compute at once make both
slower than one after the other (``docs/adr/0010-one-thread-a-worker.md``). But a worker with a single
thread would stand still for a client whose body trickles in. So threads wait for bodies, as many as
there are, and a gate lets one request at a time into the application, with its body at hand.

Bodies larger than an ordinary request has, imports of catalogues, stream past the gate: they take long
and share the interpreter with everybody meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Admission:
    """Reads bodies of at most ``limit`` bytes, then lets requests into ``application`` one by one."""

    def __init__(self, application: WSGIApplication, limit: int) -> None:
        self._application = application
        self._limit = limit
        self._gate = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, when it is this request's turn."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in environ or not length.isdigit() or int(length) > self._limit:
            return self._application(environ, start_response)
        if length != "0":
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        with self._gate:
            return self._application(environ, start_response)
