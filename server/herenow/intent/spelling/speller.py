"""Correcting what was typed to a word that the app knows.

Only words of four letters and more are corrected, and never one with a digit: a short word is one edit
away from too many others, and a number is what it is. Up to seven letters one edit is forgiven, from
eight on two; two neighbours swapped count as one (optimal string alignment). Among words equally near,
the better differs by a likelier slip of the hand (``slips``, which minds the first letter), weighs more, is
shorter, comes first in order. The caller asks only for words that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from herenow.catalog.artefact import Artefact, write_artefact
from herenow.intent.scripts import is_spaceless
from herenow.intent.spelling.deletes import LONGEST_WORD, DeleteIndex
from herenow.intent.spelling.slips import unlikelihood

SHORTEST_CORRECTED: Final = 4
"""Letters of the shortest word that is corrected by itself."""
TWO_EDITS_FROM: Final = 8
"""Letters from which two edits are forgiven."""
MOST_CANDIDATES: Final = 20
"""Words that are ranked, the heaviest of the nearest."""
MOST_CORRECTIONS: Final = 8

_SHORTEST_TARGET: Final = 3
_RIVALLED: Final = 0.85
"""Of a certainty remains when another word is as near."""
_MOST_REMEMBERED: Final = 2048
"""Answers kept: half a megabyte, and never more however many words are tried."""
_FOLLOWING: Final = 0.9
"""Of a certainty remains for each likelier word before."""


class Correction(NamedTuple):
    """A known word for a typed one: how many edits apart, and how sure that it was meant, 0 to 1."""

    form: str
    distance: int
    certainty: float


class Speller:
    """Words with weights, found by what was typed for them. Threads may share it."""

    def __init__(self, index: DeleteIndex) -> None:
        self._index = index
        self._remembered: dict[str, tuple[Correction, ...]] = {}

    @classmethod
    def compile(cls, vocabulary: Mapping[str, float]) -> Speller:
        """From folded forms and their weights (any positive scale); what cannot be meant is left out."""
        return cls(
            DeleteIndex.compile(
                {
                    form: weight
                    for form, weight in vocabulary.items()
                    if len(form) >= _SHORTEST_TARGET and _is_word(form)
                }
            )
        )

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, form: str) -> bool:
        return form in self._index

    def correct(self, form: str) -> Correction | None:
        """The word most likely meant by ``form``, which must be unknown; ``None`` when none is near."""
        return next(iter(self.candidates(form)), None)

    def candidates(self, form: str) -> tuple[Correction, ...]:
        """The nearest words, at most eight, the likeliest first; all are equally many edits away."""
        return self.near(form) if len(form) >= SHORTEST_CORRECTED else ()

    def near(self, form: str) -> tuple[Correction, ...]:
        """As ``candidates``, but of shorter forms too: for a caller who knows what the word must complete."""
        known = self._remembered.get(form)
        if known is None:
            known = self._near(form)
            # Readers ask for a word more than once, and so do people.
            if len(self._remembered) < _MOST_REMEMBERED and len(form) <= LONGEST_WORD:
                self._remembered[form] = known
        return known

    def _near(self, form: str) -> tuple[Correction, ...]:
        if len(form) > LONGEST_WORD + 2 or not _is_word(form):
            return ()
        return self._within(form, 1) or (self._within(form, 2) if len(form) >= TWO_EDITS_FROM else ())

    def _within(self, form: str, edits: int) -> tuple[Correction, ...]:
        measured = []
        for number in self._index.near(form, edits):
            word = self._index.word(number)
            distance = OSA.distance(form, word, score_cutoff=edits)
            if 0 < distance <= edits:
                measured.append((distance, -self._index.weight(number), word))
        measured.sort()
        nearest = [(weight, word) for distance, weight, word in measured if distance == measured[0][0]]
        return _ranked(form, measured[0][0], nearest[:MOST_CANDIDATES]) if nearest else ()

    def to_bytes(self) -> bytes:
        """The compiled speller; equal vocabularies give equal bytes."""
        texts = bytes(self._index.texts)
        return write_artefact({"kind": "speller"}, {"texts": texts, **self._index.arrays})

    @classmethod
    def from_bytes(cls, content: bytes | memoryview) -> Speller:
        """Open what ``to_bytes`` gave, in place. Raises ``ArtefactDamaged``."""
        artefact = Artefact(memoryview(content))
        arrays = {name: artefact.array(name) for name in DeleteIndex.ARRAYS}
        return cls(DeleteIndex(artefact.blob("texts"), arrays))


def _ranked(form: str, distance: int, words: Iterable[tuple[float, str]]) -> tuple[Correction, ...]:
    """Words equally near, each with its weight negated, the likeliest first."""
    order = [
        (unlikelihood(form, word) if distance == 1 else word[0] != form[0], weight, len(word), word)
        for weight, word in words
    ]
    surety = (1 - distance / (len(form) + 1)) * (_RIVALLED if len(order) > 1 else 1.0)
    return tuple(
        Correction(ranked[-1], distance, round(surety * _FOLLOWING**place, 3))
        for place, ranked in enumerate(sorted(order)[:MOST_CORRECTIONS])
    )


def _is_word(form: str) -> bool:
    """No number, and of a script whose words are told apart by spaces."""
    return not is_spaceless(form) and (form.isalpha() or not any(map(str.isdigit, form)))
