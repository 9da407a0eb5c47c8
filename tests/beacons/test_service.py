"""A batch is stored before it is acknowledged, and counts once whatever happens."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import quick

from herenow.beacons.marks import log_partition
from herenow.beacons.model import Batch, Sender
from herenow.beacons.service import Beacons
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments, MemoryEventLog

SCOPE = Scope("bites", "production")
GRANTED = {"analytics": "granted", "location": "granted"}
PHONE = Sender("6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11", GRANTED)
AT = "2026-11-22T03:00:00Z"


def beacon(seq, **changes):
    """A tap with this number, five minutes before the batch is received."""
    return {
        "id": str(UUID(int=seq)),
        "seq": seq,
        "type": "behavior",
        "name": "item_tap",
        "at": AT,
        "properties": {"item": "patty-lane"},
        **changes,
    }


SHOWN = beacon(3, type="message", name="shown", properties={"campaign": "lunch"})


def stored(log):
    """The values in the phone's partition of the log."""
    return [each.value for each in log.consume(log_partition(SCOPE, PHONE.id))]


def test_what_is_accepted_is_in_the_log_with_both_times(beacons, log):
    """What the device said stays beside what it was corrected to by the lag within the batch."""
    sent = Batch([beacon(1)], sent_at="2026-11-22T03:05:00Z")

    outcome = beacons.accept(SCOPE, PHONE, sent)

    assert (outcome.accepted, outcome.duplicates, outcome.rejected) == (1, 0, ())
    (record,) = stored(log)
    assert record["at"] == AT
    assert record["at_ms"] == record["received_ms"] - 300_000
    assert record["seq"] == 1


def test_the_same_batch_again_adds_nothing(beacons, log):
    """A phone that missed the answer sends it again; all of it is told as duplicate."""
    sent = Batch([beacon(1), beacon(2)])
    beacons.accept(SCOPE, PHONE, sent)

    again = beacons.accept(SCOPE, PHONE, sent)

    assert (again.accepted, again.duplicates) == (0, 2)
    assert [each["seq"] for each in stored(log)] == [1, 2]


def test_a_crash_between_log_and_mark_is_repaired_from_the_log(beacons, log):
    """The mark was never written; the next batch finds in the log what it holds."""
    beacons.accept(SCOPE, PHONE, Batch([beacon(1), beacon(2)]))
    unmarked = Beacons(MemoryDocuments(lambda: 0), log, clock=lambda: 1_795_317_000)

    again = unmarked.accept(SCOPE, PHONE, Batch([beacon(1), beacon(2), beacon(3)]))

    assert (again.accepted, again.duplicates) == (1, 2)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("not a beacon", "MALFORMED_BEACON"),
        (beacon(1, id="b-1"), "MALFORMED_BEACON"),
        (beacon(0), "MALFORMED_BEACON"),
        ({**beacon(1), "seq": None}, "MALFORMED_BEACON"),
        (beacon(1, properties={"pad": "x" * 33_000}), "BEACON_TOO_LARGE"),
        (beacon(1, at="2026-09-01T00:00:00Z"), "BEACON_TOO_OLD"),
        (beacon(1, at="2026-12-24T00:00:00Z"), "BEACON_FROM_FUTURE"),
    ],
)
def test_a_bad_beacon_is_rejected_alone(beacons, told, code):
    """Its neighbours count; the answer names its place, its id and the code."""
    outcome = beacons.accept(SCOPE, PHONE, Batch([beacon(8), told, beacon(9)]))

    assert outcome.accepted == 2
    assert [(each.index, each.code) for each in outcome.rejected] == [(1, code)]


@pytest.mark.parametrize("status", ["denied", "unknown"])
def test_what_the_person_does_not_allow_is_not_stored(beacons, log, status):
    """Unknown is not a yes; the outcome of a message guards the person and needs none."""
    sender = Sender(PHONE.id, {"analytics": status, "location": status})
    told = [beacon(1), beacon(2, type="geo", name="fence_entered"), SHOWN]

    outcome = beacons.accept(SCOPE, sender, Batch(told))

    assert [each.code for each in outcome.rejected] == ["CONSENT_DENIED"] * 2
    assert [each["type"] for each in stored(log)] == ["message"]


def test_a_number_far_behind_is_told_as_too_old(beacons):
    """Beyond the window nobody can say whether it came before."""
    beacons.accept(SCOPE, PHONE, Batch([beacon(5000)]))

    outcome = beacons.accept(SCOPE, PHONE, Batch([beacon(1)]))

    assert [each.code for each in outcome.rejected] == ["BEACON_TOO_OLD"]


def test_what_a_device_gave_up_is_told_once(beacons, log):
    """The counts lie with the first new beacons; the batch repeated adds none."""
    sent = Batch([beacon(1)], dropped={"QUEUE_FULL": 7})
    beacons.accept(SCOPE, PHONE, sent)
    beacons.accept(SCOPE, PHONE, sent)

    assert [each.get("dropped") for each in stored(log)] == [{"QUEUE_FULL": 7}]


def test_a_foreign_client_needs_no_numbers(beacons, log):
    """Its beacons go to the log of its own pseudonym, as they came."""
    stranger = Sender("track-1", GRANTED, numbered=False)
    told = {name: value for name, value in beacon(1, type="exposure").items() if name != "seq"}

    outcome = beacons.accept(SCOPE, stranger, Batch([told]))

    assert outcome.accepted == 1
    assert "seq" not in log.consume(log_partition(SCOPE, "track-1"))[0].value


@quick
@given(st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=8), max_size=12))
def test_every_number_counts_once_however_batches_repeat_and_overtake(batches):
    """The log holds each number that ever came exactly once."""
    log = MemoryEventLog()
    taking = Beacons(MemoryDocuments(lambda: 0), log, clock=lambda: 1_795_317_000)
    for numbers in batches:
        taking.accept(SCOPE, PHONE, Batch([beacon(number) for number in numbers]))

    kept = [each["seq"] for each in stored(log)]
    assert sorted(kept) == sorted({number for numbers in batches for number in numbers})


def test_the_same_batch_twice_at_once_is_stored_once(beacons, log, monkeypatch):
    """Whoever judged before the other stored reads again, and tells a duplicate."""
    append = log.append

    def overtaken(*arguments, **more):
        monkeypatch.undo()
        beacons.accept(SCOPE, PHONE, Batch([beacon(1)]))
        return append(*arguments, **more)

    monkeypatch.setattr(log, "append", overtaken)
    outcome = beacons.accept(SCOPE, PHONE, Batch([beacon(1), beacon(2)]))

    assert (outcome.accepted, outcome.duplicates) == (1, 1)
    assert [each["seq"] for each in stored(log)] == [1, 2]
