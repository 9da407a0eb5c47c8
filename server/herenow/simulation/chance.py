"""Chance: streams of randomness, each person's their own, and each of what they do.

What one person does more or less of never changes what chance has in store for another, and somebody who
reacts to one message more goes about the week as they would have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

_WHO, _LIFE = 0, 1


@dataclass(frozen=True, slots=True)
class Chance:
    """One person's streams while they live.

    ``week`` decides when they do what, ``looking`` what they take out of what they are shown, ``answering``
    what they do with messages, ``phones`` makes ids and loses answers.
    """

    week: Generator
    looking: Generator
    answering: Generator
    phones: Generator

    @classmethod
    def of(cls, seed: int, number: int) -> Chance:
        """The streams of a person by their number, in a simulation by its seed."""
        return cls(*(_stream(seed, number, _LIFE, each) for each in range(4)))


TRAITS: Final = ("self", "week", "contact")
"""What a person is drawn from, a stream each: a trait that is new changes nobody."""


def trait(seed: int, number: int, name: str) -> Generator:
    """The stream that a trait of a person is drawn from."""
    return _stream(seed, number, _WHO, TRAITS.index(name))


def _stream(seed: int, number: int, kind: int, which: int) -> Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(kind, number, which)))
