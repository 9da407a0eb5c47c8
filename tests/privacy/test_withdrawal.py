"""Taking out of a record what stood on a purpose: once is enough, and in any order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.privacy.withdrawal import OF_THE_LOG, consenting, lost_between, withdrawn, without
from herenow.profiles.consent import STATUSES
from herenow.profiles.installation import Installation

PLACES = {"lat": 19.2, "lon": 72.8, "cell": "te7u5p", "geohash": "te7u5p", "accuracy_m": 20}
VALUES = st.sampled_from(
    [*PLACES.items(), ("query", "ramen"), ("item", "patty-lane"), ("within", {"lat": 1})]
)
RECORDS = st.builds(
    lambda kind, name, members: {"type": kind, "name": name, "properties": dict(members)},
    st.sampled_from(["behavior", "exposure", "geo", "message"]),
    st.sampled_from(["search", "item_view", "wrote", "location", "opened"]),
    st.lists(VALUES, max_size=4),
)
PURPOSES = st.frozensets(st.sampled_from(sorted(OF_THE_LOG)))


def after(record: Any, *withdrawals: frozenset[str]) -> Any:
    """A record after one withdrawal and another."""
    for purposes in withdrawals:
        record = None if record is None else without(record, purposes)
    return record


@given(RECORDS, PURPOSES, PURPOSES)
def test_withdrawals_have_no_order(record, some, others):
    """One after the other, in either order, twice, or both at once: the same is left."""
    both = after(record, some | others)

    assert after(record, some, others) == both
    assert after(record, others, some) == both
    assert after(record, some, others, some) == both


@given(RECORDS)
def test_no_place_outlives_location(record):
    """Wherever in a beacon it stood."""
    left = after(record, frozenset({"location"}))

    assert left is None or not any(name in repr(left["properties"]) for name in ("lat", "cell", "geohash"))
    assert (left is None) == (record["type"] == "geo")


@given(RECORDS)
def test_nothing_withdrawn_is_nothing_changed(record):
    """The very record, so that a log without anything to take out is not written again."""
    assert without(record, frozenset()) is record


@given(*(st.dictionaries(st.sampled_from(sorted(OF_THE_LOG)), st.sampled_from(STATUSES)) for _ in range(2)))
def test_what_a_change_withdraws_is_found_again_between_before_and_after(held, change):
    """Beacons on their way are held to the same purposes as those that were stored."""
    before = Installation("i", 0, "", held, {})
    now = consenting(before, change, 1)
    denied = frozenset(each for each in OF_THE_LOG if now.consent.get(each) == "denied")

    assert lost_between(before.consent, now.consent) & denied <= withdrawn(now.consent, change)


@pytest.mark.parametrize("status", ["granted", "unknown"])
def test_unknown_stops_what_comes_and_deletes_searches_alone(status):
    """As on the device (contract 16.3.1)."""
    change = dict.fromkeys(OF_THE_LOG, status)

    assert withdrawn(change, change) == ({"personalization"} if status == "unknown" else frozenset())
