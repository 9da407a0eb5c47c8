"""Which text of an item is searched: what phones show of it that is words, and its texts and tags.

Fields that are facets count only as texts and tags: numbers, days and places are asked for in other
ways. Addresses of pictures and pages are no words that anybody searches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from herenow.catalog.columns import Labels
from herenow.catalog.schema import CatalogSchema, FacetType

_LOCALE_MARK: Final = "@"
_ADDRESS_MARK: Final = "://"
_SEARCHED_TYPES: Final = (FacetType.TEXT, FacetType.TAGS)


def searched_texts(
    schema: CatalogSchema, fields: Sequence[bytes], labels: Mapping[str, Labels]
) -> Iterator[str]:
    """One text an item, in the order of ``fields``, in every locale that the item has."""
    titles = frozenset(schema.fields) - frozenset(facet.name for facet in schema.facets)
    told = [_values_by_item(labels[facet.name]) for facet in schema.facets if facet.type in _SEARCHED_TYPES]
    for index, stored in enumerate(fields):
        shown = orjson.loads(stored)
        texts = [text for name in shown if _base(name) in titles for text in _texts(shown[name])]
        yield " ".join([*texts, *(values[index] for values in told)])


def _base(field: str) -> str:
    return field.partition(_LOCALE_MARK)[0]


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else (value,):
        if isinstance(each, str) and _ADDRESS_MARK not in each:
            yield each


def _values_by_item(labels: Labels) -> list[str]:
    sets = [
        " ".join(labels.values[code] for code in labels.sets.row(number).tolist())
        for number in range(len(labels.sets))
    ]
    sets.append("")  # where MISSING, the last, points
    return [sets[number] for number in labels.set_of_item.tolist()]
