"""A store, a clock that tests move, and a key ring."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from herenow.identity.keyring import KeyRing
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

BITES = Scope("bites", "production")
REELS = Scope("reels", "production")


@dataclass
class MovedClock:
    """A clock that stands still until it is told to move."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        """The instant it stands at."""
        return self.now


@pytest.fixture(name="clock")
def _clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(name="documents")
def _documents(clock: MovedClock) -> Iterator[MemoryDocuments]:
    return MemoryDocuments(clock)


@pytest.fixture(name="keyring")
def _keyring(documents: MemoryDocuments, clock: MovedClock) -> KeyRing:
    return KeyRing(documents, b"m" * 32, clock=clock)
