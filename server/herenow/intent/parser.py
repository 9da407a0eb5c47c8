"""Search text to intent: normalise, find phrases, settle what each means, say what is left.

A phrase that is both a place and a value of a facet is a place after a preposition that announces
one ("in", "near", …) and a value otherwise. One place is kept: the one named in most words, then
the surer, then the one after a preposition, then the earlier; its parent named beside it ("bandra,
mumbai") only confirms it, a second place stays unparsed. Among places of one name the catalogue's
own come first, then the country asked about, then the one with more items.

``confidence`` is the mean over content words of how surely each was understood: a facet's or
place's weight, 1 for a modifier, 0 for a word not understood. Function words, request words ("find",
"app") and the app's stop words are no content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from herenow.catalog.schema import DEFAULT_RADIUS_M
from herenow.intent.matching import PhraseMatch, find_phrases
from herenow.intent.model import FacetMatch, Intent, IntentPlace, Modifier, ModifierKind, Span
from herenow.intent.normalise import Token, tokenise
from herenow.intent.phrases import FacetPhrase, Meaning, ModifierPhrase, PlacePhrase, StopPhrase
from herenow.intent.places import KnownPlace, same_name
from herenow.intent.table import PhraseTable
from herenow.text import clean_text

_DEVICE_PLACE_CONFIDENCE = 1.0
_OUTRIGHT = 1.0


def parse(
    text: str,
    table: PhraseTable,
    *,
    near: tuple[int, int] | None = None,
    country: str | None = None,
    locales: Sequence[str] = (),
) -> Intent:
    """What ``text`` means to the app whose table this is. Never raises; time bounded by 200 characters.

    ``near`` is the device's place in microdegrees, used when the text asks for what is near;
    ``country`` an ISO code that settles places of one name; ``locales`` choose the label's language.
    """
    cleaned = clean_text(text)
    tokens = tokenise(cleaned)
    reading = _Reading(cleaned, tokens, table, country)
    settled = tuple(reading.settle(match) for match in find_phrases(tokens, table))
    chosen = _choose_place(settled)
    understood = tuple(phrase for phrase in settled if _is_understood(phrase, chosen))
    facets = _facets(understood)
    modifiers = tuple(_modifiers(understood))
    place = _placed(chosen, modifiers, near, table)
    unparsed = reading.unparsed(understood)
    label = ", ".join(table.label(match.facet, match.value, locales) for match in facets)
    return Intent(
        label=label or None,
        facets=facets,
        place=place,
        modifiers=modifiers,
        unparsed=unparsed,
        confidence=_confidence(understood, len(unparsed)),
        explanation=(*_explained(understood, cleaned), *_explained_rest(tokens, unparsed)),
    )


@dataclass(frozen=True, slots=True)
class _Settled:
    """A match with the one meaning chosen for it; ``announced`` by a preposition of place."""

    match: PhraseMatch
    meaning: Meaning
    span: Span
    announced: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with its tokens and the table it is read by."""

    cleaned: str
    tokens: tuple[Token, ...]
    table: PhraseTable
    country: str | None

    def settle(self, match: PhraseMatch) -> _Settled:
        announced = self._is_announced(match.first)
        meaning = min(match.meanings, key=lambda meaning: self._rank(meaning, announced=announced))
        span = self.tokens[match.first].start, self.tokens[match.last - 1].end
        return _Settled(match, meaning, span, announced)

    def _is_announced(self, first: int) -> bool:
        lexicon, before = self.table.lexicon, first - 1
        while before > 0 and self.tokens[before].form in lexicon.articles:
            before -= 1
        return before >= 0 and self.tokens[before].form in lexicon.place_prepositions

    def _rank(self, meaning: Meaning, *, announced: bool) -> tuple[int, float, bool, int]:
        """The smallest is meant; equal facets keep the order in which the app declared them."""
        match meaning:
            case PlacePhrase(place, weight):
                other_country = self.country is not None and place.country != self.country
                return (0 if announced else 2), -weight, other_country, -place.items
            case FacetPhrase():
                return 1, -meaning.weight, False, 0
            case StopPhrase():
                return 3, 0.0, False, 0
            case ModifierPhrase():
                return 4, 0.0, False, 0

    def unparsed(self, understood: Iterable[_Settled]) -> tuple[str, ...]:
        read = {
            position for phrase in understood for position in range(phrase.match.first, phrase.match.last)
        }
        lexicon = self.table.lexicon
        return tuple(
            self.cleaned[token.start : token.end]
            for position, token in enumerate(self.tokens)
            if position not in read and not lexicon.is_silent(token.form)
        )


def _choose_place(settled: Sequence[_Settled]) -> _Settled | None:
    named = [phrase for phrase in settled if isinstance(phrase.meaning, PlacePhrase)]
    if len(named) < 2:
        return next(iter(named), None)
    parents = [_place_of(phrase).parent for phrase in named]
    inner = [phrase for phrase in named if not _is_one_of(_place_of(phrase).name, parents)]
    return min(inner or named, key=_place_preference)


def _place_preference(phrase: _Settled) -> tuple[int, float, bool, int]:
    return -phrase.match.length, -_weight(phrase.meaning), not phrase.announced, phrase.match.first


def _is_understood(phrase: _Settled, chosen: _Settled | None) -> bool:
    """Everything but a second place that is not the chosen one's parent."""
    if chosen is None or phrase is chosen or not isinstance(phrase.meaning, PlacePhrase):
        return True
    return _is_one_of(_place_of(phrase).name, [_place_of(chosen).parent])


def _is_one_of(name: str, parents: Iterable[str | None]) -> bool:
    return any(parent is not None and same_name(name, parent) for parent in parents)


def _place_of(phrase: _Settled) -> KnownPlace:
    if not isinstance(phrase.meaning, PlacePhrase):
        raise TypeError(f"{phrase.meaning} is not a place")
    return phrase.meaning.place


def _facets(understood: Iterable[_Settled]) -> tuple[FacetMatch, ...]:
    """Each value once, where it is said first and surest."""
    found: dict[tuple[str, str], FacetMatch] = {}
    for phrase in understood:
        match phrase.meaning:
            case FacetPhrase(facet, value, weight, source):
                known = found.get((facet, value))
                if known is None or weight > known.weight:
                    found[facet, value] = FacetMatch(facet, value, weight, phrase.span, source)
    return tuple(found.values())


def _modifiers(understood: Iterable[_Settled]) -> Iterable[Modifier]:
    for phrase in understood:
        match phrase.meaning:
            case ModifierPhrase(kind, facet, value):
                yield Modifier(kind, facet, value, phrase.span)


def _placed(
    chosen: _Settled | None,
    modifiers: Sequence[Modifier],
    near: tuple[int, int] | None,
    table: PhraseTable,
) -> IntentPlace | None:
    """The named place, else the device's when the text asks for what is near; as wide as asked."""
    reach = next(
        (int(wish.value) for wish in modifiers if wish.kind is ModifierKind.DISTANCE and wish.value), None
    )
    place = _named_place(chosen)
    if place is None and near is not None:
        asked = next((wish for wish in modifiers if wish.kind in _RELATIVE), None)
        place = None if asked is None else _device_place(near, asked.span, table)
    return place if place is None or reach is None else replace(place, radius_m=reach)


_RELATIVE = frozenset({ModifierKind.NEAR_ME, ModifierKind.DISTANCE})


def _named_place(chosen: _Settled | None) -> IntentPlace | None:
    if chosen is None:
        return None
    known = _place_of(chosen)
    return IntentPlace(
        known.name,
        known.facet,
        known.values,
        known.lat_e6,
        known.lon_e6,
        known.radius_m,
        _weight(chosen.meaning),
        chosen.span,
    )


def _device_place(near: tuple[int, int], span: Span, table: PhraseTable) -> IntentPlace:
    around = table.place_around(*near)
    return IntentPlace(
        around.name if around else None,
        None,
        (),
        *near,
        radius_m=DEFAULT_RADIUS_M,
        confidence=_DEVICE_PLACE_CONFIDENCE,
        span=span,
    )


def _confidence(understood: Iterable[_Settled], unparsed: int) -> float:
    content = [phrase for phrase in understood if not isinstance(phrase.meaning, StopPhrase)]
    words = sum(phrase.match.length for phrase in content) + unparsed
    surety = sum(phrase.match.length * _weight(phrase.meaning) for phrase in content)
    return round(surety / words, 2) if words else 0.0


def _weight(meaning: Meaning) -> float:
    return meaning.weight if isinstance(meaning, (FacetPhrase, PlacePhrase)) else _OUTRIGHT


def _explained(understood: Iterable[_Settled], cleaned: str) -> Iterable[str]:
    for phrase in understood:
        quoted = cleaned[slice(*phrase.span)]
        match phrase.meaning:
            case FacetPhrase(facet, value, _, source):
                yield f'"{quoted}" is {facet} {value} ({source})'
            case PlacePhrase(place):
                yield f'"{quoted}" is the place {place.name}'
            case ModifierPhrase(kind, facet, value):
                yield f'"{quoted}" asks for ' + " ".join(str(part) for part in (kind, facet, value) if part)
            case StopPhrase():
                yield f'"{quoted}" means nothing here'


def _explained_rest(tokens: Sequence[Token], unparsed: Sequence[str]) -> Iterable[str]:
    if not tokens:
        yield "there are no words in it"
    elif unparsed:
        yield "not understood: " + ", ".join(unparsed)
