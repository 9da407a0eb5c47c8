"""The beacon queue on a real disk: bounded, replayed after a crash, and calm when the disk is full."""

import os
import resource
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from herenow_sdk.client.mailbox import Mailbox
from herenow_sdk.client.store import Store
from herenow_sdk.core.device.outbox import MAX_QUEUED, MAX_QUEUED_BYTES
from herenow_sdk.core.reasons import BeaconFault, RetryClass

GRANTED = {"analytics": "granted", "location": "granted"}
SOMEBODY = "5" * 64
NOW_MS = 1_795_319_130_000


@pytest.fixture(name="store")
def _store(tmp_path):
    return Store(tmp_path / "app", lambda _code, _about: None)


@pytest.fixture(name="mailbox")
def _mailbox(store):
    return Mailbox(store, SOMEBODY)


def beacon(number, kind="behavior", **changes):
    """A beacon of its own."""
    name = f"{kind}-{number}"
    told = {"id": str(UUID(int=number)), "type": kind, "name": name, "at": "2026-11-21T15:05:30Z"}
    return {**told, "properties": {}, **changes}


def names(mailbox):
    """What waits, in order."""
    return [each.beacon["name"] for each in mailbox.outbox.queued]


def reopened(store):
    """The queue as the next start finds it."""
    return Mailbox(store, SOMEBODY)


@contextmanager
def full_disk():
    """No file of this process may grow: every write of a byte fails, as on a full disk."""
    _, hard = soft = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)


@pytest.mark.requirement("13.2.1", "13.2.2")
def test_a_full_queue_gives_up_the_least_worth_first_the_oldest_of_it(store, mailbox):
    """Exposures go before geography, geography before behaviour, messages last; so it is after a restart."""
    for number, kind in enumerate(("message", "behavior", "geo", "exposure", "exposure")):
        mailbox.add(beacon(number, kind), GRANTED)
    for number in range(10, MAX_QUEUED + 9):
        mailbox.add(beacon(number), GRANTED)

    again = reopened(store)

    assert names(again) == names(mailbox)
    assert names(again) == ["message-0", *(f"behavior-{number}" for number in range(10, MAX_QUEUED + 9))]
    assert again.outbox.dropped == mailbox.outbox.dropped == {"QUEUE_FULL": 4}


@pytest.mark.requirement("13.2.2")
def test_of_one_type_the_oldest_goes(store, mailbox):
    """What happened last is what matters to the next screen."""
    for number in range(MAX_QUEUED + 1):
        assert mailbox.add(beacon(number), GRANTED) is None

    assert names(reopened(store))[0] == "behavior-1"
    assert names(reopened(store))[-1] == f"behavior-{MAX_QUEUED}"


@pytest.mark.requirement("13.2.2")
def test_the_newest_is_no_exception(store, mailbox):
    """An exposure does not drive out behaviour; it is refused, and that stays so."""
    for number in range(MAX_QUEUED):
        mailbox.add(beacon(number), GRANTED)

    assert mailbox.add(beacon(MAX_QUEUED, "exposure"), GRANTED) is BeaconFault.QUEUE_FULL
    assert names(reopened(store)) == names(mailbox)


@pytest.mark.requirement("13.2.1")
def test_the_files_of_a_phone_without_a_network_stay_bounded(store, mailbox):
    """A month offline: what was given up is not kept on disk either."""
    page = {"text": "x" * 32_000}
    for number in range(10 * MAX_QUEUED_BYTES // 32_000):
        mailbox.add(beacon(number, properties=page), GRANTED)
        assert sum(each.stat().st_size for each in store.folder.iterdir()) < 3 * MAX_QUEUED_BYTES

    assert names(reopened(store)) == names(mailbox)


def test_a_start_replays_no_more_than_a_full_queue(store, mailbox):
    """Small beacons too: the journal is folded into the snapshot in time."""
    for number in range(MAX_QUEUED + 10):
        mailbox.add(beacon(number), GRANTED)

    assert reopened(store)._lines == 10


@pytest.mark.requirement("13.2.3")
def test_an_exposure_of_another_session_is_still_there_after_a_restart(store, mailbox):
    """The same value was shown in two sessions: both count, from the disk too."""
    for number in (1, 2):
        mailbox.add(beacon(number, "exposure", name="home_title"), GRANTED)
        mailbox.new_session()

    assert names(reopened(store)) == ["home_title", "home_title"]


@pytest.mark.requirement("13.3.2")
def test_a_number_is_on_disk_before_it_is_sent(store, mailbox):
    """Killed between sending and the answer: the next start sends the same numbers again."""
    mailbox.add(beacon(1), GRANTED)
    mailbox.add(beacon(2), GRANTED)
    sent = mailbox.next_batch(GRANTED, NOW_MS)

    again = reopened(store)
    again.add(beacon(3), GRANTED)

    assert [each.seq for each in sent.queued] == [1, 2]
    assert [(each.beacon["name"], each.seq) for each in again.next_batch(GRANTED, NOW_MS).queued] == [
        ("behavior-1", 1),
        ("behavior-2", 2),
        ("behavior-3", 3),
    ]


@pytest.mark.requirement("13.3.2")
def test_a_number_is_never_used_again_when_its_beacon_has_gone(store, mailbox):
    """Delivered, everything forgotten but the next number."""
    mailbox.add(beacon(1), GRANTED)
    mailbox.settle(mailbox.next_batch(GRANTED, NOW_MS), RetryClass.DONE, {})

    again = reopened(store)
    again.add(beacon(2), GRANTED)

    assert [each.seq for each in again.next_batch(GRANTED, NOW_MS).queued] == [2]


@pytest.mark.requirement("13.3.2")
def test_on_a_full_disk_nothing_is_sent_that_could_be_numbered_twice(mailbox):
    """Numbers cannot be kept, so none is given out; they wait."""
    mailbox.add(beacon(1), GRANTED)
    with full_disk(), pytest.raises(OSError, match=r"large|space"):
        mailbox.next_batch(GRANTED, NOW_MS)

    assert [each.seq for each in mailbox.outbox.queued] == [None]
    assert [each.seq for each in mailbox.next_batch(GRANTED, NOW_MS).queued] == [1]


def test_what_is_recorded_after_a_full_disk_is_there_at_the_next_start(store, mailbox):
    """A snapshot that failed takes no later line with it."""
    mailbox.add(beacon(1), GRANTED)
    with full_disk(), pytest.raises(OSError, match=r"large|space"):
        mailbox.next_batch(GRANTED, NOW_MS)
    mailbox.add(beacon(2), GRANTED)

    assert names(reopened(store)) == ["behavior-1", "behavior-2"]


def test_what_cannot_be_written_is_sent_all_the_same_once_there_is_room(store, mailbox):
    """Recorded while the disk was full, still in memory."""
    with full_disk(), pytest.raises(OSError, match=r"large|space"):
        mailbox.add(beacon(1), GRANTED)

    assert [each.beacon["name"] for each in mailbox.next_batch(GRANTED, NOW_MS).queued] == ["behavior-1"]
    assert names(reopened(store)) == ["behavior-1"]


@pytest.mark.requirement("16.3.2")
def test_on_a_full_disk_a_withdrawal_holds_all_the_same(mailbox):
    """What may not be sent any more has gone, at once."""
    mailbox.add(beacon(1), GRANTED)
    with full_disk():
        mailbox.consenting({"analytics": "denied"})

    assert mailbox.is_empty


def test_an_acknowledged_batch_has_gone_though_the_disk_is_full(store, mailbox):
    """It is not sent again in this run; at the next start the server recognises its numbers."""
    mailbox.add(beacon(1), GRANTED)
    batch = mailbox.next_batch(GRANTED, NOW_MS)
    with full_disk():
        mailbox.settle(batch, RetryClass.DONE, {})

    assert mailbox.is_empty
    assert [each.seq for each in reopened(store).outbox.queued] == [1]


def test_a_folder_that_cannot_be_read_is_an_empty_queue(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "app").write_bytes(b"")

    mailbox = Mailbox(Store(tmp_path / "app", lambda _code, _about: None), SOMEBODY)

    assert mailbox.is_empty
    with pytest.raises(OSError, match=r"exists|directory"):
        mailbox.add(beacon(1), GRANTED)
    assert names(mailbox) == ["behavior-1"]


def test_the_journal_is_for_its_owner_alone(store, mailbox):
    """What a person did is nobody else's."""
    mailbox.add(beacon(1), GRANTED)

    assert {each.stat().st_mode & 0o777 for each in store.folder.iterdir()} == {0o600}
    assert os.stat(store.folder).st_mode & 0o777 == 0o700


def test_an_app_that_changes_its_directory_keeps_its_folder(tmp_path, monkeypatch):
    """What was begun in a relative folder stays where it began."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    store = Store(Path("app"), lambda _code, _about: None)
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert store.folder == tmp_path / "app"
