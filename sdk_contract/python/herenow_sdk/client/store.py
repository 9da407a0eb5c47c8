"""Records on disk: whole or absent, and never shown to whom they were not made for (SPEC 14.5)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from herenow_sdk.client.settings import Diagnostics
from herenow_sdk.core.device.cache import NOBODY, opened, sealed
from herenow_sdk.core.device.strict_json import NotStrict, read_object
from herenow_sdk.core.reasons import CacheFault

NOT_WRITTEN: Final = "NOT_WRITTEN"
"""Told when the disk is full or the folder is not the app's."""


class Store:
    """A folder of records. Made when first written to, for its owner alone."""

    def __init__(self, folder: Path, diagnostics: Diagnostics) -> None:
        # An app may change its working directory; what it began there stays where it began.
        self.folder = folder.absolute()
        self._diagnostics = diagnostics

    def read(self, name: str, identity: str = NOBODY) -> bytes | None:
        """The content of a record made for ``identity``; what is damaged or another's is deleted."""
        try:
            record = (self.folder / name).read_bytes()
        except OSError:
            return None
        content = opened(record, identity)
        if isinstance(content, CacheFault):
            self._diagnostics(content.value, {"record": name.partition("-")[0]})
            self.delete(name)
            return None
        return content

    def read_json(self, name: str, identity: str = NOBODY) -> dict[str, Any]:
        """The object that a record holds, empty when there is none."""
        content = self.read(name, identity)
        try:
            return {} if content is None else read_object(content)
        except NotStrict:
            self._diagnostics(CacheFault.CORRUPT.value, {"record": name.partition("-")[0]})
            self.delete(name)
            return {}

    def write(self, name: str, content: bytes, identity: str = NOBODY) -> None:
        """Write aside, flush to the disk, rename into place: a crash leaves the old record.

        Raises ``OSError``.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = self.folder / f"{name}.new"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed(content, identity))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / name)
        _flush_folder(self.folder)

    def write_json(self, name: str, value: Mapping[str, Any], identity: str = NOBODY) -> None:
        """Write an object."""
        self.write(name, json.dumps(value, separators=(",", ":")).encode(), identity)

    def keep_json(self, name: str, value: Mapping[str, Any], identity: str = NOBODY) -> bool:
        """Write an object if the disk allows; whether it did. The app goes on by what is in memory."""
        try:
            self.write_json(name, value, identity)
        except OSError:
            self.tell_unwritten(name)
            return False
        return True

    def tell_unwritten(self, name: str) -> None:
        """Report that a record could not be written, as on a full disk; the old one stands."""
        self._diagnostics(NOT_WRITTEN, {"record": name.partition("-")[0]})

    def delete(self, name: str) -> None:
        """Remove a record, if it is there."""
        with suppress(OSError):
            (self.folder / name).unlink()

    def names(self, prefix: str) -> list[str]:
        """The records whose names begin so, in order."""
        try:
            return sorted(each.name for each in self.folder.iterdir() if each.name.startswith(prefix))
        except OSError:
            return []


def _flush_folder(folder: Path) -> None:
    """The rename itself survives a power cut only once the folder is on disk; not every platform can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
