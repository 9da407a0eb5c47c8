"""Bites on a server of its own for each test, and phones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from tests.sdk_contract.client.backend import EXAMPLES, Backend, Clock, Phones, Seed, seeded, serving


@pytest.fixture(scope="session", name="seed")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    return seeded(tmp_path_factory.mktemp("bites"), EXAMPLES / "bites")


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    structlog.reset_defaults()


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="backend")
def _backend(seed: Seed, clock: Clock, tmp_path: Path) -> Iterator[Backend]:
    with serving(seed, tmp_path / "server", clock) as backend:
        yield backend


@pytest.fixture(name="phones")
def _phones(backend: Backend, tmp_path: Path, clock: Clock) -> Iterator[Phones]:
    phones = Phones(backend, tmp_path / "devices", clock)
    yield phones
    phones.close()
