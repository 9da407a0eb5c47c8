"""Events of GrowthBook's tracking plugin become exposures, once, as far as the policy allows."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.beacons.service import Beacons
from herenow.compat.remembered import Remembered
from herenow.compat.tracking import MAX_PEOPLE, Tracking
from herenow.errors import TooManyRequests
from herenow.identity.buckets import TokenBuckets
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments, MemoryEventLog

HERE = Scope("kiosk", "production")
NOW = 1_795_317_000


@dataclass
class Desk:
    """A tracking service over stores in memory, and what it has stored."""

    tracking: Tracking
    log: MemoryEventLog
    clock: SimpleNamespace

    def records(self, scope=HERE):
        """Every beacon in the log, with its partition."""
        partitions = [each for each in self.log._partitions if each.startswith(scope.partition("beacons#"))]
        return [
            (each, record.value) for each in partitions for record in self.log.consume(each, 0, limit=1000)
        ]


@pytest.fixture
def desk():
    """A desk under a policy."""

    def make(**consent):
        clock = SimpleNamespace(now=NOW)
        now = lambda: clock.now  # noqa: E731
        documents, log = MemoryDocuments(now), MemoryEventLog()
        serving = SimpleNamespace(current=lambda _: SimpleNamespace(policy={"consent": consent}))
        beacons = Beacons(documents, log, clock=now)
        return Desk(
            Tracking(serving, beacons, Remembered(documents, log), pepper=b"p" * 32, clock=now), log, clock
        )

    return make


def viewed(experiment="look", variation="a", whose="u1", **more):
    """An event as the plugin posts it."""
    properties = {
        "experimentId": experiment,
        "variationId": variation,
        "hashAttribute": "id",
        "hashValue": whose,
    }
    return {
        "event_name": "Experiment Viewed",
        "properties_json": properties,
        "user_id": None,
        "device_id": whose,
        "url": "https://shop.example/secret?token=1",
        "context_json": {"email": "a@b.example"},
        **more,
    }


def evaluated(feature="title", value="x", whose="u1"):
    """A feature that was read."""
    properties = {"feature": feature, "source": "force", "value": value, "ruleId": "r", "variationId": ""}
    return {"event_name": "Feature Evaluated", "properties_json": properties, "device_id": whose}


def test_an_exposure_is_stored(desk):
    """What was seen, and nothing else of the event; whose it was only as a pseudonym."""
    there = desk(analytics="granted")

    assert there.tracking.accept(HERE, [viewed(), evaluated()]) == 2

    (_, first), (partition, second) = there.records()
    assert (first["type"], first["name"]) == ("exposure", "experiment")
    assert first["properties"] == {"experimentId": "look", "variationId": "a", "hashAttribute": "id"}
    assert (second["name"], second["properties"]["feature"]) == ("feature", "title")
    assert "u1" not in partition
    assert "example" not in str(there.records())


def test_a_repeat_counts_once_a_day(desk):
    """Within a batch and across batches; the next day it is another exposure."""
    there = desk(analytics="granted")

    counts = [there.tracking.accept(HERE, [viewed(), viewed()]) for _ in range(3)]
    there.clock.now += 86_400
    counts.append(there.tracking.accept(HERE, [viewed()]))

    assert counts == [1, 0, 0, 1]
    assert len(there.records()) == 2


def test_who_was_not_fast_enough_looks_again(desk, monkeypatch):
    """Two processes that take the same post at once store it once, wherever the first is interrupted."""
    there = desk(analytics="granted")
    accept = there.tracking._beacons.accept

    def overtaken(*arguments, **more):
        monkeypatch.undo()
        there.tracking.accept(HERE, [viewed()])
        return accept(*arguments, **more)

    monkeypatch.setattr(there.tracking._beacons, "accept", overtaken)

    assert there.tracking.accept(HERE, [viewed(), viewed(variation="b")]) == 1
    assert len(there.records()) == 2


def test_a_crash_before_the_ids_are_kept_costs_nothing(desk, monkeypatch):
    """What only the log has is known from the log."""
    there = desk(analytics="granted")
    monkeypatch.setattr(there.tracking._remembered, "keep", lambda *_: None)
    there.tracking.accept(HERE, [viewed()])

    assert there.tracking.accept(HERE, [viewed()]) == 0
    assert len(there.records()) == 1


def test_different_things_are_different_exposures(desk):
    """Another person, another variation, another value."""
    there = desk(analytics="granted")
    events = [viewed(), viewed(whose="u2"), viewed(variation="b"), evaluated(), evaluated(value="y")]

    assert there.tracking.accept(HERE, events) == 5


@pytest.mark.parametrize("consent", [{"analytics": "denied"}, {"analytics": "unknown"}, {}])
def test_the_policy_decides(desk, consent):
    """Without analytics granted to everybody, nobody's exposures are stored."""
    there = desk(**consent)

    assert there.tracking.accept(HERE, [viewed()]) == 0
    assert not there.records()


def test_places_are_apart(desk):
    """The same person elsewhere has another pseudonym and another log."""
    there = desk(analytics="granted")
    other = Scope("kiosk", "staging")
    there.tracking.accept(HERE, [viewed()])

    assert there.tracking.accept(other, [viewed()]) == 1
    [(mine, _)], [(theirs, _)] = there.records(), there.records(other)
    assert mine.rpartition("#")[2] != theirs.rpartition("#")[2]


def test_people_in_a_request_are_bounded(desk):
    """Each costs a write."""
    there = desk(analytics="granted")

    assert there.tracking.accept(HERE, [viewed(whose=f"u{n}") for n in range(200)]) == MAX_PEOPLE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EVENTS = JSON | st.fixed_dictionaries(
    {"event_name": st.sampled_from(["Experiment Viewed", "Feature Evaluated", "Page View"]) | JSON},
    optional={
        "properties_json": st.dictionaries(
            st.sampled_from(["experimentId", "variationId", "hashValue", "feature", "value", "ruleId"]), JSON
        )
        | JSON,
        "user_id": JSON,
        "device_id": JSON,
    },
)


@settings(deadline=None, max_examples=examples(60))
@given(events=st.lists(EVENTS, max_size=5))
def test_whatever_is_posted(events):
    """Any JSON is an exposure or is passed over, and a repeat adds nothing."""
    documents, log = MemoryDocuments(lambda: NOW), MemoryEventLog()
    serving = SimpleNamespace(current=lambda _: SimpleNamespace(policy={"consent": {"analytics": "granted"}}))
    beacons = Beacons(documents, log, clock=lambda: NOW)
    tracking = Tracking(serving, beacons, Remembered(documents, log), pepper=b"p" * 32, clock=lambda: NOW)

    tracking.accept(HERE, events)

    assert tracking.accept(HERE, events) == 0


def test_one_person_gone_wild_is_refused_before_anything_is_stored(desk):
    """The bucket of each person is asked for all that a request tells of them."""
    there = desk(analytics="granted")
    buckets = TokenBuckets("beacons", 2, clock=lambda: NOW)

    assert there.tracking.accept(HERE, [viewed(), evaluated()], buckets.take) == 2
    with pytest.raises(TooManyRequests):
        there.tracking.accept(HERE, [evaluated("size", whose="u2"), evaluated("size")], buckets.take)

    assert len(there.records()) == 2
