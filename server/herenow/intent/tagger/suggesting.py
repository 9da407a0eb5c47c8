"""From tagged spans to matches that a reader can settle with its own.

A span of a facet's slot is a value that the catalogue does not name, as words after a cue are; it is found by
full text. A span of a wish that says all by its kind ("near me") is that wish. Other spans say where
something stands and not what it is, so they are left. What the table has read is not read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from herenow.catalog.schema import CatalogSchema, FacetType
from herenow.intent.languages import Language
from herenow.intent.matching import PhraseMatch
from herenow.intent.model import ModifierKind, Source
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase, Meaning, ModifierPhrase
from herenow.intent.reader import Found, Suggest
from herenow.intent.tagger.knowing import Known, hints_of
from herenow.intent.tagger.tagger import Tagged, Tagger

_NAMED: Final = frozenset({FacetType.TAGS, FacetType.TEXT})
LEAST_LIKELY: Final = 0.5
"""A span is taken when it is likelier than not."""
_SAY_ALL: Final = frozenset(
    {
        ModifierKind.AREA,
        ModifierKind.FRESHNESS,
        ModifierKind.NEAR_ME,
        ModifierKind.OPEN_NOW,
        ModifierKind.POPULARITY,
        ModifierKind.RATING,
        ModifierKind.ROUTE,
    }
)
"""The kinds whose wishes need no value."""


def suggesting(tagger: Tagger, schema: CatalogSchema) -> Suggest:
    """What an app's reader asks the tagger for."""
    facets = frozenset(facet.name for facet in schema.facets if facet.type in _NAMED)

    def suggest(cleaned: str, found: Found, language: Language) -> Iterator[PhraseMatch]:
        hints = tuple(hints_of(cleaned, found.tokens, found.matches, language))
        return suggested(tagger.tag(Known(found.tokens, hints)), found.tokens, found.matches, facets)

    return suggest


def suggested(
    tagged: Iterable[Tagged],
    tokens: Sequence[Token],
    taken: Iterable[PhraseMatch],
    facets: Collection[str],
) -> Iterator[PhraseMatch]:
    """Matches beside those ``taken``, as sure as the tagger is; ``facets`` are those of text and tags."""
    covered = {at for match in taken for at in range(match.first, match.last)}
    for each in tagged:
        meaning = _meaning(each, tokens, facets)
        is_bare = covered.isdisjoint(range(each.first, each.last))
        if meaning is not None and is_bare and each.probability >= LEAST_LIKELY:
            yield PhraseMatch(each.first, each.last, (meaning,))


def _meaning(tagged: Tagged, tokens: Sequence[Token], facets: Collection[str]) -> Meaning | None:
    weight = round(tagged.probability, 3)
    if tagged.slot in facets:
        value = " ".join(token.form for token in tokens[tagged.first : tagged.last])
        return FacetPhrase(tagged.slot, value, weight, Source.NAMED)
    if tagged.slot in _SAY_ALL:
        return ModifierPhrase(ModifierKind(tagged.slot), weight=weight)
    return None
