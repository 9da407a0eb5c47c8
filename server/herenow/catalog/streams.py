"""Bytes of an import file as bounded lines: gzip or not, byte order mark or not, any length of line.

Nothing here holds more than one line, and of a line no more than ``MAX_ROW_BYTES`` + 1 bytes.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from herenow.catalog.rows import MAX_ROW_BYTES
from herenow.errors import Invalid, PayloadTooLarge

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_FILE_BYTES: Final = 2 * 1024**3
"""Most bytes of one import after decompression: a gzip bomb ends here."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_GZIP_MAGIC: Final = b"\x1f\x8b"


class ByteStream(Protocol):
    """What an import reads from: an open file, a request's body."""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""


class CountedStream(io.RawIOBase):
    """Passes a stream through and counts: ``bytes_read`` is how far into the file the import is."""

    def __init__(self, stream: ByteStream) -> None:
        super().__init__()
        self._stream = stream
        self.bytes_read = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """As ``io.RawIOBase.readinto``."""
        target = memoryview(buffer).cast("B")
        content = self._stream.read(len(target))
        target[: len(content)] = content
        self.bytes_read += len(content)
        return len(content)


def bounded_lines(counted: CountedStream) -> Iterator[tuple[int, bytes]]:
    """Lines with their number from 1; a line over ``MAX_ROW_BYTES`` is cut to that and one byte.

    Raises ``Invalid`` (``UNREADABLE_FILE``) for damaged gzip, ``PayloadTooLarge`` above ``MAX_FILE_BYTES``.
    """
    buffered = io.BufferedReader(counted, 128 * 1024)
    compressed = buffered.peek(2)[:2] == _GZIP_MAGIC
    reader = io.BufferedReader(gzip.GzipFile(fileobj=buffered), 128 * 1024) if compressed else buffered
    number, total = 0, 0
    try:
        while line := reader.readline(MAX_ROW_BYTES + 1):
            number += 1
            total += len(line)
            while not line.endswith(b"\n") and (rest := reader.readline(MAX_ROW_BYTES)):
                total += _checked(total, rest)
                if rest.endswith(b"\n"):
                    break
            _checked(total, line)
            yield number, line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Invalid(
            "The file is damaged",
            code="UNREADABLE_FILE",
            detail=f"Decompressing it failed after line {number}: {error}",
        ) from error


def _checked(total: int, part: bytes) -> int:
    if total > MAX_FILE_BYTES:
        raise PayloadTooLarge("The import is too large", detail=f"At most {MAX_FILE_BYTES} bytes of rows.")
    return len(part)
