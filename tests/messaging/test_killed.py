"""Workers that are killed while they hand over: everything due is delivered once, or is told as unknown."""

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.messaging.conftest import APP, House, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.messaging.deciding import HAND_OFF_S
from herenow.messaging.due import CLAIM_S
from herenow.messaging.people import Person
from herenow.messaging.records import records_of
from herenow.settings import Settings

PEOPLE = 240
WORKER = """
import sys, time
import structlog
from pathlib import Path
sys.path.insert(0, sys.argv[5])
from tests.messaging.conftest import APP, FakeCouriers, MovedClock, house_of
from herenow.bootstrap import build_services
from herenow.messaging.seams import HandedOver, Result
from herenow.settings import Settings

folder, name, now, letters = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), Path(sys.argv[4])

structlog.configure(logger_factory=structlog.ReturnLoggerFactory())

class Slow(FakeCouriers):
    def hand_off(self, installation, person, letter, now):
        with letters.open("a") as file:
            file.write(f"{letter.channel} {installation.id} {letter.message}\\n")
        time.sleep(0.004)
        return HandedOver(Result.HANDED)

clock = MovedClock(now)
services = build_services(Settings(data_dir=folder, secret="0" * 64, poll_interval_s=0), clock=clock)
house = house_of(services, clock)
house.with_parts(couriers=Slow())
print("ready", flush=True)
house.worker(name).turn(APP)
services.close()
"""


def worker(folder: Path, name: str, now: float, letters: Path) -> "subprocess.Popen[str]":
    """A worker in a process of its own, ready to go."""
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", WORKER, str(folder), name, str(now), str(letters), root]
    begun = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert begun.stdout is not None
    with begun.stdout as told:
        assert told.readline() == "ready\n"
    return begun


def due_house(folder: Path, clock: MovedClock) -> House:
    """People of whom each waits for a push or an e-mail."""
    settings = Settings(data_dir=folder, secret="0" * 64, poll_interval_s=0)
    house = house_of(build_services(settings, clock=clock), clock)
    said = {
        channel: campaign(channels=[channel], trigger={"event": event}) for channel, event in EVENTS.items()
    }
    house.publish(campaigns=said)
    return house


EVENTS = {"push": "item_view", "email": "item_save"}


@pytest.mark.slow
def test_what_killed_workers_leave_behind_is_delivered_once_or_unknown(tmp_path):
    """Four workers, three of them killed (SIGKILL) in the middle; a last one finds everything."""
    clock, letters = MovedClock(), tmp_path / "letters"
    house = due_house(tmp_path / "data", clock)
    phones = [house.phone() for _ in range(PEOPLE)]
    for index, phone in enumerate(phones):
        house.tell(phone, (("item_view", "item_save")[index % 2], {"item": "patty"}))
    letters.touch()

    for round_ in range(3):
        now = clock.now + round_ * max(CLAIM_S, HAND_OFF_S)
        pair = [worker(tmp_path / "data", f"{round_}{each}", now, letters) for each in ("a", "b")]
        time.sleep(0.15)
        for each in pair:
            each.send_signal(signal.SIGKILL)
            each.wait()
    for round_ in range(3, 6):
        now = clock.now + round_ * max(CLAIM_S, HAND_OFF_S)
        assert worker(tmp_path / "data", f"{round_}", now, letters).wait(timeout=60) == 0

    sent = Counter(tuple(line.split()) for line in letters.read_text().splitlines())
    outcomes = [_outcome(house, phone) for phone in phones]
    house.services.close()
    assert all(outcome in {"show", "unknown"} for outcome in outcomes), Counter(outcomes)
    assert all(times == 1 for (channel, _, _), times in sent.items() if channel == "email")
    reached = {identity: message for _, identity, message in sent}
    assert len({(identity, message) for _, identity, message in sent}) == len(reached)  # one id each
    missed = [
        p.id for p, outcome in zip(phones, outcomes, strict=True) if outcome == "show" and p.id not in reached
    ]
    assert missed == []


def _outcome(house, phone) -> str:
    found = list(records_of(house.services.documents, Person.of(APP, phone)))
    return str(found[-1].told["outcome"]) if found else "forgotten"
