"""Years and decades, for apps whose items have a date: "1994", "the 80s", "from the nineties".

Read by the facet with the freshness role, else the only date facet there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from herenow.catalog.schema import CatalogSchema, FacetType, Role
from herenow.intent.languages import Language
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import Token
from herenow.intent.phrases import ModifierPhrase

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DECADE = re.compile(r"((?:1[89]|20)?\d0)(s?)")
_SPOKEN = MappingProxyType(
    {
        "twenties": 1920,
        "thirties": 1930,
        "forties": 1940,
        "fifties": 1950,
        "sixties": 1960,
        "seventies": 1970,
        "eighties": 1980,
        "nineties": 1990,
    }
)
_CENTURY_TURN = 20
"""The "10s" and the "00s" are of this century, the "20s" and later of the last."""


@dataclass(frozen=True, slots=True)
class YearReader:
    """Finds years for ``facet``; without a date facet it finds none."""

    facet: str | None

    @classmethod
    def of(cls, schema: CatalogSchema) -> YearReader:
        """For the dates of an app."""
        fresh = schema.role(Role.FRESHNESS)
        dates = [facet.name for facet in schema.facets if facet.type is FacetType.DATE]
        return cls(fresh.name if fresh else next(iter(dates), None) if len(dates) == 1 else None)

    def find(self, tokens: Sequence[Token], language: Language) -> Iterator[tuple[int, int, ModifierPhrase]]:
        """Token ranges with the year or years they name."""
        if self.facet is None:
            return
        for at, token in enumerate(tokens):
            following = tokens[at + 1].form if at + 1 < len(tokens) else ""
            first = tokens[at - 1].form if at else ""
            if years := _decade(token.form, following, plural=first in language.articles):
                last = at + 2 if following == "s" and token.form.isdigit() else at + 1
                yield at, last, ModifierPhrase(ModifierKind.YEAR, self.facet, years)
            elif _YEAR.fullmatch(token.form):
                yield at, at + 1, ModifierPhrase(ModifierKind.YEAR, self.facet, token.form)


def _decade(form: str, following: str, *, plural: bool) -> str | None:
    """``"1980-1989"`` for "80s", "1980s", "80 s", "the 1980", "eighties"."""
    if form in _SPOKEN:
        return _range(_SPOKEN[form])
    match = _DECADE.fullmatch(form)
    if match is None or not (match[2] or following == "s" or (plural and len(match[1]) == len("1980"))):
        return None
    start = int(match[1])
    if start >= 100:
        return _range(start)
    return _range(start + (1900 if start >= _CENTURY_TURN else 2000))


def _range(start: int) -> str:
    return f"{start}-{start + 9}"
