"""What each phrase of a text means: one meaning of those it may have.

A phrase that is both a place and a value of a facet is a place after a preposition that announces one
("in", "near", …) and a value otherwise. Among places of one name the catalogue's own come first, then the
country asked about, then the one with more items. Among facets with a value of one name the one that a cue
announces is meant ("directed by …"), else the surer, else the one of which more items have it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from herenow.intent.cues import Cues, joined
from herenow.intent.languages import Language
from herenow.intent.matching import PhraseMatch
from herenow.intent.model import Source, Span
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase, Meaning, ModifierPhrase, PlacePhrase, StopPhrase, weight_of


@dataclass(frozen=True, slots=True)
class Settled:
    """A match with the one meaning chosen for it.

    ``announced`` says that a preposition of place stands before it, ``excluded`` that the text does not
    want it.
    """

    match: PhraseMatch
    meaning: Meaning
    span: Span
    announced: bool
    excluded: bool = False

    @property
    def weight(self) -> float:
        """How surely it was understood, 0 to 1."""
        return weight_of(self.meaning) * self.match.certainty

    @property
    def is_unwanted(self) -> bool:
        """Whether the text does not want it: what a negated wish ("no chains") denies once more is wanted."""
        negated = isinstance(self.meaning, ModifierPhrase) and self.meaning.negated
        return negated is not self.excluded


@dataclass(frozen=True, slots=True)
class Setting:
    """What a phrase stands among: the tokens, the language, the country, the tokens that are negated."""

    tokens: Sequence[Token]
    language: Language
    cues: Cues
    country: str | None
    negated: Collection[int] = frozenset()

    def settle(self, matches: Iterable[PhraseMatch]) -> tuple[Settled, ...]:
        """One meaning for each match, given in the order of the text."""
        settled: list[Settled] = []
        cued: frozenset[str] = frozenset()
        end = 0
        for match in matches:
            cued = self.cues.around(self.tokens, match.first, match.last, self.language) or (
                cued if joined(self.tokens, end, match.first) else frozenset()
            )
            settled.append(self._settled(match, cued))
            end = match.last
        return tuple(settled)

    def _settled(self, match: PhraseMatch, cued: frozenset[str]) -> Settled:
        announced = self._is_announced(match.first)
        meaning = match.meanings[0]
        if len(match.meanings) > 1:
            meaning = min(match.meanings, key=lambda each: self._rank(each, cued, announced=announced))
        span = self.tokens[match.first].start, self.tokens[match.last - 1].end
        excluded = match.first in self.negated and isinstance(meaning, (FacetPhrase, ModifierPhrase))
        return Settled(match, meaning, span, announced, excluded)

    def _is_announced(self, first: int) -> bool:
        before = first - 1
        while before > 0 and self.tokens[before].form in self.language.articles:
            before -= 1
        return before >= 0 and self.tokens[before].form in self.language.prepositions

    def _rank(
        self, meaning: Meaning, cued: frozenset[str], *, announced: bool
    ) -> tuple[int, float, bool, int]:
        """The smallest is meant; equal facets keep the order in which the app declared them."""
        match meaning:
            case PlacePhrase(place, weight, source):
                other_country = self.country is not None and place.country != self.country
                rank = _ANNOUNCED if announced else _CITY if source is Source.CITY else _PLACE
                return rank, -weight, other_country, -place.items
            case FacetPhrase(facet, _, weight, source, items):
                rank = _ANNOUNCED if facet in cued else _OWN if source in _OF_THE_APP else _WORLDLY
                return rank, -weight, False, -items
            case StopPhrase():
                return _STOP, 0.0, False, 0
            case ModifierPhrase():
                return _WISH, 0.0, False, 0


_ANNOUNCED, _OWN, _STOP, _WORLDLY, _PLACE, _CITY, _WISH = range(7)
"""The app's own words before those it declared to mean nothing, and these before the world's words."""
_OF_THE_APP = frozenset({Source.CATALOG, Source.SYNONYM})
