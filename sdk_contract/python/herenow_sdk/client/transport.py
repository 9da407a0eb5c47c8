"""One HTTP request: bounded in time and size, never led elsewhere.

Redirects are not followed: a hotel's login page is no answer of the server's, and a token is for one host.
"""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

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
    """Requests to one server. ``abort`` ends the one under way, from another thread."""

    def __init__(self, url: str, timeout_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._base = parts.path.rstrip("/")
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._under_way: HTTPConnection | None = None

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Response | None:
        """The answer, or ``None`` when there is none that can be read whole in time."""
        connection = self._connection()
        self._under_way = connection
        try:
            content, sent = _encoded(body, headers)
            connection.request(method, self._base + path, body=content, headers=sent)
            response = connection.getresponse()
            return self._whole(response)
        except (OSError, HTTPException, ValueError, zlib.error, EOFError):
            return None  # no network, a time-out, half an answer, something that is not HTTP
        finally:
            self._under_way = None
            connection.close()

    def abort(self) -> None:
        """End the request under way, if there is one."""
        connection = self._under_way
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(2)

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._secure else HTTPConnection
        return kind(self._host, self._port, timeout=self._timeout_s)

    def _whole(self, response: HTTPResponse) -> Response:
        """Raises ``ValueError`` beyond the bounds; a server that drips is given up as one that is silent."""
        deadline = self._monotonic() + self._timeout_s
        chunks, size = [], 0
        while chunk := response.read1(_CHUNK):
            size += len(chunk)
            if size > MAX_RESPONSE_BYTES or self._monotonic() > deadline:
                raise ValueError("too large, or too slow")
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
