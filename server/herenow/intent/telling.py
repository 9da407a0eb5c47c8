"""From settled phrases to what an ``Intent`` holds: facets, modifiers, confidence, explanation.

``confidence`` is the mean over content words of how surely each was understood: a facet's or place's
weight tempered by a guessed spelling, 1 for a modifier, 0 for a word not understood. Function words,
request words ("find", "app") and the app's stop words are no content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from herenow.intent.model import Bounds, FacetMatch, Modifier, WishValue
from herenow.intent.normalise import Token
from herenow.intent.phrases import FacetPhrase, ModifierPhrase, PlacePhrase, StopPhrase
from herenow.intent.settling import Settled


def facets_of(understood: Iterable[Settled], *, excluded: bool) -> tuple[FacetMatch, ...]:
    """Each value once, where it is said first and surest; those wanted, or those not wanted."""
    found: dict[tuple[str, str], FacetMatch] = {}
    for phrase in understood:
        if phrase.excluded is not excluded or not isinstance(phrase.meaning, FacetPhrase):
            continue
        meaning, weight = phrase.meaning, round(phrase.weight, 3)
        known = found.get((meaning.facet, meaning.value))
        if known is None or weight > known.weight:
            found[meaning.facet, meaning.value] = FacetMatch(
                meaning.facet, meaning.value, weight, phrase.span, meaning.source
            )
    return tuple(found.values())


def modifiers_of(understood: Iterable[Settled]) -> tuple[Modifier, ...]:
    """In the order of the text."""
    return tuple(
        Modifier(wish.kind, wish.facet, wish.value, phrase.span, phrase.is_unwanted)
        for phrase in understood
        if isinstance(wish := phrase.meaning, ModifierPhrase)
    )


def confidence_of(understood: Iterable[Settled], unparsed: int) -> float:
    """0 to 1; ``unparsed`` counts the words that were not understood."""
    content = [phrase for phrase in understood if not isinstance(phrase.meaning, StopPhrase)]
    words = sum(phrase.match.length for phrase in content) + unparsed
    surety = sum(phrase.match.length * phrase.weight for phrase in content)
    return round(surety / words, 2) if words else 0.0


def explained(
    understood: Iterable[Settled], tokens: Sequence[Token], unparsed: Sequence[str], cleaned: str
) -> tuple[str, ...]:
    """A sentence for each phrase, then one for what was left."""
    told = [_sentence(phrase, cleaned[slice(*phrase.span)]) for phrase in understood]
    if not tokens:
        told.append("there are no words in it")
    elif unparsed:
        told.append("not understood: " + ", ".join(unparsed))
    return tuple(told)


def _sentence(phrase: Settled, words: str) -> str:
    read_as = phrase.match.read_as
    quoted = f'"{words}"' if read_as is None else f'"{words}", read as "{read_as}",'
    match phrase.meaning:
        case FacetPhrase(facet, value, _, source, _):
            return f"{quoted} {'is not to be' if phrase.excluded else 'is'} {facet} {value} ({source})"
        case PlacePhrase(place):
            return f"{quoted} is the place {place.name}"
        case ModifierPhrase(kind, facet, value):
            told = " ".join(str(part) for part in (kind, facet, _in_words(value)) if part)
            return f"{quoted} does not want {told}" if phrase.is_unwanted else f"{quoted} asks for {told}"
        case StopPhrase():
            return f"{quoted} means nothing here"


def _in_words(value: WishValue) -> str | int | float | None:
    if not isinstance(value, Bounds):
        return value
    low, high = ("" if bound is None else f"{bound:g}" for bound in (value.low, value.high))
    return f"{low} to {high} {value.unit or ''}".strip()
