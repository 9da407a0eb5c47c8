"""A store with no server round it: documents, a log, a clock that stands still."""

import pytest

from herenow.beacons.service import Beacons
from herenow.storage.memory import MemoryDocuments, MemoryEventLog

NOW = 1_795_317_000


@pytest.fixture(name="documents")
def _documents():
    return MemoryDocuments(lambda: NOW)


@pytest.fixture(name="log")
def _log():
    return MemoryEventLog()


@pytest.fixture(name="beacons")
def _beacons(documents, log):
    return Beacons(documents, log, clock=lambda: NOW)
