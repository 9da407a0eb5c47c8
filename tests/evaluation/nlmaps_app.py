"""The product's parser as a reader of questions: an app whose catalogue has a value for every concept.

No app has so broad a catalogue; here each word of the vocabulary has its value, as the questions need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.evaluation.nlmaps_questions import Tag

from herenow.catalog.schema import CatalogSchema
from herenow.intent import general
from herenow.intent.parser import parse
from herenow.intent.reader import Reader

FACET = "kind"
APP: dict[str, Any] = {
    "facets": {
        FACET: {"type": "tags", "column": "kinds", "intent": True},
        "area": {"type": "place", "column": "area", "lat": "lat", "lon": "lon", "intent": True},
    }
}
SAYS_NOTHING = frozenset({"*", "yes"})


@dataclass(frozen=True, slots=True)
class Kinds:
    """A catalogue that has one item of every kind, nowhere."""

    schema: CatalogSchema
    tags: dict[str, frozenset[Tag]]
    places: tuple[()] = ()

    def facet_values(self, name: str) -> Sequence[str]:
        """The kinds."""
        return tuple(self.tags) if name == FACET else ()

    def items_of(self, facet: str, value: str) -> int:
        """One of each."""
        return int(facet == FACET and value in self.tags)


def catalogue_of_kinds(languages: Sequence[str]) -> Kinds:
    """A value for each concept, its English name; values of one name are one."""
    tags: dict[str, set[Tag]] = defaultdict(set)
    for concept in general.all_concepts():
        name = next((phrase.text for phrase in general.phrases(concept, ["en"])), None)
        if name is not None:
            tags[name].update(tag for tag in concept.tags if tag[1] not in SAYS_NOTHING)
    for name, meant in tags.items():
        meant.update(tag for other in general.named(name) for tag in other.tags if tag[1] not in SAYS_NOTHING)
    schema = CatalogSchema.from_app({**APP, "locales": list(languages)})
    return Kinds(schema, {name: frozenset(meant) for name, meant in tags.items()})


def parsed_by_app(language: str) -> Callable[[str], frozenset[Tag]]:
    """From a question to the tags of the values that the parser finds in it."""
    kinds = catalogue_of_kinds([language])
    reader = Reader.compile(kinds, {})

    def understand(text: str) -> frozenset[Tag]:
        intent = parse(text, reader, locales=[language])
        return frozenset(
            tag for match in intent.facets if match.facet == FACET for tag in kinds.tags[match.value]
        )

    return understand
