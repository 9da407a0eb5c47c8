"""How an item stands among all others: the values that separate the best from the rest.

"Highly rated" and "the best of" mean something relative to a catalogue, whatever its scale, so both are
read off the distribution of the feature among the items that have it at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow.ordering.indices import Flags, Indices


class Share(IntEnum):
    """A part of the items, in percent, counted from the best."""

    OUTSTANDING = 15
    """Worth a word to the person ("highly rated")."""
    UPPER = 35
    """Satisfies a wish for good ones ("best", "popular", "new")."""


_NEVER: Final = np.iinfo(np.int32).max


class Standing:
    """The static features of a catalogue, and where their best shares begin."""

    def __init__(self, features: Mapping[str, NDArray[np.int16]]) -> None:
        self.features = features
        self._least = {
            (name, share): _least(values, share) for name, values in features.items() for share in Share
        }

    def distinguishes(self, name: str) -> bool:
        """Whether the feature tells items apart at all."""
        return self._least[name, Share.UPPER] != _NEVER

    def among_best(self, name: str, share: Share, items: Indices) -> Flags:
        """For each item whether its feature ``name`` is within the best ``share``."""
        return np.asarray(self.features[name][items] >= self._least[name, share])


def _least(values: NDArray[np.int16], share: Share) -> int:
    """The lowest value within the share; a feature that all items have alike distinguishes none."""
    present = values[values > 0]
    if not len(present) or present.min() == present.max():
        return _NEVER
    at = len(present) - max(len(present) * share // 100, 1)
    return int(np.partition(present, at)[at])
