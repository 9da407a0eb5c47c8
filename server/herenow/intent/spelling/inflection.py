"""From a form that no vocabulary has to the one that it is a form of: "Bäckereien" to "Bäckerei".

Each family of languages has its endings, folded as in ``herenow.intent.normalise``: a word and a known word
are forms of one when they share what is left without them. German, Dutch and Swedish also write several
words as one; the last says what the thing is, so a "Schulbibliothek" is a "Bibliothek". Each word costs a
few dictionary look-ups for each family of its script, however many words are known.

Endings after: M. F. Porter, the Snowball stemmers' descriptions, shortened to what nouns and adjectives need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

INFLECTED: Final = 0.9
"""Certainty of a word that differs by its ending alone."""
RESPELT: Final = 0.8
"""Of a known compound whose first word has another ending."""
COMPOUND: Final = 0.75
"""Of a compound's last word, where the word before it is known too; else it is likely a name."""

MAX_FORMS: Final = 3
LONGEST: Final = 30
"""Letters; nobody inflects a longer word, and the look-ups of a compound grow with it."""
SHORTEST: Final = 4

_SHORTEST_STEM = 3
_SHORTEST_HEAD = 3
_SHORTEST_TAIL = 4
_MOST_LONGER = 1
"""Letters that a known word may have more than the word asked for: "Zimmer" is no form of "Zimmerer"."""


@dataclass(frozen=True, slots=True)
class Step:
    """Endings and what stands for them; the longest that fits is taken, and at most one."""

    replacements: Mapping[str, str]
    lengths: tuple[int, ...]

    def take(self, word: str) -> str:
        """The word without its ending."""
        longest = len(word) - _SHORTEST_STEM
        for length in self.lengths:
            if length <= longest:
                replacement = self.replacements.get(word[-length:])
                if replacement is not None:
                    return word[:-length] + replacement
        return word


def _step(*groups: str) -> Step:
    """Groups of endings: ``replacement:ending ending …``."""
    replacements: dict[str, str] = {}
    for group in groups:
        replacement, _, endings = group.partition(":")
        for ending in endings.split():
            replacements.setdefault(ending, replacement)
    return Step(replacements, tuple(sorted({len(ending) for ending in replacements}, reverse=True)))


_ROMANCE_PLURAL = _step(
    ":s x",
    "z:ces",
    "ao:oes aes aos",
    "al:ais aux",
    "el:eis",
    "ol:ois",
    "m:ns",
    "or:ores",
    "eau:eaux",
    "on:ones",
    "al:ales",
    "el:eles",
    "ad:ades",
    "ar:ares",
    "er:eres",
)
FAMILIES: Final[Mapping[str, tuple[Step, ...]]] = {
    "german": (
        _step(
            ":em ern er e en es um innen",
            *(f"{letter}:{letter}s" for letter in "abdfghklmnorty"),
            "i:ien ium",
            "nis:nisse nissen nisses",
        ),
        _step(":en er in"),
    ),
    "romance": (_ROMANCE_PLURAL, _step(":a o e i")),
    "dutch": (_step(":en s jes je e", "f:ven", "s:zen"),),
    "nordic": (_step(":arna erna orna ar or er en et na n t a s"),),
    "polish": (_step(":owie ami ach owi ego emu ych ymi ow om ej ie em a e i y u o"),),
    "cyrillic": (
        _step(
            ":ами ями ого его ому ему ыми ими иях ах ях ов ев ей ам ям ом ем ой",
            ":ый ий ая яя ое ее ые ие ых их ую юю",
        ),
        _step(":а я о е ы и у ю ь й і ї"),
    ),
    "turkish": (_step(":lari leri larin lerin lar ler"), _step(":i u si su da de ta te nin nun in un")),
    "indic": (_step(":ियों ियाँ ियां ुओं ों ें े ी ा ो"),),
}
"""The steps of each family, taken one after the other."""

FAMILY_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("de",), "german"),
    **dict.fromkeys(("es", "pt", "fr", "it"), "romance"),
    **dict.fromkeys(("nl",), "dutch"),
    **dict.fromkeys(("sv",), "nordic"),
    **dict.fromkeys(("pl",), "polish"),
    **dict.fromkeys(("ru", "uk"), "cyrillic"),
    **dict.fromkeys(("tr",), "turkish"),
    **dict.fromkeys(("hi",), "indic"),
}
_COMPOUNDING = ("german", "dutch", "nordic")
_LINKS = ("", "s", "n", "en", "es", "e", "er")
_LATIN = ("german", "romance", "dutch", "nordic", "polish", "turkish")


@dataclass(frozen=True, slots=True)
class Form:
    """A known word that an unknown one is likely a form of; ``certainty`` 0 to 1, below 1."""

    form: str
    certainty: float


@dataclass(frozen=True, slots=True, repr=False)
class Inflections:
    """Known words by their stems. ``forms`` is what it is for."""

    _by_stem: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, known: Iterable[tuple[str, str]]) -> Inflections:
        """Of folded words, each with its language; words of languages without endings are passed over."""
        by_stem: dict[str, dict[str, tuple[str, ...]]] = {}
        for word, language in known:
            family = FAMILY_OF.get(language)
            if family is not None and SHORTEST <= len(word) <= LONGEST and _is_word(word):
                stems = by_stem.setdefault(family, {})
                stem = stem_of(word, family)
                if word not in stems.get(stem, ()):
                    stems[stem] = (*stems.get(stem, ()), word)
        return cls(by_stem)

    def forms(self, word: str) -> tuple[Form, ...]:
        """The likeliest known words, best first; none for what is no form of a known one."""
        if not SHORTEST <= len(word) <= LONGEST:
            return ()
        found: dict[str, float] = {}
        for family in _families(word):
            for form in self._inflected(word, family):
                found.setdefault(form, INFLECTED)
        if not found:
            for family in _COMPOUNDING:
                for form, certainty in (*self._respelt(word, family), *self._last_word(word, family)):
                    found.setdefault(form, certainty)
        best = sorted(found, key=lambda form: (-found[form], not word.startswith(form), -len(form), form))
        return tuple(Form(form, found[form]) for form in best[:MAX_FORMS])

    def _inflected(self, word: str, family: str) -> Sequence[str]:
        alike = self._by_stem.get(family, {}).get(stem_of(word, family), ())
        return [form for form in alike if len(form) <= len(word) + _MOST_LONGER]

    def _respelt(self, word: str, family: str) -> Iterator[tuple[str, float]]:
        """Known compounds whose first word has another ending: "Bücherladen", "Buchladen"."""
        for at in (
            range(_SHORTEST_HEAD + 1, len(word) - _SHORTEST_TAIL + 1) if family in self._by_stem else ()
        ):
            stem = stem_of(word[:at], family)
            if stem != word[:at]:
                yield from ((form, RESPELT) for form in self._inflected(stem + word[at:], family))

    def _last_word(self, word: str, family: str) -> Iterator[tuple[str, float]]:
        """The longest known word that ends a compound of known words."""
        if family not in self._by_stem:
            return
        for at in range(_SHORTEST_HEAD, len(word) - _SHORTEST_TAIL + 1):
            tails = self._inflected(word[at:], family)
            if tails and self._is_head(word[:at], family):
                yield from ((tail, COMPOUND) for tail in tails)
                return

    def _is_head(self, head: str, family: str) -> bool:
        return any(self._inflected(head.removesuffix(link), family) for link in _LINKS if head.endswith(link))


def stem_of(word: str, family: str) -> str:
    """What is left without the endings of a family."""
    for step in FAMILIES[family]:
        word = step.take(word)
    return word


def _families(word: str) -> Sequence[str]:
    """The families of a word's script."""
    first = word[0]
    if first.isascii():
        return _LATIN
    if "\u0400" <= first <= "\u052f":
        return ("cyrillic",)
    return ("indic",) if "\u0900" <= first <= "\u097f" else _LATIN


def _is_word(word: str) -> bool:
    """Letters and the marks that spell them."""
    return not any(character.isdigit() or character.isspace() for character in word)
