"""The rules of an app: those of its languages, with the facets that answer them.

Compiled once; safe to share between threads. A kind of wish is answered by the facet with that role
(price, quality, popularity, freshness), a wish for a thing (``outdoor_seating``) by the facet of that
name. Bands of numbers are wishes under their own names too ("short films").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from herenow.catalog.schema import CatalogSchema, FacetSchema, FacetType, Role
from herenow.intent.grammar.figures import BUILTINS, REDUCERS, as_value
from herenow.intent.grammar.model import Kind, kind_of
from herenow.intent.grammar.notation import ClassOf, Pattern, Rule, WordClass, read
from herenow.intent.grammar.trie import FIGURE, NO_VALUE, NUMERAL, Forest, Node
from herenow.intent.lexicon import Lexicon
from herenow.intent.model import ModifierKind
from herenow.intent.normalise import words

_ROLE_OF_KIND: Final = MappingProxyType(
    {
        ModifierKind.RATING: Role.QUALITY,
        ModifierKind.POPULARITY: Role.POPULARITY,
        ModifierKind.FRESHNESS: Role.FRESHNESS,
    }
)
_NAMED_BY_VALUE: Final = frozenset({ModifierKind.DIET, ModifierKind.AUDIENCE, ModifierKind.AMENITY})
_PRICE_NAMES: Final = frozenset({"price", "cost", "fare", "rent", "fee"})
_SHORTEST_BAND_NAME: Final = 4
_NEEDED: Final = (
    *(NUMERAL, "not", "not_after", "degree", "break", "or"),
    *("street", "place_end", "place_before", "maybe_before", "venue", "eatery", "lead", "idle"),
)
"""Classes that the program asks for itself; a language may leave them empty."""


class Said(NamedTuple):
    """What a rule says when it fits."""

    kind: Kind
    spec: str | None
    negated: bool


@dataclass(frozen=True, slots=True, repr=False)
class Grammar:
    """Compiled rules. ``forms`` are all words they know, stems of plurals included."""

    lexicons: tuple[Lexicon, ...]
    forest: Forest
    forms: frozenset[str]
    silent: frozenset[str]
    prepositions: frozenset[str]
    articles: frozenset[str]
    frames: Node
    _price: FacetSchema | None
    _facets: Mapping[Kind, str]
    _by_words: Mapping[str, str]

    @classmethod
    def compile(cls, schema: CatalogSchema, lexicons: Sequence[Lexicon]) -> Grammar:
        """For the facets of an app and languages, the first of which comes first where words agree."""
        texts = [read(lexicon.rules) for lexicon in lexicons]
        classes = [each for told, _ in texts for each in told]
        rules = [each for _, told in texts for each in told]
        forest = _forest(schema, classes, [rule for rule in rules if rule.kind != "frame"])
        return cls(
            lexicons=tuple(lexicons),
            forest=forest,
            forms=frozenset(_forms(rules, classes)),
            silent=frozenset[str]().union(*(one.function_words | one.request_words for one in lexicons)),
            prepositions=frozenset[str]().union(*(one.place_prepositions for one in lexicons)),
            articles=frozenset[str]().union(*(one.articles for one in lexicons)),
            frames=_tree((rule.patterns, rule.spec) for rule in rules if rule.kind == "frame"),
            _price=next((facet for facet in schema.facets if facet.bands and _is_price(facet)), None),
            _facets=_role_facets(schema),
            _by_words={facet.name: facet.name for facet in schema.facets},
        )

    def facet_of(self, kind: Kind, value: object) -> str | None:
        """The facet that answers a wish, if the app has one."""
        if kind is ModifierKind.PRICE:
            return self._facets.get(kind)
        if kind is ModifierKind.BAND:
            return None
        return self._by_words.get(str(value)) if kind in _NAMED_BY_VALUE else self._facets.get(kind)

    def price_band(self, position: str) -> str | None:
        """The name of the ``lowest``, ``middle`` or ``highest`` band of prices, if it exists."""
        bands = () if self._price is None else self._price.bands
        if not bands or (position == "middle" and len(bands) < 3):
            return None
        return {"lowest": bands[0], "middle": bands[len(bands) // 2], "highest": bands[-1]}[position].name


def _role_facets(schema: CatalogSchema) -> Mapping[Kind, str]:
    by_role = {kind: schema.role(role) for kind, role in _ROLE_OF_KIND.items()}
    price = next((facet for facet in schema.facets if _is_price(facet)), None)
    known = {**by_role, ModifierKind.PRICE: price}
    return {kind: facet.name for kind, facet in known.items() if facet is not None}


def _is_price(facet: FacetSchema) -> bool:
    if facet.type is not FacetType.NUMBER:
        return False
    return facet.role is Role.PRICE or not _PRICE_NAMES.isdisjoint(facet.name.split("_"))


def _forest(schema: CatalogSchema, classes: Sequence[WordClass], rules: Iterable[Rule]) -> Forest:
    by_name: dict[str, Node] = {name: Node() for name in _NEEDED}
    for told in classes:
        node = by_name.setdefault(told.name, Node())
        for pattern in told.patterns:
            node.add(pattern, NO_VALUE if told.value is None else as_value(told.value))
    tree = Node()
    for rule in rules:
        said = Said(kind_of(rule.kind), rule.spec, rule.negated)
        for pattern in rule.patterns:
            tree.add(pattern, said)
    for pattern, said in _band_rules(schema):
        tree.add(pattern, said)
    openers = _openers(by_name)
    figured = frozenset(name for name, words_ in openers.items() if FIGURE in words_)
    return Forest(tree, by_name, openers, figured, BUILTINS, REDUCERS)


def _band_rules(schema: CatalogSchema) -> Iterator[tuple[Pattern, Said]]:
    """The bands of numbers under their own names; ``spec`` is facet and band."""
    for facet in schema.facets:
        kind = ModifierKind.PRICE if _is_price(facet) else ModifierKind.BAND
        for band in facet.bands:
            if len(band.name) >= _SHORTEST_BAND_NAME:
                pattern = tuple(token.stem for token in words(band.name.replace("_", " ")))
                yield pattern, Said(kind, f"{facet.name}={band.name}", negated=False)


def _tree(told: Iterable[tuple[tuple[Pattern, ...], Any]]) -> Node:
    tree = Node()
    for patterns, end in told:
        for pattern in patterns:
            tree.add(pattern, end)
    return tree


def _openers(classes: Mapping[str, Node]) -> Mapping[str, frozenset[str]]:
    """For each class the words it may begin with, and ``FIGURE`` where a figure may begin it."""
    known: dict[str, frozenset[str]] = {"minute": frozenset({FIGURE})}

    def openers(name: str, within: tuple[str, ...] = ()) -> frozenset[str]:
        if name in within:
            raise ValueError(f"the word class <{name}> begins with itself")
        if name not in known:
            node = classes[NUMERAL if name in BUILTINS else name]
            further = [openers(inner, (*within, name)) for inner in node.classes]
            own = {*node.words, FIGURE} if name in BUILTINS else node.words
            known[name] = frozenset(own).union(*further)
        return known[name]

    for name in (*classes, *BUILTINS):
        openers(name)
    return known


def _forms(rules: Iterable[Rule], classes: Iterable[WordClass]) -> Iterator[str]:
    patterns = [*(each.patterns for each in rules), *(each.patterns for each in classes)]
    for pattern in (pattern for several in patterns for pattern in several):
        yield from (element for element in pattern if not isinstance(element, ClassOf))
