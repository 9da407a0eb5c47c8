"""The phrase table: everything that words can mean in one app, compiled once per release.

Sources, most trusted first: the values of facets that take part in intents; the app's synonyms;
places. One dictionary maps a phrase's forms to its meanings, a second its stems, and a third knows
for each first word how long a phrase may get, so that a word which starts no phrase costs one
look-up. Compiling is linear in the vocabulary, matching in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.schema import FacetType
from herenow.intent.labels import Labels, compile_labels, label_of, texts_by_value
from herenow.intent.lexicon import ENGLISH, Lexicon
from herenow.intent.model import Source
from herenow.intent.normalise import Token, singular, words
from herenow.intent.phrases import FacetPhrase, Meaning, PlacePhrase, StopPhrase
from herenow.intent.places import KnownPlace, named_places
from herenow.intent.vocabulary import Vocabulary
from herenow.intent.worldly import worldly_phrases
from herenow_sdk.core.geo import distance_m

SYNONYM_WEIGHT = 0.95
"""A synonym implies its value; one that contains the value's own words *is* it and weighs 1."""
SHORTENED_WEIGHT = 0.9
"""A value without its function words ("godfather" for "the godfather")."""

_LONGEST_PHRASE = 10  # words; a longer value is matched by none of its parts
_SHORTEST_REST = 4
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PhraseTable:
    """Compiled phrases; ``meanings_of`` and ``reach`` are what matching needs."""

    lexicon: Lexicon
    _exact: Mapping[str, tuple[Meaning, ...]]
    _stemmed: Mapping[str, tuple[Meaning, ...]]
    _reach: Mapping[str, int]
    _forms: frozenset[str]
    _stems: frozenset[str]
    _labels: Labels
    _places: tuple[KnownPlace, ...]
    _middles: NDArray[np.float64]

    @classmethod
    def compile(
        cls, catalog: Vocabulary, intents: Mapping[str, Any], lexicon: Lexicon = ENGLISH
    ) -> PhraseTable:
        """From a catalogue and ``intents.json`` (already validated; missing members are empty)."""
        exact: dict[str, tuple[Meaning, ...]] = {}
        stemmed: dict[str, tuple[Meaning, ...]] = {}
        reach: dict[str, int] = {}
        forms: set[str] = set()
        stems_known: set[str] = set()
        for key, meaning, foreign in _phrases(catalog, intents, lexicon):
            stems = tuple(map(singular, key))
            for words_of, index, known in ((key, exact, forms), (stems, stemmed, stems_known)):
                _add(index, " ".join(words_of), meaning)
                reach[words_of[0]] = max(reach.get(words_of[0], 0), len(words_of))
                known.update(() if foreign else words_of)
        places = _located(exact.values())
        middles = np.array([(place.lat_e6, place.lon_e6) for place in places], np.float64).reshape(-1, 2)
        return cls(
            lexicon,
            exact,
            stemmed,
            reach,
            frozenset(forms),
            frozenset(stems_known),
            compile_labels(intents),
            places,
            middles,
        )

    def __len__(self) -> int:
        return len(self._exact)

    def reach(self, form: str, stem: str) -> int:
        """Words of the longest phrase that may begin with these, of a reading and its stem."""
        form, stem = form.partition(" ")[0], stem.partition(" ")[0]
        return max(self._reach.get(form, 0), self._reach.get(stem, 0))

    def meanings_of(self, form: str, stem: str) -> tuple[Meaning, ...]:
        """What these words, joined by blanks, mean as one phrase: as they stand, else with plurals folded."""
        return self._exact.get(form) or self._stemmed.get(stem, ())

    @property
    def places(self) -> tuple[KnownPlace, ...]:
        """Every place with coordinates that a phrase names."""
        return self._places

    @property
    def word_weights(self) -> dict[str, float]:
        """Every word of a phrase of ours as it is spelt, by how many phrases have it."""
        weights: dict[str, float] = {}
        for phrase in self._exact:
            for word in phrase.split(" "):
                if word in self._forms:
                    weights[word] = weights.get(word, 0.0) + 1.0
        return weights

    def knows(self, token: Token) -> bool:
        """Whether the word stands in any phrase."""
        return token.form in self._forms or token.stem in self._stems

    def label(self, facet: str, value: str, locales: Sequence[str]) -> str:
        """The title-ready name of a value."""
        return label_of(self._labels, facet, value, locales)

    def place_around(self, lat_e6: int, lon_e6: int) -> KnownPlace | None:
        """The known place whose middle is nearest, if the point lies within it."""
        if not self._places:
            return None
        north, east = (self._middles - (lat_e6, lon_e6)).T
        nearest = self._places[int(np.argmin(north**2 + (east * np.cos(np.radians(lat_e6 / 1e6))) ** 2))]
        if nearest.lat_e6 is None or nearest.lon_e6 is None:
            return None
        away = distance_m(lat_e6, lon_e6, nearest.lat_e6, nearest.lon_e6)
        return nearest if away <= nearest.radius_m else None


class _Entry(NamedTuple):
    """A phrase by its words. A ``foreign`` one may be matched, but its words may as well be slips of ours."""

    key: _Key
    meaning: Meaning
    foreign: bool = False


def _phrases(catalog: Vocabulary, intents: Mapping[str, Any], lexicon: Lexicon) -> Iterator[_Entry]:
    """Every usable phrase, the most trusted source first."""
    named = chain(_value_phrases(catalog, lexicon), _synonym_phrases(intents))
    yield from (_Entry(key, phrase) for key, phrase in named if _is_usable(key, lexicon))
    for text, phrase, foreign in worldly_phrases(catalog):
        if _is_usable(key := _key(text), lexicon):
            yield _Entry(key, phrase, foreign)
    for place in named_places(catalog, intents.get("places") or (), lexicon):
        yield _Entry(place.key, PlacePhrase(place.place, place.weight))
    for text in intents.get("stop_words") or ():
        if key := _key(text):
            yield _Entry(key, StopPhrase())


def _value_phrases(catalog: Vocabulary, lexicon: Lexicon) -> Iterator[tuple[_Key, FacetPhrase]]:
    for facet in catalog.schema.facets:
        if not facet.intent or facet.type not in (FacetType.TAGS, FacetType.TEXT):
            continue
        for value in catalog.facet_values(facet.name):
            key, items = _key(value), catalog.items_of(facet.name, value)
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
        key = _key(synonym)
        says_it = set(map(singular, _key(value))) <= set(map(singular, key))
        yield key, FacetPhrase(facet, value, 1.0 if says_it else SYNONYM_WEIGHT, Source.SYNONYM)


def _is_usable(key: _Key, lexicon: Lexicon) -> bool:
    return 0 < len(key) <= _LONGEST_PHRASE and not lexicon.function_words.issuperset(key)


def _add(index: dict[str, tuple[Meaning, ...]], key: str, meaning: Meaning) -> None:
    known = index.get(key, ())
    if meaning not in known:
        index[key] = (*known, meaning)


def _located(entries: Iterable[tuple[Meaning, ...]]) -> tuple[KnownPlace, ...]:
    named = (
        meaning.place for meanings in entries for meaning in meanings if isinstance(meaning, PlacePhrase)
    )
    return tuple(dict.fromkeys(place for place in named if place.lat_e6 is not None))


def _key(text: object) -> _Key:
    return tuple(token.form for token in words(text))
