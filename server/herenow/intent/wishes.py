"""The wishes of a text as matches: what the grammar finds, as far as the app can make something of it.

A wish that is answered by a facet counts in full. One that a place may be asked for (parking, a diet, hours)
is kept for apps whose items are places, though no facet answers it: it was understood, and the app's people
should see what is asked for. Any other is left to be words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from herenow.intent.grammar import Asking, ModifierMatch
from herenow.intent.matching import PhraseMatch
from herenow.intent.model import ModifierKind
from herenow.intent.phrases import Meaning, ModifierPhrase, StopPhrase

UNANSWERED_WEIGHT: Final = 0.5
ANSWERED_WEIGHT: Final = 0.99
"""Just below a value of the catalogue that is called the same."""
_SPATIAL: Final = frozenset(
    {
        ModifierKind.DISTANCE,
        ModifierKind.NEAR_ME,
        ModifierKind.AREA,
        ModifierKind.ROUTE,
        ModifierKind.NEAR_SPOT,
        ModifierKind.OPEN_NOW,
    }
)
"""Answered by where the device is and by the clock."""
_OF_PLACES: Final = frozenset(
    {
        ModifierKind.HOURS,
        ModifierKind.DAYPART,
        ModifierKind.DIET,
        ModifierKind.PARTY,
        ModifierKind.AUDIENCE,
        ModifierKind.AMENITY,
    }
)


def wishes(told: Iterable[ModifierMatch], *, located: bool) -> Iterator[PhraseMatch]:
    """Those of the grammar's finds that count; ``located`` when the app's items are places."""
    for match in told:
        meaning = _meaning(match, located=located)
        if meaning is not None:
            yield PhraseMatch(match.first, match.last, (meaning,))


def _meaning(match: ModifierMatch, *, located: bool) -> Meaning | None:
    if match.kind is Asking.REQUEST:
        return StopPhrase()
    if match.facet is None and match.kind not in _SPATIAL and not (located and match.kind in _OF_PLACES):
        return None
    answered = match.facet is not None or match.kind in _SPATIAL
    weight = ANSWERED_WEIGHT if answered else UNANSWERED_WEIGHT
    return ModifierPhrase(match.kind, match.facet, match.value, weight, match.negated)
