"""Candidates that are no readings: words without content, parts of proper names, slips in names of places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from herenow.intent import grammar
from herenow.intent.capitals import named_things
from herenow.intent.languages import Language
from herenow.intent.matching import PhraseMatch
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase


def is_silent(match: PhraseMatch, tokens: Sequence[Token], language: Language) -> bool:
    """Whether words without content are taken for a value: German "hat" for hats."""
    if not any(isinstance(each, FacetPhrase) for each in match.meanings):
        return False
    return all(language.is_silent(token.form) for token in tokens[match.first : match.last])


def is_of_tags(match: PhraseMatch, tags: Collection[str]) -> bool:
    """Whether it may only mean values of these facets."""
    return all(isinstance(each, FacetPhrase) and each.facet in tags for each in match.meanings)


def positions_in_names(
    cleaned: str, tokens: Sequence[Token], language: Language, candidates: Sequence[PhraseMatch]
) -> frozenset[int]:
    """Positions within the proper name of something that is not ours: "palace" in "Palace of Holyroodhouse".

    A run of capitals names such a thing when some word of it is unknown, a single word told by its neighbour
    always does.
    """
    if cleaned.islower():
        return frozenset()
    things = named_things(cleaned, tokens)
    if language.nouns_have_capitals:
        things |= named_things(cleaned, tokens, nouns_have_capitals=True)
    if not things:
        return frozenset()
    read = {at for match in candidates if not match.read_as for at in match.positions}
    runs = (run for run in _runs(things) if len(run) == 1 or not read.issuperset(run))
    return frozenset(at for run in runs for at in run)


def outside_places(
    candidates: Sequence[PhraseMatch], tokens: Sequence[Token], language: Language
) -> list[PhraseMatch]:
    """Without guesses at single words of what is said to be a place: "beacon hill" after "in" is no bacon."""
    guesses = [match for match in candidates if match.read_as and match.length == 1]
    if not any(isinstance(each, FacetPhrase) for match in guesses for each in match.meanings):
        return list(candidates)
    typed = {at for match in candidates if not match.read_as for at in match.positions}
    places = grammar.places_named(tokens, language.grammar, typed)
    within = {at for place in places if place.last - place.first > 1 for at in range(place.first, place.last)}
    return [match for match in candidates if match not in guesses or match.first not in within]


def _runs(positions: Iterable[int]) -> Iterator[range]:
    """Positions that follow each other."""
    first = last = -1
    for at in sorted(positions):
        if at != last:
            if last > first:
                yield range(first, last)
            first = at
        last = at + 1
    if last > first:
        yield range(first, last)
