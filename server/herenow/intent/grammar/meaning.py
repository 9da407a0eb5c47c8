"""From a rule that fits to the wish it says: amounts as bounds, price words as bands, minutes as metres."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from herenow.intent.grammar.compiled import Grammar, Said
from herenow.intent.grammar.figures import Money
from herenow.intent.grammar.model import Kind
from herenow.intent.grammar.trie import Captures
from herenow.intent.model import Bounds, ModifierKind, WishValue

_ABOUT: Final = 0.25
"""How far around "about 20" reaches, of the amount."""
_METRES_A_MINUTE: Final[Mapping[str, int]] = MappingProxyType({"walk": 80, "drive": 500, "away": 400})
"""On foot 4.8 km/h; driving in a town 30 km/h; 24 km/h where the text does not say which."""
_FARTHEST_M: Final = 500_000
_POSITIONS: Final = frozenset({"lowest", "middle", "highest"})


def wish_of(said: Said, captures: Captures, grammar: Grammar) -> tuple[str | None, WishValue] | None:
    """The facet and the value that a rule says; ``None`` when its figures make no sense."""
    read = _READERS.get(said.kind, _told)
    value = read(said.spec, captures)
    if value is _NONSENSE:
        return None
    if said.kind in (ModifierKind.PRICE, ModifierKind.BAND) and isinstance(value, str):
        return _banded(said, value, grammar)
    return grammar.facet_of(said.kind, value), value


class _Nonsense:
    """Marks figures that no wish can be about."""


_NONSENSE: Final[Any] = _Nonsense()


def _banded(said: Said, value: str, grammar: Grammar) -> tuple[str | None, WishValue]:
    facet, _, band = value.partition("=")
    if band:
        return facet, band
    named = grammar.price_band(value) if value in _POSITIONS else None
    return grammar.facet_of(said.kind, value), named or value


def _bounds(spec: str | None, captures: Captures) -> WishValue:
    """Bounds of the amounts captured; a spec without amounts is the value itself."""
    amounts = [_amount(each) for each in captures if isinstance(each, (Money, float))]
    if not amounts:
        return spec
    unit = next(filter(None, map(_currency, captures)), None)
    low, high = amounts[0], amounts[-1]
    match spec:
        case "at_most":
            return Bounds(None, high, unit)
        case "at_least":
            return Bounds(low, None, unit)
        case "about":
            return Bounds(low * (1 - _ABOUT), high * (1 + _ABOUT), unit)
        case _:
            return Bounds(min(low, high), max(low, high), unit)


def _amount(captured: Money | float) -> float:
    return captured.amount if isinstance(captured, Money) else captured


def _currency(captured: object) -> str | None:
    if isinstance(captured, Money):
        return captured.currency
    return captured if isinstance(captured, str) else None


def _distance(spec: str | None, captures: Captures) -> WishValue:
    if spec is not None and spec.isdecimal():
        return int(spec)
    whole = 1.0
    for each in captures:
        whole *= each
    metres = round(whole * _METRES_A_MINUTE.get(spec or "", 1))
    return metres if 0 < metres <= _FARTHEST_M else _NONSENSE


def _party(spec: str | None, captures: Captures) -> WishValue:
    return int(captures[0]) if captures else spec


def _told(spec: str | None, captures: Captures) -> WishValue:
    """The spec and what was captured, as words."""
    return " ".join(str(part) for part in (spec, *captures) if part is not None) or None


_READERS: Final[Mapping[Kind, Callable[[str | None, Captures], Any]]] = MappingProxyType(
    {
        ModifierKind.PRICE: _bounds,
        ModifierKind.RATING: _bounds,
        ModifierKind.DISTANCE: _distance,
        ModifierKind.PARTY: _party,
    }
)
