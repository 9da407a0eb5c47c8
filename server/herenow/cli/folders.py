"""A marketer's folder: which of its files are documents, which app they are of, where its catalogue is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from herenow.authoring.documents import BY_FILE
from herenow.errors import Invalid, NotFound
from herenow.scope import Scope

IGNORED: Final = frozenset(
    {"install.json", "package.json", "package-lock.json", "tsconfig.json", "catalog.mapping.json"}
)
"""JSON beside the documents that is none of them: sample requests, and what tools leave."""
CODE_HEADERS: Final = ("", "code", "codes")
"""Lines of a file of codes that are none."""
_CATALOGS: Final = ("catalog.csv", "catalog.ndjson")
_DOCUMENT_SUFFIXES: Final = (".json", ".geojson")


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """The documents of a folder by file name, unknown JSON files included so that they are reported."""

    path: Path
    files: Mapping[str, bytes]

    @property
    def app(self) -> Mapping[str, Any]:
        """``app.json``, as far as it can be read; empty otherwise."""
        try:
            document = json.loads(self.files.get("app.json", b"{}"))
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    def scope(self, environment: str, app: str | None = None) -> Scope:
        """The pair these documents are for. Raises ``Invalid`` when ``app.json`` names no app."""
        name = app or self.app.get("app")
        if not isinstance(name, str):
            raise Invalid(
                f"{self.path / 'app.json'} does not say which app this is",
                code="UNKNOWN_APP",
                detail='It needs "app": "a-name". `herenow new FOLDER` shows a complete one.',
            )
        return Scope(name, environment)

    @property
    def pools(self) -> Mapping[str, Path]:
        """The files with single-use codes that ``offers.json`` names and the folder has, by offer."""
        try:
            offers = json.loads(self.files.get("offers.json", b"{}"))
        except ValueError:
            return {}
        root = self.path.resolve()
        named = {
            name: (root / pool).resolve()
            for name, offer in offers.items()
            if isinstance(offer, dict) and isinstance(pool := offer.get("code", {}).get("pool"), str)
        }
        return {name: file for name, file in named.items() if file.is_relative_to(root) and file.is_file()}

    @property
    def codes(self) -> Mapping[str, int]:
        """How many codes the files of the pools hold, by offer."""
        return {name: _lines(file) for name, file in self.pools.items()}

    @property
    def catalog(self) -> Path | None:
        """The catalogue beside the documents, when there is one."""
        return next((self.path / name for name in _CATALOGS if (self.path / name).is_file()), None)


def read_folder(path: Path) -> DocumentFolder:
    """Read a folder. Raises ``NotFound`` when it is no folder, or has no document in it."""
    if not path.is_dir():
        raise NotFound(
            f"there is no folder '{path}'", code="NO_FOLDER", detail=f"Make one:  herenow new {path}"
        )
    files = {each.name: each.read_bytes() for each in _documents(path)}
    if not BY_FILE.keys() & files.keys():
        raise NotFound(
            f"there are no documents in '{path}'",
            code="NO_DOCUMENTS",
            detail=f"A folder holds app.json and others: {', '.join(BY_FILE)}.",
        )
    return DocumentFolder(path, files)


def _documents(path: Path) -> Iterator[Path]:
    for each in sorted(path.iterdir()):
        if each.is_file() and each.suffix in _DOCUMENT_SUFFIXES and not _beside(each.name):
            yield each


def _beside(name: str) -> bool:
    return name in IGNORED or name.startswith(".")


def _lines(file: Path) -> int:
    """Lines that hold a code: all but empty ones and the header."""
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        return sum(line.strip().casefold() not in CODE_HEADERS for line in lines)
