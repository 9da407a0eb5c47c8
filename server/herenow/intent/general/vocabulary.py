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

from herenow.intent.general.concepts import Concept, ConceptPhrase, PhraseKind, Tag, tags_of
from herenow.intent.general.derived import from_tags, variants, without_idle, without_label
from herenow.intent.general.everyday import NO_RULES, Everyday, read_everyday
from herenow.intent.normalise import tokenise

WEIGHTS: Mapping[PhraseKind, float] = {
    PhraseKind.NAME: 0.9,
    PhraseKind.ALIAS: 0.85,
    PhraseKind.NARROWER: 0.75,
    PhraseKind.DERIVED: 0.7,
    PhraseKind.TERM: 0.5,
}
"""A term's is divided by the number of concepts that share it."""
LONELY_WEIGHT = 0.3
"""Of a term of one word that has nothing in common with any name of the concept: "dinner" for burgers."""
FACET_KEYS = frozenset(
    {"cuisine", "sport", "religion", "denomination", "artwork_type", "memorial", "clothes"}
)
"""Keys that tell more about a place; names of the places that they tell about also name them."""

_AKIN_LETTERS = 5
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
    def load(cls, everyday: Everyday | None = None) -> GeneralVocabulary:
        """The packaged vocabulary; with everyday words of one's own, if told."""
        data = files("herenow.intent.general").joinpath("_data", "places_and_things.json.xz")
        packed = json.loads(lzma.decompress(data.read_bytes()))["concepts"]
        return cls.of(packed, read_everyday() if everyday is None else everyday)

    @classmethod
    def of(cls, packed: Mapping[str, Mapping[str, str]], everyday: Everyday) -> GeneralVocabulary:
        """Of words packed as in the file, and everyday words."""
        ids = dict.fromkeys((*packed, *everyday.words))
        concepts = {
            name: Concept(name, tuple(_parents(name, ids)), _former(packed.get(name, {}))) for name in ids
        }
        narrower: dict[str, tuple[str, ...]] = {}
        for concept in concepts.values():
            for parent in concept.parents:
                narrower[parent] = (*narrower.get(parent, ()), concept.id)
        spoken = {word for source in (packed, everyday.words) for said in source.values() for word in said}
        return cls(concepts, tuple(sorted(spoken - {_FORMER})), packed, everyday, narrower)

    def phrases(self, concept: Concept, languages: Iterable[str] | None = None) -> Iterator[ConceptPhrase]:
        """What names the concept, the surest first within a language; all languages unless told."""
        for language in self.languages if languages is None else languages:
            phrases = (*self._names(concept, language), *self._terms(concept, language))
            yield from _surest(phrases).values()

    def names(self, concept: Concept, language: str) -> Mapping[str, ConceptPhrase]:
        """The phrases that are no weak terms, by their folded form."""
        return _surest(self._names(concept, language))

    def foreign_names(self, concept: Concept, language: str) -> Iterator[str]:
        """Names and aliases in all languages but one."""
        for other in self.languages:
            if other != language:
                yield from self._said(concept.id, other).outright

    def _names(self, concept: Concept, language: str) -> Iterator[tuple[str, ConceptPhrase]]:
        said = self._said(concept.id, language)
        forms = list(map(folded, said.outright))
        kinds = [PhraseKind.NAME] * len(said.names) + [PhraseKind.ALIAS] * len(said.aliases)
        for form, text, kind in zip(forms, said.outright, kinds, strict=True):
            yield form, ConceptPhrase(text, language, kind, WEIGHTS[kind])
        derived = self._derived(concept, forms[: len(said.names)], forms, language)
        narrower = self._narrower_names(concept, language)
        for kind, more in ((PhraseKind.DERIVED, derived), (PhraseKind.NARROWER, narrower)):
            for form in more:
                yield form, ConceptPhrase(form, language, kind, WEIGHTS[kind])

    def _terms(self, concept: Concept, language: str) -> Iterator[tuple[str, ConceptPhrase]]:
        """Search terms, and names without the word that adds nothing: "coffee" of "coffee shop"."""
        said, shared = self._said(concept.id, language), self._sharing(language)
        forms = list(map(folded, said.outright))
        rules = self._everyday.rules_of(language)
        rests = [rest for form in forms for rest in without_idle(form, rules)]
        for text in (*said.terms, *rests):
            weight = _term_weight(form := folded(text), forms) / max(shared[text], 1)
            yield form, ConceptPhrase(text, language, PhraseKind.TERM, weight)

    def _derived(
        self, concept: Concept, names: Iterable[str], forms: Iterable[str], language: str
    ) -> Iterator[str]:
        rules = self._everyday.rules_of(language)
        rests = self._unlabelled(concept, names, language)
        if language == _ENGLISH:
            rests += from_tags((*_single(concept.tags), *concept.former), forms)
        yield from rests
        for form in (*forms, *rests) if rules is not NO_RULES else ():
            yield from variants(form, rules)

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
        idle = self._everyday.rules_of(language).idle
        return [rest for rest in rests if rest not in taken and rest not in idle]

    def _narrower_names(self, concept: Concept, language: str) -> Iterator[str]:
        yield from map(folded, self._everyday.narrower_than(concept.id, language))
        tags = concept.tags
        if len(tags) == 1 and tags[0][0] in FACET_KEYS:
            for narrower in self._narrower.get(concept.id, ()):
                yield from map(folded, self._said(narrower, language).outright)

    def _said(self, concept_id: str, language: str) -> _Said:
        columns = self._packed.get(concept_id, {}).get(language, "").split("\t")
        names, aliases, terms = (tuple(filter(None, column.split("|"))) for column in (*columns, "", "")[:3])
        everyday = self._everyday.names_of(concept_id, language)
        return _Said(names, (*aliases, *everyday), terms)

    def _sharing(self, language: str) -> Counter[str]:
        """How many concepts have a term, counted when a language is first asked for."""
        if language not in self._shared:
            self._shared[language] = Counter(
                term for concept_id in self._packed for term in set(self._said(concept_id, language).terms)
            )
        return self._shared[language]


def _term_weight(term: str, names: Iterable[str]) -> float:
    """A term of several words is telling, and so is one that shares a word's beginning with a name."""
    if " " in term or not term.isascii():
        return WEIGHTS[PhraseKind.TERM]
    begins = term[:_AKIN_LETTERS]
    is_akin = any(word.startswith(begins) for name in names for word in name.split(" "))
    return WEIGHTS[PhraseKind.TERM] if is_akin else LONELY_WEIGHT


def _surest(phrases: Iterable[tuple[str, ConceptPhrase]]) -> dict[str, ConceptPhrase]:
    """One phrase a form, the surest first."""
    kept: dict[str, ConceptPhrase] = {}
    for form, phrase in sorted(phrases, key=lambda each: -each[1].weight):
        if form:
            kept.setdefault(form, phrase)
    return kept


def folded(text: str) -> str:
    """Words as they compare; of text that is clean, as packaged words are."""
    return " ".join([token.form for token in tokenise(text)])


def _single(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """The tag of a concept that has one; of several none names it alone."""
    return tags if len(tags) == 1 else ()


def _former(said: Mapping[str, str]) -> tuple[Tag, ...]:
    return tuple(tag for old in said.get(_FORMER, "").split("|") if old for tag in tags_of(old))


def _parents(concept_id: str, ids: Mapping[str, None]) -> Iterator[str]:
    """Concepts of some of its tags, and of any value of its first key."""
    tags = tags_of(concept_id)
    if len(tags) > 1:
        yield from (name for name in (f"{key}={value}" for key, value in tags) if name in ids)
    elif (anything := f"{tags[0][0]}=*") in ids and anything != concept_id:
        yield anything
