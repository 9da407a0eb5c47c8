"""``kill -9`` in the middle of writing: what was recorded is there, and no number means two beacons."""

import signal
import subprocess
import sys
from random import Random

import pytest
from tests.sdk_contract.client.writer import GRANTED, NOW_MS, opened

from herenow_sdk.core.reasons import RetryClass

KILLS = 6


class Told:
    """What the processes said before they were killed."""

    def __init__(self):
        self.added, self.acknowledged, self.numbers = set(), set(), {}

    def take(self, output):
        """Read what one process wrote; its last line may be torn."""
        for line in output[: output.rfind("\n") + 1].splitlines():
            what, *rest = line.split(" ")
            if what == "added":
                self.added.add(rest[0])
            elif what == "acknowledged":
                self.acknowledged |= set(rest)
            else:
                self.number(dict(each.split(":") for each in rest))

    def number(self, given):
        """Take numbers in, each with the beacon it was given to."""
        for seq, beacon in given.items():
            assert self.numbers.setdefault(seq, beacon) == beacon, f"{seq} means two beacons"


def killed_after(folder, lines, every):
    """What a process said that was killed once it had written so many lines."""
    command = [sys.executable, "-m", "tests.sdk_contract.client.writer", str(folder), str(every)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        head = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    assert process.returncode == -signal.SIGKILL
    return "".join(head) + rest


def torn(folder):
    """A crash of the whole machine may also leave half a line at the end of the journal."""
    (journal,) = folder.glob("*.journal")
    whole = journal.read_bytes()
    journal.write_bytes(whole + b"\n0badc0de " + whole[20:60])


@pytest.mark.slow
@pytest.mark.requirement("13.2.5", "13.3.2")
@pytest.mark.parametrize("every", [3, 50])
def test_a_killed_app_loses_nothing_that_was_recorded(tmp_path, every):
    """Killed at any moment, again and again: each beacon waits or was acknowledged, each number is one's."""
    told, moments = Told(), Random(every)
    for _ in range(KILLS):
        told.added.clear()
        told.acknowledged.clear()
        before = {each.beacon["name"] for each in opened(tmp_path).outbox.queued}
        told.take(killed_after(tmp_path, moments.randrange(5, 400), every))
        waiting = {each.beacon["name"] for each in opened(tmp_path).outbox.queued}
        assert told.added - told.acknowledged <= waiting
        assert before - told.acknowledged <= waiting

    mailbox = opened(tmp_path)
    while batch := mailbox.next_batch(GRANTED, NOW_MS):
        told.number({str(each.seq): each.beacon["id"] for each in batch.queued})
        mailbox.settle(batch, RetryClass.DONE, {})
    assert mailbox.is_empty
    assert len(set(told.numbers.values())) == len(told.numbers)


@pytest.mark.slow
@pytest.mark.requirement("13.2.5")
def test_a_torn_last_line_costs_that_line_alone(tmp_path):
    """Everything before it is read, everything after it too."""
    killed_after(tmp_path, 20, 1000)
    whole = [each.beacon["name"] for each in opened(tmp_path).outbox.queued]
    torn(tmp_path)

    mailbox = opened(tmp_path)
    beacon = {"id": "00000000-0000-4000-8000-000000000001", "type": "behavior", "name": "after"}
    mailbox.add({**beacon, "at": "2026-11-21T15:05:30Z", "properties": {}}, GRANTED)

    assert len(whole) >= 20
    assert [each.beacon["name"] for each in opened(tmp_path).outbox.queued] == [*whole, "after"]
