"""The one place that a search is about.

One place is kept: the one named in most words, then the surer, then the one after a preposition, then the
earlier; its parent named beside it ("bandra, mumbai") only confirms it, a second place stays not
understood. Without a named place a text that asks for what is near means the device's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from herenow.catalog.schema import DEFAULT_RADIUS_M
from herenow.intent.model import IntentPlace, Modifier, ModifierKind, PlaceAlternative, Span
from herenow.intent.phrases import PlacePhrase
from herenow.intent.places import KnownPlace, same_name
from herenow.intent.settling import Settled
from herenow.intent.table import PhraseTable

_DEVICE_PLACE_CONFIDENCE = 1.0
_RELATIVE = frozenset({ModifierKind.NEAR_ME, ModifierKind.DISTANCE, ModifierKind.AREA})


def choose_place(settled: Sequence[Settled]) -> Settled | None:
    """The phrase whose place is meant, if any names one."""
    named = [phrase for phrase in settled if isinstance(phrase.meaning, PlacePhrase)]
    if len(named) < 2:
        return next(iter(named), None)
    parents = [_place_of(phrase).parent for phrase in named]
    inner = [phrase for phrase in named if not _is_one_of(_place_of(phrase).name, parents)]
    return min(inner or named, key=_preference)


def is_understood(phrase: Settled, chosen: Settled | None) -> bool:
    """Everything but a second place that is not the chosen one's parent."""
    if chosen is None or phrase is chosen or not isinstance(phrase.meaning, PlacePhrase):
        return True
    return _is_one_of(_place_of(phrase).name, [_place_of(chosen).parent])


def placed(
    chosen: Settled | None,
    modifiers: Sequence[Modifier],
    near: tuple[int, int] | None,
    table: PhraseTable,
) -> IntentPlace | None:
    """The named place, else the device's when the text asks for what is near; as wide as asked."""
    distances = (wish.value for wish in modifiers if wish.kind is ModifierKind.DISTANCE)
    reach = next((value for value in distances if isinstance(value, int)), None)
    place = None if chosen is None else _named_place(chosen)
    if place is None and near is not None:
        asked = next((wish for wish in modifiers if wish.kind in _RELATIVE), None)
        place = None if asked is None else _device_place(near, asked.span, table)
    return place if place is None or reach is None else replace(place, radius_m=reach)


def _preference(phrase: Settled) -> tuple[int, float, bool, int]:
    return -phrase.match.length, -phrase.weight, not phrase.announced, phrase.match.first


def _is_one_of(name: str, parents: Iterable[str | None]) -> bool:
    return any(parent is not None and same_name(name, parent) for parent in parents)


def _place_of(phrase: Settled) -> KnownPlace:
    return _place_meant(phrase).place


def _place_meant(phrase: Settled) -> PlacePhrase:
    if not isinstance(phrase.meaning, PlacePhrase):
        raise TypeError(f"{phrase.meaning} is not a place")
    return phrase.meaning


def _named_place(chosen: Settled) -> IntentPlace:
    meaning = _place_meant(chosen)
    known = meaning.place
    others = [*_other_places(chosen, known), *meaning.passed_over]
    return IntentPlace(
        known.name,
        known.facet,
        known.values,
        known.lat_e6,
        known.lon_e6,
        known.radius_m,
        round(chosen.weight, 3),
        chosen.span,
        meaning.source,
        tuple(PlaceAlternative(place.name, place.lat_e6, place.lon_e6) for place in others),
    )


def _other_places(chosen: Settled, meant: KnownPlace) -> list[KnownPlace]:
    """What the same words could also name, the likeliest first."""
    meanings = [meaning for meaning in chosen.match.meanings if isinstance(meaning, PlacePhrase)]
    meanings.sort(key=lambda meaning: (-meaning.weight, -meaning.place.items))
    return [meaning.place for meaning in meanings if meaning.place != meant]


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
