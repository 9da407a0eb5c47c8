"""A process that records beacons until it is killed, and tells on standard output how far it got.

``python -m tests.sdk_contract.client.writer FOLDER EVERY`` takes a batch out of the queue after each EVERY
beacons, and has every other one acknowledged. ``added N`` and ``sent SEQ:ID…`` are written after the disk
has it, ``acknowledged N…`` before.
"""

import sys
from itertools import count
from pathlib import Path
from uuid import uuid4

from herenow_sdk.client.mailbox import Mailbox
from herenow_sdk.client.store import Store
from herenow_sdk.core.reasons import RetryClass

GRANTED = {"analytics": "granted"}
SOMEBODY = "7" * 64
NOW_MS = 1_795_319_130_000


def opened(folder: Path) -> Mailbox:
    """The queue as a start finds it."""
    return Mailbox(Store(folder, lambda _code, _about: None), SOMEBODY)


def told(line: str) -> None:
    """A whole line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def record(mailbox: Mailbox, every: int) -> None:
    """Add beacons without end; number and acknowledge some of them now and then."""
    for number in count(1):
        name = f"{number}"
        beacon = {"id": str(uuid4()), "type": "behavior", "name": name, "at": "2026-11-21T15:05:30Z"}
        mailbox.add({**beacon, "properties": {"text": "x" * (number % 700)}}, GRANTED)
        told(f"added {name}")
        if number % every == 0 and (batch := mailbox.next_batch(GRANTED, NOW_MS)):
            told("sent " + " ".join(f"{each.seq}:{each.beacon['id']}" for each in batch.queued))
            if number % (2 * every) == 0:
                told("acknowledged " + " ".join(each.beacon["name"] for each in batch.queued))
                mailbox.settle(batch, RetryClass.DONE, {})


if __name__ == "__main__":
    record(opened(Path(sys.argv[1])), int(sys.argv[2]))
