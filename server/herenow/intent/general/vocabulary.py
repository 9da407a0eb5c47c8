"""The general vocabulary: what the world's languages call places and things.

Two sources, both packaged: OpenStreetMap's id-tagging-schema (``tools/build_general_vocabulary.py`` makes its
file) and everyday words of our own. Words stay packed as they are in the file until somebody asks for a
concept's phrases, since an app needs those of few.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from herenow.intent.general.concepts import Concept, ConceptPhrase, PhraseKind, tags_of
from herenow.intent.general.derived import from_tags, variants, without_idle, without_label
from herenow.intent.general.everyday import NO_RULES, Everyday, read_everyday
from herenow.intent.normalise import words

WEIGHTS: Mapping[PhraseKind, float] = {
    PhraseKind.NAME: 0.9,
    PhraseKind.ALIAS: 0.85,
    PhraseKind.DERIVED: 0.7,
    PhraseKind.TERM: 0.5,
}
"""A term's is divided by the number of concepts that share it."""
NARROWER_WEIGHT = 0.75
"""Of a name that says the concept and something more: "hamburguesería" for burgers."""
IDLE_WEIGHT = 0.6
"""Of a name without its idle word: "coffee" of "coffee shop"."""

FACET_KEYS = frozenset(
    {"cuisine", "sport", "religion", "denomination", "artwork_type", "memorial", "clothes"}
)
"""Keys that tell more about a place; names of the places that they tell about also name them."""

_ENGLISH = "en"
_FORMER = "was"


@dataclass(frozen=True, slots=True)
class _Said:
    """What one language calls a concept: names, aliases, terms."""

    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def outright(self) -> tuple[str, ...]:
        """Names and aliases."""
        return self.names + self.aliases


@dataclass(frozen=True, slots=True, repr=False)
class GeneralVocabulary:
    """Concepts and their phrases."""

    concepts: Mapping[str, Concept]
    languages: tuple[str, ...]
    _packed: Mapping[str, Mapping[str, str]]
    _everyday: Everyday
    _narrower: Mapping[str, tuple[str, ...]]
    _shared: dict[str, Counter[str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> GeneralVocabulary:
        """The packaged vocabulary."""
        data = files("herenow.intent.general").joinpath("_data", "places_and_things.json.xz")
        packed = json.loads(lzma.decompress(data.read_bytes()))["concepts"]
        return cls.of(packed, read_everyday())

    @classmethod
    def of(cls, packed: Mapping[str, Mapping[str, str]], everyday: Everyday) -> GeneralVocabulary:
        """Of words packed as in the file, and everyday words."""
        ids = dict.fromkeys((*packed, *everyday.words))
        concepts = {name: Concept(name, tuple(_parents(name, ids))) for name in ids}
        narrower: dict[str, tuple[str, ...]] = {}
        for concept in concepts.values():
            for parent in concept.parents:
                narrower[parent] = (*narrower.get(parent, ()), concept.id)
        spoken = {word for source in (packed, everyday.words) for said in source.values() for word in said}
        return cls(concepts, tuple(sorted(spoken - {_FORMER})), packed, everyday, narrower)

    def phrases(self, concept: Concept, languages: Iterable[str] | None = None) -> Iterator[ConceptPhrase]:
        """What names the concept, the surest first within a language; all languages unless told."""
        for language in self.languages if languages is None else languages:
            shared = self._sharing(language)
            names = tuple(self._names(concept, language))
            terms = (
                (
                    term,
                    ConceptPhrase(term, language, PhraseKind.TERM, WEIGHTS[PhraseKind.TERM] / shared[term]),
                )
                for term in self._said(concept.id, language).terms
            )
            yield from _surest((*names, *((folded(text), phrase) for text, phrase in terms))).values()

    def names(self, concept: Concept, language: str) -> Mapping[str, ConceptPhrase]:
        """The phrases that are no weak terms, by their folded form."""
        return _surest(self._names(concept, language))

    def _names(self, concept: Concept, language: str) -> Iterator[tuple[str, ConceptPhrase]]:
        said = self._said(concept.id, language)
        forms = list(map(folded, said.outright))
        kinds = [PhraseKind.NAME] * len(said.names) + [PhraseKind.ALIAS] * len(said.aliases)
        for form, text, kind in zip(forms, said.outright, kinds, strict=True):
            yield form, ConceptPhrase(text, language, kind, WEIGHTS[kind])
        for form, weight in self._derived(concept, forms[: len(said.names)], forms, language):
            yield form, ConceptPhrase(form, language, PhraseKind.DERIVED, weight)

    def _derived(
        self, concept: Concept, names: Iterable[str], forms: Iterable[str], language: str
    ) -> Iterator[tuple[str, float]]:
        rules = self._everyday.rules_of(language)
        rests = self._unlabelled(concept, names, language)
        if language == _ENGLISH:
            former = self._packed.get(concept.id, {}).get(_FORMER, "")
            rests += from_tags(concept.id, former.split("|"))
        yield from ((rest, WEIGHTS[PhraseKind.DERIVED]) for rest in rests)
        for form in (*forms, *rests) if rules is not NO_RULES else ():
            yield from ((other, WEIGHTS[PhraseKind.DERIVED]) for other in variants(form, rules))
            yield from ((other, IDLE_WEIGHT) for other in without_idle(form, rules))
        yield from ((name, NARROWER_WEIGHT) for name in self._narrower_names(concept, language))

    def _unlabelled(self, concept: Concept, names: Iterable[str], language: str) -> list[str]:
        """Names without what they say of their own tags, unless a parent is called that."""
        tags = concept.tags
        if len(tags) == 1:
            return []
        labels = [
            folded(label)
            for key, value in tags
            if key in FACET_KEYS
            for label in self._said(f"{key}={value}", language).outright
        ]
        taken = {folded(name) for parent in concept.parents for name in self._said(parent, language).outright}
        rests = (rest for name in names for rest in without_label(name, labels))
        return [rest for rest in rests if rest not in taken]

    def _narrower_names(self, concept: Concept, language: str) -> Iterator[str]:
        tags = concept.tags
        if len(tags) == 1 and tags[0][0] in FACET_KEYS:
            for narrower in self._narrower.get(concept.id, ()):
                yield from map(folded, self._said(narrower, language).outright)

    def _said(self, concept_id: str, language: str) -> _Said:
        columns = self._packed.get(concept_id, {}).get(language, "").split("\t")
        names, aliases, terms = (tuple(filter(None, column.split("|"))) for column in (*columns, "", "")[:3])
        everyday = self._everyday.words.get(concept_id, {}).get(language, ())
        return _Said(names, (*aliases, *everyday), terms)

    def _sharing(self, language: str) -> Counter[str]:
        """How many concepts have a term, counted when a language is first asked for."""
        if language not in self._shared:
            self._shared[language] = Counter(
                term for concept_id in self._packed for term in set(self._said(concept_id, language).terms)
            )
        return self._shared[language]


def _surest(phrases: Iterable[tuple[str, ConceptPhrase]]) -> dict[str, ConceptPhrase]:
    """One phrase a form, the surest first."""
    kept: dict[str, ConceptPhrase] = {}
    for form, phrase in sorted(phrases, key=lambda each: -each[1].weight):
        if form:
            kept.setdefault(form, phrase)
    return kept


def folded(text: str) -> str:
    """Words as they compare."""
    return " ".join(token.form for token in words(text))


def _parents(concept_id: str, ids: Mapping[str, None]) -> Iterator[str]:
    """Concepts of some of its tags, and of any value of its first key."""
    tags = tags_of(concept_id)
    if len(tags) > 1:
        yield from (name for name in (f"{key}={value}" for key, value in tags) if name in ids)
    elif (anything := f"{tags[0][0]}=*") in ids and anything != concept_id:
        yield anything
