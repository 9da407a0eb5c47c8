"""What an app declares about its content: columns, facets, their types and their roles.

A catalogue schema is the ``catalog``, ``facets`` and ``locales`` of ``app.json`` and nothing else of it.
Facets are kept in order of name, so that the same declaration in another order is the same schema
with the same digest. A digest that differs from the one an artefact was compiled with means: compile
again from the kept source.

Authoring checks ``app.json`` with pointers and suggestions before it gets here; the checks below are
those without which an artefact could not be compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, TypeVar

from herenow.canonical import canonical_json, digest
from herenow.errors import Invalid

ARTEFACT_FORMAT: Final = 3
"""Raised when the artefact's layout or a formula in it changes; part of every schema digest."""

DEFAULT_RADIUS_M: Final = 2000
RESERVED_FACETS: Final = frozenset({"place", "label", "confidence", "modifiers", "text", "id"})
_Choice = TypeVar("_Choice", bound=StrEnum)
_FACET_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FacetType(StrEnum):
    """How a column is read and what conditions see of it."""

    TAGS = "tags"
    """Several values; conditions see a list."""
    TEXT = "text"
    """One value; conditions see a string."""
    PLACE = "place"
    """One place name, usually with coordinates; conditions see a string."""
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    """A calendar day; conditions see ``YYYY-MM-DD``, whose text order is its time order."""


class Role(StrEnum):
    """What a facet is used for when items are ordered; at most one facet each."""

    QUALITY = "quality"
    POPULARITY = "popularity"
    FRESHNESS = "freshness"
    PRICE = "price"


LABEL_TYPES: Final = frozenset({FacetType.TAGS, FacetType.TEXT, FacetType.PLACE, FacetType.BOOLEAN})
"""Facets whose values are listed and indexed value → items."""

_ROLE_TYPE: Final = {
    Role.QUALITY: FacetType.NUMBER,
    Role.POPULARITY: FacetType.NUMBER,
    Role.FRESHNESS: FacetType.DATE,
    Role.PRICE: FacetType.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Band:
    """A named half-open interval ``low ≤ value < high`` of a number facet; ``None`` is unbounded."""

    name: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class FacetSchema:
    """One facet. ``column`` is where its values stand; ``empty`` a value that means *not stated*.

    ``lat``, ``lon``, ``radius_m`` and ``parent`` (the column or facet of the next larger place, such as
    a city) belong to places; ``bands`` to numbers. ``intent`` says that search text may name its values.
    """

    name: str
    type: FacetType
    column: str
    role: Role | None = None
    empty: str | float | None = None
    intent: bool = False
    bands: tuple[Band, ...] = ()
    lat: str | None = None
    lon: str | None = None
    radius_m: int = DEFAULT_RADIUS_M
    parent: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that this facet reads itself (not its parent's)."""
        return tuple(name for name in (self.column, self.lat, self.lon) if name is not None)

    def as_json(self) -> dict[str, Any]:
        """The declaration, normalised: defaults filled in, what does not apply left out."""
        declared = {
            "type": self.type.value,
            "column": self.column,
            "role": self.role.value if self.role else None,
            "empty": self.empty,
            "intent": self.intent or None,
            "bands": {band.name: [band.low, band.high] for band in self.bands} or None,
            "lat": self.lat,
            "lon": self.lon,
            "radius_m": self.radius_m if self.type is FacetType.PLACE else None,
            "parent": self.parent,
        }
        return {key: value for key, value in declared.items() if value is not None}


@dataclass(frozen=True)
class CatalogSchema:
    """The declared shape of a catalogue.

    ``id_column`` names the column of item ids, ``fields`` what a phone gets of an item (a facet by its
    name, otherwise a column), ``separator`` what stands between tags. The first of ``locales`` is the
    language of columns without a locale suffix.
    """

    id_column: str
    fields: tuple[str, ...]
    separator: str
    locales: tuple[str, ...]
    facets: tuple[FacetSchema, ...]
    _by_name: Mapping[str, FacetSchema] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {facet.name: facet for facet in self.facets})

    @classmethod
    def from_app(cls, document: Mapping[str, Any]) -> CatalogSchema:
        """Read ``app.json``. Raises ``Invalid`` (``INVALID_CATALOG_SCHEMA``) on what cannot be compiled."""
        catalog = _mapping(document.get("catalog", {}), "catalog")
        declared = _mapping(document.get("facets", {}), "facets")
        facets = tuple(_facet(name, _mapping(declared[name], f"facet '{name}'")) for name in sorted(declared))
        _check_roles(facets)
        return cls(
            id_column=_text(catalog.get("id", "id"), "catalog.id"),
            fields=tuple(_text(name, "catalog.fields") for name in catalog.get("fields", ())),
            separator=_text(catalog.get("separator", ";"), "catalog.separator"),
            locales=tuple(document.get("locales") or ("en",)),
            facets=facets,
        )

    def as_json(self) -> dict[str, Any]:
        """The schema as the part of ``app.json`` it was read from; ``from_app`` reads it back."""
        return {
            "catalog": {"id": self.id_column, "fields": list(self.fields), "separator": self.separator},
            "facets": {facet.name: facet.as_json() for facet in self.facets},
            "locales": list(self.locales),
        }

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of the schema and the artefact format: equal digests compile alike."""
        return digest(canonical_json({"format": ARTEFACT_FORMAT, **self.as_json()}))

    def facet(self, name: str) -> FacetSchema | None:
        """The facet called ``name``, if declared."""
        return self._by_name.get(name)

    def role(self, role: Role | str) -> FacetSchema | None:
        """The facet that plays ``role``, if any."""
        return next((facet for facet in self.facets if facet.role == role), None)

    @property
    def located(self) -> FacetSchema | None:
        """The place facet whose ``lat`` and ``lon`` columns locate an item, if any."""
        return next((facet for facet in self.facets if facet.lat and facet.lon), None)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Columns that a file with a header must have: the id and every facet's own."""
        named = {column for facet in self.facets for column in facet.columns}
        return tuple(sorted(named | {self.id_column}))

    def parent_column(self, facet: FacetSchema) -> str | None:
        """The column of the next larger place; ``parent`` may name a facet or a column."""
        if facet.parent is None:
            return None
        other = self.facet(facet.parent)
        return other.column if other else facet.parent


def _facet(name: str, declared: Mapping[str, Any]) -> FacetSchema:
    if not _FACET_NAME.fullmatch(name) or name in RESERVED_FACETS:
        raise _invalid(f"'{name[:60]}' cannot be the name of a facet")
    facet_type = _member(FacetType, declared.get("type"), f"facet '{name}': type")
    role = declared.get("role")
    if (declared.get("lat") is None) != (declared.get("lon") is None):
        raise _invalid(f"facet '{name}' needs both lat and lon, or neither")
    return FacetSchema(
        name=name,
        type=facet_type,
        column=_text(declared.get("column", name), f"facet '{name}': column"),
        role=None if role is None else _member(Role, role, f"facet '{name}': role"),
        empty=declared.get("empty"),
        intent=bool(declared.get("intent", False)),
        bands=_bands(name, _mapping(declared.get("bands", {}), f"facet '{name}': bands")),
        lat=declared.get("lat"),
        lon=declared.get("lon"),
        radius_m=int(declared.get("radius_m", DEFAULT_RADIUS_M)),
        parent=declared.get("parent"),
    )


def _bands(facet: str, declared: Mapping[str, Any]) -> tuple[Band, ...]:
    try:
        bands = [Band(name, *limits) for name, limits in declared.items()]
    except TypeError:
        raise _invalid(f"facet '{facet}': a band is [low, high], either may be null") from None
    return tuple(sorted(bands, key=lambda band: (band.low is not None, band.low or 0.0, band.name)))


def _check_roles(facets: tuple[FacetSchema, ...]) -> None:
    taken: set[Role] = set()
    for facet in facets:
        if facet.role is None:
            continue
        if facet.type is not _ROLE_TYPE[facet.role]:
            raise _invalid(f"facet '{facet.name}': role {facet.role} needs type {_ROLE_TYPE[facet.role]}")
        if facet.role in taken:
            raise _invalid(f"more than one facet has the role {facet.role}")
        taken.add(facet.role)


def _member(enum: type[_Choice], value: Any, where: str) -> _Choice:
    if value not in set(enum):
        raise _invalid(f"{where} is one of: {', '.join(sorted(enum))}")
    return enum(value)


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _invalid(f"{where} must be an object")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _invalid(f"{where} must be a non-empty string")
    return value


def _invalid(title: str) -> Invalid:
    return Invalid(title, code="INVALID_CATALOG_SCHEMA")
