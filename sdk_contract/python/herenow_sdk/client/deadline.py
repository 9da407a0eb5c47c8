"""One deadline for a whole exchange: connecting, sending, headers and body.

A time-out of the platform's starts anew with every read, so that a server which drips a byte at a time is
waited for without end. Here every step gets what is left. Only the resolver's time is its own: nothing in
Python bounds it.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any


class Deadline:
    """The end of one exchange, by a clock that nobody sets."""

    def __init__(self, timeout_s: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._at = monotonic() + timeout_s

    def left_s(self) -> float:
        """The seconds that are left. Raises ``TimeoutError`` when none are."""
        left = self._at - self._monotonic()
        if left <= 0:
            raise TimeoutError("the exchange took too long")
        return left

    def answer(self, source: socket.socket, *rest: Any, **named: Any) -> HTTPResponse:
        """The answer on a socket, read in time: the ``response_class`` of an ``HTTPConnection``."""
        return HTTPResponse(_Source(source, self), *rest, **named)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Source:
    """A socket, as an ``HTTPResponse`` uses one."""

    source: socket.socket
    deadline: Deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Timed(self.source, self.deadline))


class _Timed(io.RawIOBase):
    """What a socket gives, every read bounded by what is left of the whole exchange."""

    def __init__(self, source: socket.socket, deadline: Deadline) -> None:
        self._source = source
        self._raw = source.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        """At least one byte, or 0 at the end. Raises ``OSError``, of it ``TimeoutError`` at the deadline."""
        self._source.settimeout(self._deadline.left_s())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
