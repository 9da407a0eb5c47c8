"""The container: one file of named, aligned, little-endian sections behind a JSON header.

::

    magic 8 | header length u32 | header CRC-32 u32 | header JSON | padding | section | padding | …

The header holds the whole length and a CRC-32 of everything behind it, so a truncated or damaged
file is refused when it is opened, not met later as a wrong answer. Sections begin at multiples of 64,
so numpy views them in place: opening copies nothing, and processes that map the same file share it.
Section names and the header are written in order of name: equal content gives equal bytes.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.canonical import canonical_json
from herenow.errors import HerenowError

MAGIC: Final = b"HNCATLG1"
ALIGNMENT: Final = 64
_PREAMBLE: Final = struct.Struct("<8sII")
_BYTES: Final = "bytes"

Section = bytes | NDArray[Any]


class ArtefactDamaged(HerenowError):
    """The bytes are not a complete catalogue artefact."""

    default_code = "ARTEFACT_DAMAGED"


def write_artefact(meta: Mapping[str, Any], sections: Mapping[str, Section]) -> bytes:
    """Lay out ``sections`` behind a header that carries ``meta`` (JSON values)."""
    body = bytearray()
    directory: dict[str, list[Any]] = {}
    for name in sorted(sections):
        section = sections[name]
        kind = _BYTES if isinstance(section, bytes) else section.dtype.newbyteorder("<").str
        content = section if isinstance(section, bytes) else section.astype(kind, copy=False).tobytes()
        directory[name] = [len(body), len(content), kind]
        body += content
        body += bytes(-len(body) % ALIGNMENT)
    header = canonical_json(
        {"meta": meta, "sections": directory, "length": len(body), "crc32": zlib.crc32(body)}
    )
    header += b" " * (-(_PREAMBLE.size + len(header)) % ALIGNMENT)
    return _PREAMBLE.pack(MAGIC, len(header), zlib.crc32(header)) + header + bytes(body)


class Artefact:
    """Sections of an opened artefact, by name. Arrays are read-only views of the buffer."""

    def __init__(self, view: memoryview) -> None:
        """Check the whole of ``view``. Raises ``ArtefactDamaged``."""
        header = _read_header(view)
        self._body = view[_PREAMBLE.size + header.pop("header_length") :]
        if len(self._body) != header["length"]:
            raise _damaged(f"it should hold {header['length']} bytes of sections, not {len(self._body)}")
        if zlib.crc32(self._body) != header["crc32"]:
            raise _damaged("its checksum does not fit its content")
        self._directory: dict[str, tuple[int, int, str]] = header["sections"]
        self.meta: dict[str, Any] = header["meta"]

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def blob(self, name: str) -> memoryview:
        """The bytes of a section. Raises ``ArtefactDamaged`` when there is none of that name."""
        return self._section(name)[0]

    def array(self, name: str) -> NDArray[Any]:
        """A section as the one-dimensional array it was written from."""
        content, kind = self._section(name)
        array: NDArray[Any] = np.frombuffer(content, dtype=np.dtype(kind))
        array.flags.writeable = False
        return array

    def json(self, name: str) -> Any:
        """A section as the JSON value it was written from."""
        return json.loads(bytes(self.blob(name)))

    def _section(self, name: str) -> tuple[memoryview, str]:
        try:
            start, length, kind = self._directory[name]
        except KeyError:
            raise _damaged(f"it has no section '{name}'") from None
        return self._body[start : start + length], kind


def _read_header(view: memoryview) -> dict[str, Any]:
    if len(view) < _PREAMBLE.size:
        raise _damaged("it is too short")
    magic, length, checksum = _PREAMBLE.unpack(view[: _PREAMBLE.size])
    if magic != MAGIC:
        raise _damaged("it does not begin like a catalogue artefact of this version")
    content = bytes(view[_PREAMBLE.size : _PREAMBLE.size + length])
    if len(content) != length or zlib.crc32(content) != checksum:
        raise _damaged("its header is damaged")
    return {**json.loads(content), "header_length": length}


def _damaged(why: str) -> ArtefactDamaged:
    return ArtefactDamaged(f"The catalogue artefact cannot be opened: {why}", detail="Compile it again.")
