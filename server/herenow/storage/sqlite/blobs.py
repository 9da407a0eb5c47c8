"""The blobs port on a folder: ``ab/cd/abcd…``, one read-only file per digest.

Two levels of 256 folders keep every folder small. A file is written aside, flushed to the disk and
renamed into place, so a reader of any process sees all of it or none. What is read is checked
against its name: a damaged file is reported, never served, and repaired when the content is put again.
"""

from __future__ import annotations

import hashlib
import mmap
from pathlib import Path
from typing import Final

from herenow.canonical import digest as sha256_hex
from herenow.storage import rules
from herenow.storage.ports import BlobCorrupt, BlobMissing
from herenow.storage.sqlite.durability import sync_directory, write_atomically

_STAGING: Final = "incoming"


class FolderBlobs:
    """The blobs port in ``folder``, which is created when missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staging = folder / _STAGING
        self._staging.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._staging.mkdir(mode=0o700, exist_ok=True)

    def put(self, content: bytes) -> str:
        """See ``Blobs.put``."""
        digest = sha256_hex(content)
        path = self._path(digest)
        if not _holds(path, content):
            self._make_folder(path.parent)
            write_atomically(path, content, staging=self._staging)
        return digest

    def get(self, digest: str) -> bytes:
        """See ``Blobs.get``. Raises ``BlobCorrupt`` for a damaged file."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        _verify(digest, content)
        return content

    def open(self, digest: str) -> memoryview:
        """See ``Blobs.open``: mapped, so processes share the pages. Raises as ``get``."""
        try:
            with self._path(digest).open("rb") as file:
                empty = file.seek(0, 2) == 0
                mapped = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        view = memoryview(mapped)
        _verify(digest, view)
        return view

    def exists(self, digest: str) -> bool:
        """See ``Blobs.exists``."""
        return self._path(digest).is_file()

    def _path(self, digest: str) -> Path:
        rules.check_digest(digest)
        return self._folder / digest[:2] / digest[2:4] / digest

    def _make_folder(self, folder: Path) -> None:
        """Make both levels and bring their names to the disk, outermost last."""
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True)
        sync_directory(folder.parent)
        sync_directory(self._folder)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _verify(digest: str, content: bytes | memoryview) -> None:
    if hashlib.sha256(content).hexdigest() != digest:
        raise BlobCorrupt(f"the bytes stored as {digest} are not its content")
