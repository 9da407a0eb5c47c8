"""A whole RSGI server in memory: what Granian does with an application, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from granian.rsgi import ProtocolClosed


@dataclass
class Headers:
    """Request headers, names in lower case, repeated ones apart."""

    pairs: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        """All of them."""
        return self.pairs

    def get(self, name: str, default: str = "") -> str:
        """The first of a name."""
        return next((value for key, value in self.pairs if key == name), default)


@dataclass
class Request:
    """What an application is told of a request."""

    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    sent: list[tuple[str, str]] = field(default_factory=list)
    http_version: str = "1.1"
    server: str = "127.0.0.1:8080"
    client: str = "192.0.2.7:51000"
    scheme: str = "http"

    @property
    def headers(self) -> Headers:
        """The headers."""
        return Headers(self.sent)


class Transport:
    """An open response; ``broken`` once the other side has left."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.broken = False

    async def send_str(self, text: str) -> None:
        """Take a piece."""
        if self.broken:
            raise ProtocolClosed
        self.sent.append(text)


class Protocol:
    """One exchange; ``pieces`` are the body as it arrives.

    ``None`` is an arrival that never comes, an exception the end of the connection.
    """

    def __init__(self, pieces: Iterable[bytes | Exception | None] = ()) -> None:
        self._pieces = list(pieces)
        self.status = 0
        self.headers: dict[str, str] = {}
        self.content = b""
        self.transport = Transport()
        self.left = asyncio.Event()

    async def __call__(self) -> bytes:
        """The whole body."""
        return b"".join([piece async for piece in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        for piece in self._pieces:
            if piece is None:
                await asyncio.Event().wait()
            elif isinstance(piece, Exception):
                raise piece
            else:
                yield piece

    async def client_disconnect(self) -> None:
        """Until the client leaves."""
        await self.left.wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        """A whole answer."""
        self.status, self.headers, self.content = status, dict(headers), content

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        """An answer without a body."""
        self.status, self.headers = status, dict(headers)

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Transport:
        """An answer that stays open."""
        self.status, self.headers = status, dict(headers)
        return self.transport


@pytest.fixture
def until():
    """Waits on the loop until something holds."""

    async def waiting(holds: Any) -> None:
        """Ask again and again, for ten seconds at most."""
        async with asyncio.timeout(10):
            while not holds():  # noqa: ASYNC110 - anything may be asked, so nothing can tell
                await asyncio.sleep(0.005)

    return waiting
