"""Where the readers of published apps come from: compiled once, kept, opened by every worker.

One key in the partition ``<app>#<environment>#intent``, named by what a reader is made of: catalogue version,
``intents.json``, format. It names the blob. Losing either costs a compilation and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import structlog

from herenow.canonical import canonical_json, digest
from herenow.catalog.artefact import ArtefactDamaged
from herenow.catalog.catalog import Catalog
from herenow.intent.compiled import FORMAT, CompiledPhrases
from herenow.intent.reader import Reader
from herenow.intent.tagger.kept import Taggers
from herenow.intent.tagger.suggesting import suggesting
from herenow.intent.world import EARTH, World
from herenow.scope import Scope
from herenow.storage.ports import BlobMissing, Blobs, Documents, Key

_ROOM: Final = "intent"
_log = structlog.get_logger(__name__)


class Readers:
    """Readers by what they are made of, kept in ``documents`` and ``blobs``."""

    def __init__(self, documents: Documents, blobs: Blobs, taggers: Taggers, world: World = EARTH) -> None:
        self._documents = documents
        self._blobs = blobs
        self._taggers = taggers
        self._world = world

    def reader(
        self, scope: Scope, catalog: Catalog, intents: Mapping[str, Any], like: Reader | None = None
    ) -> Reader:
        """The reader of a catalogue and an ``intents.json``, with the tagger that the app has now, if any.

        ``like`` is the reader that was made of the same before; without one it is opened, or compiled when
        nobody has compiled it yet.
        """
        made = like or self._made(scope, catalog, intents)
        tagger = self._taggers.current(scope)
        return made.suggesting(None if tagger is None else suggesting(tagger, catalog.schema))

    def _made(self, scope: Scope, catalog: Catalog, intents: Mapping[str, Any]) -> Reader:
        key = Key(scope.partition(_ROOM), _name(catalog, intents))
        phrases = self._kept(key)
        if phrases is None:
            phrases = CompiledPhrases.compile(catalog, intents)
            self._documents.put_if(key, {"blob": self._blobs.put(phrases.to_bytes())})
        return Reader.of(phrases, catalog.schema, intents, self._world)

    def _kept(self, key: Key) -> CompiledPhrases | None:
        stored = self._documents.get(key)
        if stored is None:
            return None
        try:
            return CompiledPhrases.from_bytes(self._blobs.open(stored.value["blob"]))
        except (ArtefactDamaged, BlobMissing) as error:
            _log.warning("compiling phrases again", partition=key.partition, error=repr(error))
            return None


def _name(catalog: Catalog, intents: Mapping[str, Any]) -> str:
    return digest(canonical_json([FORMAT, catalog.version, intents]))[:40]
