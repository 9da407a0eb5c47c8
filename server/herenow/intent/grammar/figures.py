"""Numbers, times and amounts: what the computed classes of the notation read, and what they make of it.

``<number>`` is a figure, a word of a language's ``<numeral …>`` or several of them ("twenty five",
"two hundred"). ``<hour>`` and ``<minute>`` are figures of a clock.
``<time>``, ``<money>``, ``<distance>``
and ``<minutes>`` (and ``<per>``, whose own numbers are no amounts) are
classes that a language writes; their captures are reduced to one value here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from herenow.intent.grammar.trie import NUMERAL, Builtin, Captures, Reducer, Walk

_LONGEST_DISTANCE_M: Final = 500_000
_LONGEST_FIGURE: Final = 12
_TEN: Final = 10
_HUNDRED: Final = 100
_HOURS: Final = 24
_NOON: Final = 12
_MINUTES: Final = 60
_THOUSANDS: Final = 3


class Money(NamedTuple):
    """An amount, in a currency (ISO 4217) when it was told."""

    amount: float
    currency: str | None


class Share(NamedTuple):
    """That an amount is for one person, or for two."""


class Half(NamedTuple):
    """``am`` or ``pm``."""

    name: str


class Minute(NamedTuple):
    """Minutes of a clock."""

    minutes: int


def figure(form: str) -> float | None:
    """The number that a word of figures writes; three digits after a sign part thousands ("1,500")."""
    if not form[:1].isdecimal() or len(form) > _LONGEST_FIGURE:
        return None
    whole, sign, part = form.replace(",", ".").replace("٫", ".").partition(".")
    if not whole.isdecimal() or (sign and not part.isdecimal()):
        return None
    return float(whole + part) if len(part) == _THOUSANDS else float(f"{whole}.{part or 0}")


def _number(walk: Walk, at: int) -> Iterator[tuple[int, float]]:
    if (value := figure(walk.symbols[at])) is not None:
        yield at + 1, value
        yield from _compound(walk, at + 1, value)
        return
    for last, (value,) in walk.members(NUMERAL, at):
        yield last, value
        yield from _compound(walk, last, value)


def _compound(walk: Walk, at: int, before: float) -> Iterator[tuple[int, float]]:
    """What a number says with the numeral after it: "twenty five", "two hundred", "50 thousand"."""
    following = walk.members(NUMERAL, at) if at < len(walk.symbols) else ()
    for last, (value,) in following:
        if value >= _HUNDRED and before < value:
            yield last, before * value
        elif before % _TEN == 0 and 0 < value < _TEN < before:
            yield last, before + value


def _hour(walk: Walk, at: int) -> Iterator[tuple[int, float]]:
    for last, value in _number(walk, at):
        if value <= _HOURS and value == int(value):
            yield last, value


def _minute(walk: Walk, at: int) -> Iterator[tuple[int, Minute]]:
    symbol = walk.symbols[at]
    if len(symbol) == 2 and symbol.isdecimal() and int(symbol) < _MINUTES:
        yield at + 1, Minute(int(symbol))


def _time(captures: Captures) -> str | None:
    """``HH:MM`` of an hour with its minutes and its half of the day; a time that a word names stays."""
    named = next((part for part in captures if isinstance(part, str)), None)
    hour = next((int(part) for part in captures if isinstance(part, float)), None)
    if named is not None or hour is None:
        return named
    minute = next((part.minutes for part in captures if isinstance(part, Minute)), 0)
    half = next((part.name for part in captures if isinstance(part, Half)), None)
    if half is not None and 0 < hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    return f"{hour % _HOURS:02}:{minute:02}"


def _money(captures: Captures) -> Money | None:
    amounts = [part for part in captures if isinstance(part, float)]
    currency = next((part for part in captures if isinstance(part, str)), None)
    return Money(amounts[0], currency) if amounts else None


def _product(captures: Captures) -> float | None:
    """A count of units; a unit alone is one of it."""
    whole = 1.0
    for part in captures:
        whole *= part
    return whole


def _metres(captures: Captures) -> int | None:
    metres = round(_product(captures) or 0)
    return metres if 0 < metres <= _LONGEST_DISTANCE_M else None


def _half(captures: Captures) -> Half:
    return Half(str(captures[0]))


def _share(_: Captures) -> Share:
    return Share()


BUILTINS: Final[Mapping[str, Builtin]] = MappingProxyType(
    {"number": _number, "hour": _hour, "minute": _minute}
)
REDUCERS: Final[Mapping[str, Reducer]] = MappingProxyType(
    {
        "time": _time,
        "said_time": _time,
        "money": _money,
        "distance": _metres,
        "minutes": _product,
        "half": _half,
        "per": _share,
    }
)


def as_value(text: str) -> Any:
    """The value of a class as the notation writes it: a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text
