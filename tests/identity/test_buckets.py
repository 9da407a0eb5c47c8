"""A bucket empties by use, fills with time, and belongs to one caller."""

import pytest

from herenow.errors import TooManyRequests
from herenow.identity import buckets
from herenow.identity.buckets import TokenBuckets
from herenow.scope import Scope

SCOPE = Scope("bites", "production")


class Moving:
    """A clock that is moved."""

    now = 1_795_317_000.0

    def __call__(self):
        """The instant."""
        return self.now


@pytest.fixture(name="clock")
def _clock():
    return Moving()


@pytest.fixture(name="of_sixty")
def _of_sixty(clock):
    return TokenBuckets("beacons", 60, clock=clock)


def test_a_full_bucket_gives_all_it_holds_at_once(of_sixty):
    """A phone that was offline empties its queue; one more is too much, and is told when it is not."""
    of_sixty.take(SCOPE, "a", 60)

    with pytest.raises(TooManyRequests) as refused:
        of_sixty.take(SCOPE, "a", 5)

    assert refused.value.retry_after_s == 5


def test_it_fills_with_time_and_never_beyond_its_size(of_sixty, clock):
    """A second gives one back; an hour gives no more than a minute."""
    of_sixty.take(SCOPE, "a", 60)
    clock.now += 1
    of_sixty.take(SCOPE, "a")
    clock.now += 3600
    of_sixty.take(SCOPE, "a", 60)

    with pytest.raises(TooManyRequests):
        of_sixty.take(SCOPE, "a")


def test_each_caller_has_a_bucket_of_their_own(of_sixty):
    """Also of the same name in another environment."""
    of_sixty.take(SCOPE, "a", 60)
    of_sixty.take(SCOPE, "b", 60)
    of_sixty.take(Scope("bites", "staging"), "a", 60)


def test_a_refusal_takes_nothing(of_sixty, clock):
    """Who asks too early does not wait the longer for it."""
    of_sixty.take(SCOPE, "a", 60)
    for _ in range(9):
        with pytest.raises(TooManyRequests):
            of_sixty.take(SCOPE, "a", 10)
    clock.now += 10
    of_sixty.take(SCOPE, "a", 10)


def test_more_than_it_holds_is_owed(of_sixty, clock):
    """A batch larger than the limit goes through once, and is paid for afterwards."""
    of_sixty.take(SCOPE, "a", 120)
    clock.now += 60
    with pytest.raises(TooManyRequests):
        of_sixty.take(SCOPE, "a", 1)
    clock.now += 1
    of_sixty.take(SCOPE, "a", 1)


def test_a_clock_set_back_gives_and_takes_nothing(of_sixty, clock):
    """Time that goes backwards counts as none."""
    of_sixty.take(SCOPE, "a", 30)
    clock.now -= 3600
    of_sixty.take(SCOPE, "a", 30)

    with pytest.raises(TooManyRequests):
        of_sixty.take(SCOPE, "a")


def test_what_is_remembered_is_bounded(of_sixty, monkeypatch):
    """The caller silent for longest is forgotten, and begins with a full bucket."""
    monkeypatch.setattr(buckets, "_REMEMBERED", 2)
    of_sixty.take(SCOPE, "a", 60)
    of_sixty.take(SCOPE, "b")
    of_sixty.take(SCOPE, "c")

    of_sixty.take(SCOPE, "a", 60)
