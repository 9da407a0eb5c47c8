"""One request computes at a time; the others may only wait.

Requests compute, and Python's threads take turns at one interpreter: two that compute at once make both
slower than one after the other (``docs/adr/0010-one-thread-a-worker.md``). But a worker with a single
thread would stand still for a client whose body trickles in. So threads wait for bodies, as many as
there are, and a gate lets one request at a time into the application, with its body at hand.

What may take seconds goes past the gate and shares the interpreter meanwhile, so that no phone waits for
it to end: the admin plane (publishing may compile a catalogue anew), and bodies larger than an ordinary
request has.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Final

ASIDE: Final = "/admin/"
"""Paths whose requests may take long."""

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
        streams = "HTTP_TRANSFER_ENCODING" in environ or not length.isdigit() or int(length) > self._limit
        if streams or environ["PATH_INFO"].startswith(ASIDE):
            return self._application(environ, start_response)
        if length != "0":
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        with self._gate:
            return self._application(environ, start_response)
