"""Hints of what an app's reader knows: its phrases, its wishes, guessed names, the world's common words.

A phrase's hint says the facet, the source and how sure it is; a wish's its kind; a concept's its first tag.
No hint tells the value, so that what is learned of the catalogue's cuisines holds for one that it gets
tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from herenow.intent import general
from herenow.intent.grammar import candidates, frames, places_named
from herenow.intent.languages import Language
from herenow.intent.matching import PhraseMatch
from herenow.intent.normalise import Token, singular, tokenise
from herenow.intent.phrases import FacetPhrase, ModifierPhrase, PlacePhrase, StopPhrase
from herenow.intent.reader import Reader
from herenow.intent.tagger.hints import Hint

_LONGEST: Final = 4
"""Words of a concept's name that are looked for."""
_SURE: Final = 0.85
_LIKELY: Final = 0.6
_LANGUAGE: Final = "en"
_ANYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Known:
    """A search as its app's reader reads it: the tokens, and the hints upon them."""

    tokens: tuple[Token, ...]
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Knowing:
    """What a reader knows of searches in a language."""

    reader: Reader
    language: Language

    @classmethod
    def of(cls, reader: Reader, locales: Sequence[str] = ()) -> Knowing:
        """In the app's languages and those of ``locales``."""
        return cls(reader, reader.languages.spoken_by(locales))

    def read(self, cleaned: str) -> Known:
        """Tokens and hints of a cleaned text."""
        found = self.reader.read(cleaned, self.language)
        return Known(found.tokens, tuple(hints_of(cleaned, found.tokens, found.matches, self.language)))


def hints_of(
    cleaned: str, tokens: Sequence[Token], matches: Sequence[PhraseMatch], language: Language
) -> Iterator[Hint]:
    """Of a text that a reader has read to these tokens and matches."""
    for match in matches:
        for kind in dict.fromkeys(_kinds(match)):
            yield Hint(match.first, match.last, kind)
    taken = {at for match in matches for at in range(match.first, match.last)}
    for wish in candidates(tokens, language.grammar, cleaned):
        yield Hint(wish.first, wish.last, f"wish:{wish.kind}")
        taken.update(range(wish.first, wish.last))
    yield from _concepts(tokens)
    for place in places_named(tokens, language.grammar, taken):
        yield Hint(place.announced, place.first, "announced")
        yield Hint(place.first, place.last, "named")
    for frame in frames(tokens, language.grammar, taken):
        yield Hint(frame.first, frame.last, f"frame:{frame.kind}")


def _kinds(match: PhraseMatch) -> Iterator[str]:
    sure = match.weight
    how = "sure" if sure >= _SURE else "likely" if sure >= _LIKELY else "faint"
    for meaning in match.meanings:
        match meaning:
            case FacetPhrase(facet, _, _, source, _):
                yield f"facet:{facet}:{source}:{how}"
            case PlacePhrase(_, _, source, _):
                yield f"place:{source}:{how}"
            case ModifierPhrase(kind):
                yield f"modifier:{kind}"
            case StopPhrase():
                yield "stop"


def _concepts(tokens: Sequence[Token]) -> Iterator[Hint]:
    """The longest names of concepts, one after the other."""
    known = _concept_words()
    stems = [token.stem for token in tokens]
    at = 0
    while at < len(stems):
        for last in range(min(at + _LONGEST, len(stems)), at, -1):
            tags = known.get(" ".join(stems[at:last]))
            if tags is not None:
                key, value = tags
                yield Hint(at, last, f"concept:{key}")
                yield Hint(at, last, f"concept:{key}={value}")
                at = last - 1
                break
        at += 1


@cache
def _concept_words() -> Mapping[str, tuple[str, str]]:
    """The first tag of the concept that words name outright, English only, as the hints are learned."""
    words: dict[str, tuple[float, tuple[str, str]]] = {}
    for concept in general.all_concepts():
        if not concept.tags or concept.tags[0][1] == _ANYTHING:
            continue
        for phrase in general.phrases(concept, [_LANGUAGE]):
            key = " ".join(singular(token.form) for token in tokenise(phrase.text))
            if not phrase.is_weak and phrase.weight > words.get(key, (0.0,))[0]:
                words[key] = phrase.weight, concept.tags[0]
    return {key: tag for key, (_, tag) in words.items()}
