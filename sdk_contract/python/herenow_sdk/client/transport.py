"""One HTTP request: bounded in time and size, never led elsewhere.

Redirects are not followed: a hotel's login page is no answer of the server's, and a token is for one host.
A server that drips is given up as one that is silent.
"""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from herenow_sdk.client.deadline import Deadline
from herenow_sdk.core.device.parts import MAX_PART_BYTES
from herenow_sdk.core.device.strict_json import NotStrict, read_object

MAX_RESPONSE_BYTES: Final = MAX_PART_BYTES
_CHUNK: Final = 65_536
_WORTH_COMPRESSING: Final = 1024


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: the status, headers by lower-case name, and the decompressed body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def document(self) -> dict[str, Any] | None:
        """The JSON object in the body, ``None`` when there is none."""
        try:
            return read_object(self.body)
        except NotStrict:
            return None


class Transport:
    """Requests to one server. ``abort`` ends the one under way, from another thread, and any later one."""

    def __init__(self, url: str, timeout_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        parts = urlsplit(url)
        self._tls = _tls() if parts.scheme == "https" else None
        self._host = parts.hostname or ""
        self._port = parts.port or (80 if self._tls is None else 443)
        self._base = parts.path.rstrip("/")
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._under_way: socket.socket | None = None
        self._aborted = False

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Response | None:
        """The answer, or ``None`` when there is none that can be read whole in time."""
        deadline = Deadline(self._timeout_s, self._monotonic)
        connection = self._connection(deadline)
        try:
            connection.sock = self._connected(deadline)
            content, sent = _encoded(body, headers)
            connection.request(method, self._base + path, body=content, headers=sent)
            return _whole(connection.getresponse())
        except (OSError, HTTPException, ValueError, zlib.error, EOFError):
            return None  # no network, a time-out, half an answer, something that is not HTTP
        finally:
            self._under_way = None
            connection.close()

    def abort(self) -> None:
        """End the request under way, if there is one, and begin no other."""
        self._aborted = True
        under_way = self._under_way
        if under_way is not None:
            with suppress(OSError):
                under_way.shutdown(socket.SHUT_RDWR)

    def _connection(self, deadline: Deadline) -> HTTPConnection:
        """A connection whose answer is read by the deadline; its socket is put in later."""
        if self._tls is None:
            connection = HTTPConnection(self._host, self._port)
        else:
            connection = HTTPSConnection(self._host, self._port, context=self._tls)
        connection.response_class = deadline.answer  # type: ignore[assignment]
        return connection

    def _connected(self, deadline: Deadline) -> socket.socket:
        """A socket to the first address that takes one. Raises ``OSError``."""
        self._require_open()
        refusal = OSError("no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(
            self._host, self._port, type=socket.SOCK_STREAM
        ):
            found = socket.socket(family, kind, protocol)
            try:
                return self._reached(found, address, deadline)
            except OSError as error:
                found.close()
                refusal = error
        raise refusal

    def _reached(self, found: socket.socket, address: Any, deadline: Deadline) -> socket.socket:
        """The socket, connected, with TLS on it where the address says so, and in time to send."""
        self._under_way = found
        found.settimeout(deadline.left_s())
        found.connect(address)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            found.settimeout(deadline.left_s())
            self._under_way = found = self._tls.wrap_socket(found, server_hostname=self._host)
        found.settimeout(deadline.left_s())
        self._require_open()  # a socket that is not connected yet cannot be shut down
        return found

    def _require_open(self) -> None:
        if self._aborted:
            raise OSError("aborted")


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _whole(response: HTTPResponse) -> Response:
    """Raises ``ValueError`` beyond the bounds, ``TimeoutError`` at the deadline."""
    chunks, size = [], 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            raise ValueError("too large")
        chunks.append(chunk)
    headers = {name.lower(): value for name, value in response.getheaders()}
    told = headers.get("content-length", "")
    if told.isdecimal() and response.status not in {204, 304} and int(told) != size:
        raise ValueError("cut short")
    content = b"".join(chunks)
    if headers.get("content-encoding") == "gzip":
        content = _inflated(content)
    return Response(response.status, headers, content)


def _encoded(
    body: Mapping[str, Any] | None, headers: Mapping[str, str]
) -> tuple[bytes | None, dict[str, str]]:
    sent = {"Accept-Encoding": "gzip", "Accept": "application/json", **headers}
    if body is None:
        return None, sent
    content = json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
    sent["Content-Type"] = "application/json"
    if len(content) < _WORTH_COMPRESSING or "beacons" not in body:
        return content, sent
    return gzip.compress(content, compresslevel=5), {**sent, "Content-Encoding": "gzip"}


def _inflated(content: bytes) -> bytes:
    inflating = zlib.decompressobj(wbits=31)
    whole = inflating.decompress(content, MAX_RESPONSE_BYTES + 1)
    if len(whole) > MAX_RESPONSE_BYTES or not inflating.eof:
        raise ValueError("too large, or cut short")
    return whole
