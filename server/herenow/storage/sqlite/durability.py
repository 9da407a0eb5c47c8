"""Making files survive a power cut: content first, then the directory that names them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def sync_directory(folder: Path) -> None:
    """Bring the names in ``folder`` to the disk; does nothing where folders cannot be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes, *, staging: Path) -> None:
    """Put ``content`` at ``path``: afterwards it is there whole and durable, or not at all.

    ``staging`` is a folder of the same file system for the bytes on their way.
    """
    handle, name = tempfile.mkstemp(dir=staging)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
    sync_directory(path.parent)
