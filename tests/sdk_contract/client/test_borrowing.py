"""What a phone draws of a lease, and gives back: on disk before anything else."""

from pathlib import Path

import pytest

from herenow_sdk.client.message_record import MessageRecord
from herenow_sdk.client.store import Store
from herenow_sdk.core.messages import MessageRules
from herenow_sdk.core.messages.leases import read_leases
from herenow_sdk.core.messages.ledger import Sent

RULE, END = "policy/caps/0", 1_795_219_200
SENT = Sent("hello", END - 60, ("in_app",))


@pytest.fixture(name="record")
def _record(tmp_path):
    record = MessageRecord.opened(Store(tmp_path, lambda *_: None), "someone")
    lend(record)
    return record


def lend(record, until=END, slots=2, under=1):
    """An answer with a lease."""
    leases = {"held": {RULE: {"slots": slots, "used": 0, "as_of": until - 3600, "until": until}}}
    record.lent(MessageRules(), {"leases": leases}, frozenset(), frozenset(), under=under)
    assert record.keep()


def opened(record):
    """The record as another start of the app finds it."""
    return MessageRecord.opened(record.store, record.identity)


@pytest.mark.requirement("11.6.4")
def test_what_was_drawn_is_told_once_the_lease_is_over(record):
    """Not before; again until an answer came, also after a crash."""
    record.spent("m1", SENT, [RULE])
    record.keep()

    assert opened(record).returning(END - 1) == []
    told = opened(record).returning(END)
    assert told == [{"rule": RULE, "until": END, "used": 1}]
    assert opened(record).returning(END + 60) == told
    lend(again := opened(record), until=END + 3600)
    assert again.returning(END + 60) == []


@pytest.mark.requirement("11.6.4")
def test_a_lease_that_was_given_back_pays_for_nothing(record):
    """Also when the clock is set back afterwards."""
    record.returning(END)

    assert read_leases(opened(record).leases).held[RULE].slots == 0


def test_what_cannot_be_closed_on_disk_is_not_given_back(record, monkeypatch):
    """It might be used after a crash."""
    monkeypatch.setattr(Store, "keep_json", lambda *_: False)

    assert record.returning(END) == []
    assert read_leases(record.leases).held[RULE].slots == 2


def test_the_same_lease_told_again_keeps_what_was_drawn(record):
    """A config in the middle of it forgets nothing; the next lease begins anew."""
    record.spent("m1", SENT, [RULE])
    lend(record)
    assert record.returning(END)[0]["used"] == 1

    lend(record, until=END + 3600)
    assert record.returning(END + 3600)[0]["used"] == 0


def test_a_record_of_before_gives_back_nothing_it_cannot_know(tmp_path: Path):
    """Leases that cannot be read are none."""
    record = MessageRecord.opened(Store(tmp_path, lambda *_: None), "someone")
    for leases in (None, 7, {"held": 7}, {"held": {RULE: {"slots": "two"}}}):
        record.state = {"leases": leases, "drawn": 7, "returns": "x"}
        assert record.returning(END) == []
