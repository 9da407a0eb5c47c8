"""Serving sets in memory: who waits for whom."""

from threading import Event, Semaphore, Thread
from types import SimpleNamespace

import pytest

from herenow.errors import Unavailable
from herenow.launch.serving import ServingSets
from herenow.scope import Scope

SLOW, QUICK = Scope("slow", "production"), Scope("quick", "production")


class Publishing:
    """Pointers, of which those of one app take long to read."""

    def __init__(self) -> None:
        self.entered, self.leave = Semaphore(0), Event()

    def live(self, scope: Scope) -> SimpleNamespace:
        """Nothing is published, which ``SLOW`` takes its time to find out."""
        if scope == SLOW:
            self.entered.release()
            self.leave.wait(5)
        raise Unavailable("nothing is published", code="NOTHING_PUBLISHED")


def test_one_apps_slow_load_does_not_hold_up_anothers():
    """Loads of different apps do not wait for each other."""
    publishing = Publishing()
    sets = ServingSets(publishing, None, None, None, None, None, clock=lambda: 0.0, poll_interval_s=0)

    def load() -> None:
        with pytest.raises(Unavailable):
            sets.current(SLOW)

    loading = Thread(target=load)
    loading.start()
    assert publishing.entered.acquire(timeout=5)
    with pytest.raises(Unavailable):
        sets.current(QUICK)

    assert loading.is_alive()
    publishing.leave.set()
    loading.join()
