"""Names that follow from other names, by rules that hold for any of them.

"Muslim Mosque" says mosque, since Muslim is what its religion is called; "Bike Shop" may be a cycle store;
a "Coffee Shop" has coffee; who wants a "Bicycle Rental" says "rent a bike". Everything is told folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from herenow.intent.general.concepts import Tag
from herenow.intent.general.everyday import LanguageRules

MOST_VARIANTS = 12
"""Per name: the rules may be applied on top of each other."""

_SAYS_NOTHING = frozenset({"yes", "no", "*", "other", "multi", "none", "unclassified", "service"})
_SHORTEST_PART = 3
_SHORTEST_REST = 4
_ARTICLES = ("", "a ", "my ")


def from_tags(tags: Iterable[Tag], names: Iterable[str]) -> Iterator[str]:
    """The English words of tags' values: "fast food" for ``amenity=fast_food``.

    Not when a name says the same and more: ``emergency=phone`` is no phone but an emergency phone.
    """
    fuller = [set(name.split(" ")) for name in names]
    for _, value in tags:
        said = value.lower().split("_")
        plain = value not in _SAYS_NOTHING and "".join(said).isalpha()
        if plain and not any(set(said) < words for words in fuller):
            yield " ".join(said)


def without_label(name: str, labels: Iterable[str]) -> Iterator[str]:
    """What is left of a compound name when it also says its own tag: "mosque" of "muslim mosque"."""
    words = name.split(" ")
    for label in labels:
        said = label.split(" ")
        for rest, beside in (
            (words[len(said) :], words[: len(said)]),
            (words[: -len(said)], words[-len(said) :]),
        ):
            if rest and _akin(beside, said):
                yield " ".join(rest)


def variants(name: str, rules: LanguageRules) -> Iterator[str]:
    """The same said otherwise, the nearest first; at most ``MOST_VARIANTS``."""
    yield from islice(_spreading(name, rules), MOST_VARIANTS)
    yield from _as_wishes(name, rules)


def without_idle(name: str, rules: LanguageRules) -> Iterator[str]:
    """Without the word that adds nothing: "coffee" of "coffee shop", "buch" of "buchladen"."""
    first, _, rest = name.partition(" ")
    before, _, last = name.rpartition(" ")
    if before and last in rules.idle:
        yield before
    if rest and first in rules.idle:
        yield rest
    if not rest:
        for idle in rules.idle:
            if name.endswith(idle) and len(name) - len(idle) >= _SHORTEST_REST:
                yield name.removesuffix(idle)


def _akin(some: list[str], others: list[str]) -> bool:
    """The same words but for their endings: "muslimische", "muslimisch"."""
    return all(
        one == other or (len(other) >= _SHORTEST_REST and one[: len(other) - 1] == other[:-1])
        for one, other in zip(some, others, strict=True)
    )


def _spreading(name: str, rules: LanguageRules) -> Iterator[str]:
    known, waiting = {name}, [name]
    while waiting:
        fresh = [other for each in waiting for other in _exchanged(each, rules) if other not in known]
        waiting = list(dict.fromkeys(fresh))
        known.update(waiting)
        yield from waiting


def _exchanged(name: str, rules: LanguageRules) -> Iterator[str]:
    """One word, or one part of a compound, replaced by its like."""
    padded = f" {name} "
    for group in rules.alike:
        word = max((word for word in group if word in name), key=len, default=name)
        if word == name:
            continue
        for other in group:
            if other == word:
                continue
            if f" {word} " in padded:
                yield padded.replace(f" {word} ", f" {other} ", 1).strip()
            elif " " not in name and _is_part(word, name):
                yield _within(name, word, other)


def _is_part(word: str, name: str) -> bool:
    long_enough = len(name) - len(word) >= _SHORTEST_PART and len(word) >= _SHORTEST_PART
    return long_enough and (name.startswith(word) or name.endswith(word))


def _within(name: str, word: str, other: str) -> str:
    return other + name.removeprefix(word) if name.startswith(word) else name.removesuffix(word) + other


def _as_wishes(name: str, rules: LanguageRules) -> Iterator[str]:
    """Who wants a "bike rental" says "rent a bike"; in German the verb comes last and opens the compound."""
    for noun, verb in rules.verbs:
        what = name.removesuffix(noun)
        if what == name or not what.strip():
            continue
        if what.endswith(" "):
            yield from (f"{verb} {article}{what.strip()}" for article in _ARTICLES)
        elif len(what) >= _SHORTEST_PART:
            yield f"{what} {verb}"
