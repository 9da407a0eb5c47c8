"""The fitted tagger of one app, and its file.

The file is a container with a checksum (``catalog.artefact``): what the tagger was trained on and how it did,
and the weights. ``FORMAT`` names the features that the model expects; a model of others is refused,
since it would not fail but guess.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from herenow.canonical import digest
from herenow.catalog.artefact import Artefact, ArtefactDamaged, write_artefact
from herenow.intent.tagger.chain import Chain
from herenow.intent.tagger.features import features_of
from herenow.intent.tagger.knowing import Known
from herenow.intent.tagger.spans import spans_of

FORMAT: Final = 1
"""Raised when a feature or a hint changes."""
_KIND: Final = "tagger"


class TaggerDamaged(ArtefactDamaged):
    """The bytes are no tagger that can be used here."""

    default_code = "TAGGER_DAMAGED"


class Tagged(NamedTuple):
    """Tokens ``first`` to ``last`` (exclusive) say something of a slot, as likely as ``probability``."""

    first: int
    last: int
    slot: str
    probability: float


@dataclass(frozen=True, slots=True, repr=False)
class Tagger:
    """Finds spans of ``slots``, those in which it was better than the table alone."""

    chain: Chain
    slots: frozenset[str]
    facts: dict[str, Any]
    """Kept with it and told to whoever asks (JSON)."""

    def tag(self, known: Known) -> list[Tagged]:
        """The spans of a search, in its order; of a span the least likely token counts."""
        if not known.tokens:
            return []
        reading = self.chain.read(features_of(known.tokens, known.hints))
        spans = [span for span in spans_of(reading.labels) if span.slot in self.slots]
        if not spans:
            return []
        likely = reading.likely()
        return [
            Tagged(span.first, span.last, span.slot, min(likely[span.first : span.last])) for span in spans
        ]

    def to_bytes(self) -> bytes:
        """Equal taggers give equal bytes."""
        meta = {"kind": _KIND, "format": FORMAT, "slots": sorted(self.slots), "facts": self.facts}
        return write_artefact(meta, self.chain.sections())

    @property
    def version(self) -> str:
        """Names the content."""
        return f"t-{digest(self.to_bytes())[:12]}"

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> Tagger:
        """Open what ``to_bytes`` gave. Raises ``ArtefactDamaged`` for anything else.

        Of another format it is a ``TaggerDamaged``.
        """
        artefact = Artefact(memoryview(content))
        meta = artefact.meta
        if meta.get("kind") != _KIND or meta.get("format") != FORMAT:
            raise _unusable("it holds no tagger of this version")
        try:
            return cls(Chain.of(artefact), frozenset(meta["slots"]), meta["facts"])
        except (zlib.error, ValueError, KeyError) as error:
            raise _unusable("its model cannot be opened") from error


def _unusable(why: str) -> TaggerDamaged:
    return TaggerDamaged(f"This is no tagger: {why}", detail="Train it again:  herenow intent train FILE.tsv")
