"""Examples seen twice: as they are, and with some of their features gone.

A model that saw "biryani" labelled needs no other sign of a dish there, and knows none when it meets
"pozole". With features missing at random it has to learn the other signs as well (feature noising; Wang and
Manning 2013, Fast dropout training). Searches repeat their words, so this counts for more than in long texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

Example = tuple[list[list[str]], list[str]]
"""The features of each token, and its label."""

COPIES: Final = 1
GONE: Final = 0.3
"""The share of features that a copy misses; found by cross-validation."""
_SEED: Final = 1


def noised(examples: Sequence[Example]) -> Iterator[Example]:
    """The examples, then their copies; the same every time."""
    yield from examples
    chance = Random(_SEED)  # noqa: S311 - nothing secret
    for _ in range(COPIES):
        for features, labels in examples:
            yield [[name for name in each if chance.random() >= GONE] for each in features], labels
