from typing import Any

import pytest

from herenow.errors import TooManyRequests
from herenow.identity.limits import Limit, RateLimiter, network_of
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

BITES = Scope("bites", "production")
TWICE = Limit("launches", 2, 60)


@pytest.fixture(name="limiter")
def _limiter(documents: MemoryDocuments, clock) -> RateLimiter:
    return RateLimiter(documents, pepper=b"p" * 32, clock=clock)


def test_what_exceeds_a_limit_is_refused_until_the_window_ends(limiter: RateLimiter, clock):
    """The refusal says when it is worth trying again, and then it is."""
    for _ in range(2):
        limiter.spend(BITES, TWICE, "10.0.0.0/24")

    with pytest.raises(TooManyRequests) as refusal:
        limiter.spend(BITES, TWICE, "10.0.0.0/24")
    clock.now += refusal.value.retry_after_s
    limiter.spend(BITES, TWICE, "10.0.0.0/24")


def test_networks_and_apps_are_counted_apart(limiter: RateLimiter):
    """One network's flood does not shut out another, nor another app."""
    for _ in range(2):
        limiter.spend(BITES, TWICE, "10.0.0.0/24")

    limiter.spend(BITES, TWICE, "10.0.1.0/24")
    limiter.spend(Scope("reels", "production"), TWICE, "10.0.0.0/24")


def test_two_processes_share_a_limit(documents: MemoryDocuments, clock):
    """The count lies in the store."""
    first, second = (RateLimiter(documents, pepper=b"p" * 32, clock=clock) for _ in range(2))
    first.spend(BITES, TWICE, "n")
    second.spend(BITES, TWICE, "n")

    with pytest.raises(TooManyRequests):
        first.spend(BITES, TWICE, "n")


def test_a_flood_that_is_refused_costs_the_store_nothing(clock):
    """A full window is remembered: no more is counted in it, and the next one begins afresh."""
    counted = []

    class Counted(MemoryDocuments):
        def increment(self, *args: Any, **options: Any) -> int:
            """Count the count."""
            counted.append(args)
            return super().increment(*args, **options)

    limiter = RateLimiter(Counted(clock), pepper=b"p" * 32, clock=clock)
    for _ in range(2):
        limiter.spend(BITES, TWICE, "n")
    for _ in range(50):
        with pytest.raises(TooManyRequests):
            limiter.spend(BITES, TWICE, "n")

    assert len(counted) == 3
    clock.now += TWICE.window_s
    limiter.spend(BITES, TWICE, "n")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("203.0.113.77:50123", "203.0.113.0/24"),
        ("[2001:db8:1:2:3::4]:443", "2001:db8:1::/48"),
        ("[2001:db8:1:2:3::4]", "2001:db8:1::/48"),
        ("[]:443", "unknown"),
        ("", "unknown"),
        ("203.0.113.77, 10.0.0.1", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_48(address: str, network: str):
    """Addresses of one household or office count together; what is no address counts as one."""
    assert network_of(address) == network
