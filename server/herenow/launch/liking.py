"""Tastes that a backend tells, in the words of the live catalogue.

A profile finds a taste by its value, letter for letter: ``BURGER `` is nobody's burger. So a value is written
as the catalogue writes it, and a facet that it does not have is a fault: nothing would ever be liked by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from herenow.catalog.catalog import Catalog
from herenow.errors import Unavailable
from herenow.folding import fold
from herenow.launch.serving import ServingSets
from herenow.scope import Scope

Tastes = Mapping[str, Mapping[str, float]]
_LONGEST: Final = 40


class Liking:
    """Reads told tastes by what is live; as they are while nothing is published."""

    def __init__(self, serving: ServingSets) -> None:
        self._serving = serving
        self._written: dict[tuple[str, str], Mapping[str, str]] = {}

    def __call__(self, scope: Scope, tastes: Tastes) -> tuple[Tastes, tuple[str, str] | None]:
        """The tastes, and the first fault: where it is, and what was expected."""
        try:
            catalog = self._serving.current(scope).catalog
        except Unavailable:
            return tastes, None
        known = [facet.name for facet in catalog.schema.facets]
        unknown = next((facet for facet in tastes if facet not in known), None)
        if unknown is not None:
            near = get_close_matches(unknown, known, n=1)
            expected = near[0] if near else f"one of: {', '.join(known[:_LONGEST])}"
            return {}, (f"/tastes/{unknown[:_LONGEST]}", f"a facet of app.json, {expected}")
        return {facet: self._as_written(catalog, facet, values) for facet, values in tastes.items()}, None

    def _as_written(self, catalog: Catalog, facet: str, values: Mapping[str, float]) -> dict[str, float]:
        key = catalog.version, facet
        written = self._written.get(key)
        if written is None:
            self._written = {each: kept for each, kept in self._written.items() if each[0] == catalog.version}
            written = self._written[key] = {_folded(each): each for each in _values(catalog, facet)}
        return {written.get(_folded(value), value.strip()): liked for value, liked in values.items()}


def _values(catalog: Catalog, name: str) -> tuple[str, ...]:
    bands = next((facet.bands for facet in catalog.schema.facets if facet.name == name), ())
    return (*catalog.facet_values(name), *(band.name for band in bands or ()))


def _folded(value: str) -> str:
    return " ".join(fold(word) for word in value.split())
