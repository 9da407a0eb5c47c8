"""Everyday words of our own beside the schema's: what people call places when they look for one.

The file is meant to be read and corrected by hand; it says itself how it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from herenow.intent.normalise import fold

Words = tuple[str, ...]

_ALIKE, _VERBS, _IDLE = "=", ">", "-"
_NARROWER = "<"


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """How names of one language vary; all words folded.

    ``alike`` are sets of words that may stand for each other, ``verbs`` lead from a noun of doing to its
    verb, ``idle`` words add nothing to the name that they begin or end.
    """

    alike: tuple[Words, ...]
    verbs: tuple[tuple[str, str], ...]
    idle: frozenset[str]


NO_RULES = LanguageRules((), (), frozenset())


@dataclass(frozen=True, slots=True)
class Everyday:
    """The file: words by concept and language, rules by language."""

    words: Mapping[str, Mapping[str, Words]]
    rules: Mapping[str, LanguageRules]

    def names_of(self, concept_id: str, language: str) -> Words:
        """What names a concept."""
        said = self.words.get(concept_id, {}).get(language, ())
        return tuple(word for word in said if not word.startswith(_NARROWER))

    def narrower_than(self, concept_id: str, language: str) -> Words:
        """What says a concept and something more: "karate" of martial arts."""
        said = self.words.get(concept_id, {}).get(language, ())
        return tuple(word[1:].strip() for word in said if word.startswith(_NARROWER))

    def rules_of(self, language: str) -> LanguageRules:
        """Those of a language; none for one that the file says nothing about."""
        return self.rules.get(language, NO_RULES)


def read_everyday() -> Everyday:
    """The packaged file."""
    data = files("herenow.intent.general").joinpath("_data", "everyday.txt")
    return parse_everyday(data.read_text(encoding="utf-8").splitlines())


def parse_everyday(lines: Iterable[str]) -> Everyday:
    """Lines of the file's form; empty ones and those that begin with ``#`` are passed over."""
    words: dict[str, dict[str, Words]] = {}
    ruled: dict[str, dict[str, list[Words]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        head, *cells = (cell.strip() for cell in line.split("|"))
        if head[0] in (_ALIKE, _VERBS, _IDLE):
            ruled[head[1:].strip()][head[0]].append(tuple(_words(cells[0])))
        else:
            spoken = words.setdefault(head, {})
            for language, said in (cell.split(" ", 1) for cell in cells):
                spoken[language] = (*spoken.get(language, ()), *_words(said))
    return Everyday(words, {language: _rules(said) for language, said in ruled.items()})


def _rules(said: Mapping[str, list[Words]]) -> LanguageRules:
    alike = tuple(tuple(map(_folded, group)) for group in said.get(_ALIKE, ()))
    pairs = (pair.split(":", 1) for group in said.get(_VERBS, ()) for pair in group)
    verbs = tuple((_folded(noun), _folded(verb)) for noun, verb in pairs)
    idle = frozenset(_folded(word) for group in said.get(_IDLE, ()) for word in group)
    return LanguageRules(alike, verbs, idle)


def _words(cell: str) -> Iterator[str]:
    return filter(None, (word.strip() for word in cell.split(";")))


def _folded(words: str) -> str:
    return " ".join(map(fold, words.split()))
