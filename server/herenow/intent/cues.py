"""Words that announce a value of a facet: "directed by …", "starring …".

An app declares them in ``intents.json``, with "…" where the value comes first ("… directed"); a facet's own
name is one without being declared. A cue settles which facet a name is a value of where several have it,
also for the names joined to the first ("starring one and another"). What a cue announces and is no
value of the catalogue is still said to be one: the person asked for somebody whom the app does not have,
which is more than words not understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from herenow.catalog.schema import CatalogSchema
from herenow.intent.languages import Language
from herenow.intent.matching import PhraseMatch
from herenow.intent.model import Source
from herenow.intent.normalise import Token, words
from herenow.intent.phrases import FacetPhrase

NAMED_WEIGHT: Final = 0.5
_LONGEST_CUE: Final = 3
_JOINING: Final = frozenset({"and", "or", "with"})
_VALUE: Final = "…"
_NONE: Final[frozenset[str]] = frozenset()
_Facets = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of an app by their words, and how many words a value of each facet usually has."""

    before_value: _Facets
    after_value: _Facets
    lengths: Mapping[str, int]
    words: frozenset[str]
    """Every word of a cue: it announces, and needs no understanding of its own."""

    @classmethod
    def compile(cls, schema: CatalogSchema, usual_length: Callable[[str], int], declared: Any) -> Cues:
        """From the facets that a search may name and the ``cues`` of ``intents.json``."""
        leading: dict[str, frozenset[str]] = {}
        trailing: dict[str, frozenset[str]] = {}
        names = [facet.name for facet in schema.facets if facet.intent]
        for facet, cue in (*((name, name.replace("_", " ")) for name in names), *_declared(declared)):
            kept = trailing if cue.lstrip().startswith(_VALUE) else leading
            key = " ".join(token.form for token in words(cue))
            if facet in names and key:
                kept[key] = kept.get(key, _NONE) | {facet}
        lengths = {name: usual_length(name) for name in names}
        spoken = frozenset(word for cue in (*leading, *trailing) for word in cue.split(" "))
        return cls(leading, trailing, lengths, spoken)

    def stand_in(self, tokens: Sequence[Token]) -> bool:
        """Whether any word of a cue is among the tokens; of most texts none is."""
        return any(token.form in self.words for token in tokens)

    def around(self, tokens: Sequence[Token], first: int, last: int, language: Language) -> frozenset[str]:
        """The facets that the words right before or right after a stretch announce."""
        if not self.stand_in(tokens):
            return _NONE
        if announced := self._before(tokens, first, language):
            return announced
        for end in range(min(last + _LONGEST_CUE, len(tokens)), last, -1):
            if found := self.after_value.get(" ".join([token.form for token in tokens[last:end]])):
                return found
        return _NONE

    def _before(self, tokens: Sequence[Token], first: int, language: Language) -> frozenset[str]:
        while first > 1 and tokens[first - 1].form in language.articles:
            first -= 1
        for start in range(max(first - _LONGEST_CUE, 0), first):
            if found := self.before_value.get(" ".join([token.form for token in tokens[start:first]])):
                return found
        return _NONE

    def named(
        self, tokens: Sequence[Token], taken: Sequence[PhraseMatch], language: Language
    ) -> Iterator[PhraseMatch]:
        """What is announced and was not understood, as values that the catalogue does not have."""
        if not self.stand_in(tokens):
            return
        starts = {match.first: match.last for match in taken}
        covered = {at for match in taken for at in range(match.first, match.last)}
        bare = [
            at not in covered and not language.is_silent(token.form) and token.form not in self.words
            for at, token in enumerate(tokens)
        ]
        cued, end, at = _NONE, 0, 0
        while at < len(tokens):
            last = starts.get(at, at + 1)
            carried = cued if end < at and joined(tokens, end, at) else _NONE
            announced = self._before(tokens, at, language) or carried
            if announced and bare[at]:
                facet = min(announced)
                last = at + self.lengths[facet]
                if last <= len(tokens) and all(bare[at:last]):
                    yield _said(facet, tokens, at, last)
                else:
                    last, announced = at + 1, _NONE
            if announced or at in starts:
                cued, end = announced, last
            at = last


def joined(tokens: Sequence[Token], end: int, first: int) -> bool:
    """Whether what begins at ``first`` goes on with what ended at ``end``: "one, another and a third"."""
    return 0 < end <= first and all(token.form in _JOINING for token in tokens[end:first])


def _said(facet: str, tokens: Sequence[Token], first: int, last: int) -> PhraseMatch:
    value = " ".join([token.form for token in tokens[first:last]])
    return PhraseMatch(first, last, (FacetPhrase(facet, value, NAMED_WEIGHT, Source.NAMED),))


def _declared(declared: Any) -> Iterator[tuple[str, str]]:
    if isinstance(declared, Mapping):
        for facet, cues in declared.items():
            yield from ((facet, str(cue)) for cue in (cues if isinstance(cues, (list, tuple)) else ()))
