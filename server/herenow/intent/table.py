"""The phrase table: everything that words can mean in one app, indexed for matching.

One dictionary maps a phrase's forms to its meanings, a second its stems, and a third knows for each first
word how long a phrase may get, so that a word which starts no phrase costs one look-up. Indexing is linear
in the vocabulary, matching in the length of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from herenow.intent.entries import Entry
from herenow.intent.labels import Labels, label_of
from herenow.intent.model import Source
from herenow.intent.normalise import Token, singular
from herenow.intent.phrases import FacetPhrase, Meaning, PlacePhrase, is_weak
from herenow.intent.places import KnownPlace
from herenow.intent.scripts import is_spaceless
from herenow_sdk.core.geo import distance_m


@dataclass(frozen=True, slots=True, repr=False)
class PhraseTable:
    """Compiled phrases; ``meanings_of`` and ``reach`` are what matching needs."""

    _exact: Mapping[str, tuple[Meaning, ...]]
    _stemmed: Mapping[str, tuple[Meaning, ...]]
    _reach: Mapping[str, int]
    _forms: frozenset[str]
    _stems: frozenset[str]
    longest_unspaced: int
    """Letters of the longest word of a script that writes no spaces."""
    _lengths: Mapping[str, int]
    _labels: Labels
    _places: tuple[KnownPlace, ...]
    _middles: NDArray[np.float64]

    @classmethod
    def of(cls, entries: Iterable[Entry], labels: Labels) -> PhraseTable:
        """Index the phrases, the most trusted source first."""
        exact: dict[str, tuple[Meaning, ...]] = {}
        stemmed: dict[str, tuple[Meaning, ...]] = {}
        reach: dict[str, int] = {}
        stems = _Stems()
        own: set[str] = set()
        lengths: dict[str, list[int]] = {}
        for phrase, meaning, foreign, _ in entries:
            key = phrase.split(" ")
            stem_key = [stems[word] for word in key]
            _add(exact, phrase, meaning)
            if not foreign:  # the endings folded are English
                _add(stemmed, " ".join(stem_key), meaning)
            for first in (key[0], stem_key[0]):
                if reach.get(first, 0) < len(key):
                    reach[first] = len(key)
            if not foreign:
                own.update(key)
            if isinstance(meaning, FacetPhrase) and meaning.source is Source.CATALOG:
                lengths.setdefault(meaning.facet, []).append(len(key))
        places = _located(exact.values())
        own_stems = frozenset(stems[word] for word in own)
        return cls(
            exact,
            stemmed,
            reach,
            frozenset(own),
            own_stems,
            max((len(word) for word in own | own_stems if is_spaceless(word)), default=0),
            {facet: sorted(found)[len(found) // 2] for facet, found in lengths.items()},
            labels,
            places,
            np.array([(place.lat_e6, place.lon_e6) for place in places], np.float64).reshape(-1, 2),
        )

    def __len__(self) -> int:
        return len(self._exact)

    def reach(self, form: str, stem: str) -> int:
        """Words of the longest phrase that may begin with these, of a reading and its stem."""
        longest = self._reach.get(form, 0)
        return longest if form == stem else max(longest, self._reach.get(stem, 0))

    def meanings_of(self, form: str, stem: str) -> tuple[Meaning, ...]:
        """What these words, joined by blanks, mean as one phrase: as they stand, else with plurals folded.

        Where as they stand they are only hints, what they mean with plurals folded is added.
        """
        exact = self._exact.get(form, ())
        if exact and not all(map(is_weak, exact)):
            return exact
        return (*exact, *(each for each in self._stemmed.get(stem, ()) if each not in exact))

    @property
    def places(self) -> tuple[KnownPlace, ...]:
        """Every place with coordinates that a phrase names."""
        return self._places

    def usual_length(self, facet: str) -> int:
        """How many words a value of a facet usually has: the median of its own phrases, 1 without any."""
        return self._lengths.get(facet, 1)

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


def _add(index: dict[str, tuple[Meaning, ...]], key: str, meaning: Meaning) -> None:
    known = index.get(key, ())
    if meaning not in known:
        index[key] = (*known, meaning)


def _located(entries: Iterable[tuple[Meaning, ...]]) -> tuple[KnownPlace, ...]:
    named = (
        meaning.place for meanings in entries for meaning in meanings if isinstance(meaning, PlacePhrase)
    )
    return tuple(dict.fromkeys(place for place in named if place.lat_e6 is not None))


class _Stems(dict[str, str]):
    """The stem of each word, worked out once."""

    def __missing__(self, word: str) -> str:
        stem = self[word] = singular(word)
        return stem
