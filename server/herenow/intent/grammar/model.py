"""What the grammar finds: a wish of some kind at some words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from herenow.intent.model import ModifierKind, WishValue


class Asking(StrEnum):
    """What is no wish, though a rule reads it."""

    REQUEST = "request"
    """Words that only ask ("make a reservation at"). They are understood and mean nothing."""


Kind = ModifierKind | Asking


def kind_of(name: str) -> Kind:
    """The kind that a rule names. Raises ``ValueError`` for none."""
    return Asking.REQUEST if name == Asking.REQUEST else ModifierKind(name)


@dataclass(frozen=True, slots=True)
class ModifierMatch:
    """A wish at tokens ``first`` to ``last`` (exclusive).

    ``facet`` is the facet of the app that answers it, ``None`` where the app has none; ``negated`` says
    that the text does not want it.
    """

    first: int
    last: int
    kind: Kind
    facet: str | None = None
    value: WishValue = None
    negated: bool = False
