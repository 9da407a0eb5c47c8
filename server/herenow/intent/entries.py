"""What the words of an app may mean, from every source there is.

Most trusted first: the values of facets that take part in intents, the app's synonyms, the world's words for
these values, places, and words declared to mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from herenow.catalog.schema import FacetType
from herenow.intent.general import ordinary_words
from herenow.intent.labels import texts_by_value
from herenow.intent.lexicon import ENGLISH, Lexicon
from herenow.intent.model import Source
from herenow.intent.normalise import forms, singular
from herenow.intent.phrases import FacetPhrase, Meaning, PlacePhrase, StopPhrase
from herenow.intent.places import named_places
from herenow.intent.vocabulary import Vocabulary
from herenow.intent.worldly import worldly_phrases

SYNONYM_WEIGHT = 0.95
"""A synonym implies its value; one that contains the value's own words *is* it and weighs 1."""
SHORTENED_WEIGHT = 0.9
"""A value without its function words ("godfather" for "the godfather")."""

_LONGEST_PHRASE = 10  # words; a longer value is matched by none of its parts
_SHORTEST_REST = 4
_Key = tuple[str, ...]


class Entry(NamedTuple):
    """A phrase, its folded words joined by blanks.

    ``language`` is told of the world's words. A ``foreign`` one may be matched as it is written, but its
    words may as well be slips of ours.
    """

    phrase: str
    meaning: Meaning
    foreign: bool = False
    language: str = ""


def entries_of(
    catalog: Vocabulary, intents: Mapping[str, Any], lexicon: Lexicon = ENGLISH
) -> Iterator[Entry]:
    """Every usable phrase of a catalogue and a valid ``intents.json``, the most trusted first."""
    named = chain(_value_phrases(catalog, lexicon), _synonym_phrases(intents))
    yield from (Entry(" ".join(key), phrase) for key, phrase in named if _is_usable(key, lexicon))
    for told in worldly_phrases(catalog):
        words_of = tuple(told.key.split(" "))
        if _is_usable(words_of, lexicon) and not (told.foreign and _is_ours(told.key, lexicon)):
            yield Entry(told.key, told.phrase, told.foreign, told.language)
    for place in named_places(catalog, intents.get("places") or (), lexicon):
        yield Entry(" ".join(place.key), PlacePhrase(place.place, place.weight))
    for text in intents.get("stop_words") or ():
        if key := forms(text):
            yield Entry(" ".join(key), StopPhrase())


def _is_ours(word: str, lexicon: Lexicon) -> bool:
    """Whether a foreign word is spelt like one of ours that everybody uses."""
    return lexicon.is_silent(word) or word in ordinary_words(lexicon.language)


def _value_phrases(catalog: Vocabulary, lexicon: Lexicon) -> Iterator[tuple[_Key, FacetPhrase]]:
    for facet in catalog.schema.facets:
        if not facet.intent or facet.type not in (FacetType.TAGS, FacetType.TEXT):
            continue
        for value in catalog.facet_values(facet.name):
            key, items = forms(value), catalog.items_of(facet.name, value)
            yield key, FacetPhrase(facet.name, value, 1.0, Source.CATALOG, items)
            rest = _shortened(key, lexicon)
            if rest != key and len("".join(rest)) >= _SHORTEST_REST:
                yield rest, FacetPhrase(facet.name, value, SHORTENED_WEIGHT, Source.CATALOG, items)


def _shortened(key: _Key, lexicon: Lexicon) -> _Key:
    """Without function words, unless the last is one: then they are what the value means ("based on")."""
    if not key or key[-1] in lexicon.function_words:
        return key
    return tuple(word for word in key if word not in lexicon.function_words)


def _synonym_phrases(intents: Mapping[str, Any]) -> Iterator[tuple[_Key, FacetPhrase]]:
    for facet, value, synonym in texts_by_value(intents.get("synonyms")):
        key = forms(synonym)
        says_it = set(map(singular, forms(value))) <= set(map(singular, key))
        yield key, FacetPhrase(facet, value, 1.0 if says_it else SYNONYM_WEIGHT, Source.SYNONYM)


def _is_usable(key: _Key, lexicon: Lexicon) -> bool:
    return 0 < len(key) <= _LONGEST_PHRASE and not lexicon.function_words.issuperset(key)
