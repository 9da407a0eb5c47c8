"""A server that is killed in the middle of beacons: what it acknowledged is in the log, once, and learned."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.e2e.editions import KIOSK
from tests.e2e.people import Phone
from tests.e2e.servers import HERENOW, Server, until
from tests.e2e.stores import opened

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.profiles.learned.store import Difference

pytestmark = pytest.mark.slow

ALLOWED = {"analytics": "granted", "personalization": "granted"}
BATCH = 50
SENDERS = 4
LOAD = 100_000
"""Beacons of all senders: of four phones, and of four people at a till, of whom fewer are taken in a day."""
GIVES_UP_AFTER_S = 60
FULL_AT = 2_000_000
"""Bytes that no file of the server can outgrow."""
ENOUGH = 1_200
"""Batches that fill that many bytes."""


class Sender:
    """Sends batch after batch, each as often as it takes, and counts what was acknowledged."""

    batches: int

    def __init__(self, url: str, path: str, headers: dict[str, str]) -> None:
        self.url, self.headers = f"{url}{path}", headers
        self.acknowledged = 0

    def batch(self, number: int) -> Any:
        """The body of a batch; the same number gives the same beacons."""
        raise NotImplementedError

    @property
    def told(self) -> int:
        """How many beacons it sends in all."""
        return self.batches * BATCH

    def send_all(self) -> None:
        """Until every batch is acknowledged."""
        with httpx.Client(trust_env=False, timeout=10) as http:
            for number in range(self.batches):
                self._send(http, self.batch(number))

    def _send(self, http: httpx.Client, body: Any) -> None:
        ends = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < ends:
            try:
                answer = http.post(self.url, json=body, headers=self.headers)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code == 200:
                told = answer.json()
                assert told["rejected"] == []
                assert told["accepted"] + told["duplicates"] == BATCH
                self.acknowledged += BATCH
                return
            assert answer.status_code in {429, 503}, answer.text
        raise AssertionError("the server did not come back")


class Numbered(Sender):
    """An installation of our own SDK: it numbers its beacons."""

    batches = 350

    def __init__(self, url: str, key: str) -> None:
        phone = Phone(url, key)
        phone.launch()
        phone_headers = phone._headers
        httpx.put(
            f"{url}/v1/consent", json=ALLOWED, headers=phone_headers, trust_env=False
        ).raise_for_status()
        super().__init__(url, "/v1/beacons", phone_headers)
        self.id = phone.id

    def batch(self, number: int) -> Any:
        """Beacons with the next numbers."""
        at = iso_utc(int(time.time()))
        tap = {"type": "behavior", "name": "item_tap", "at": at, "properties": {"item": "a"}}
        first = number * BATCH + 1
        return {"beacons": [{**tap, "id": str(uuid4()), "seq": first + each} for each in range(BATCH)]}


class Till(Sender):
    """A customer's backend: its events bear ids."""

    batches = 150

    def __init__(self, url: str, secret: str, user: str) -> None:
        super().__init__(url, "/v1/server/events", {"Authorization": f"Bearer {secret}"})
        self.user = user
        person = {"user_id": user, "consent": ALLOWED}
        httpx.post(
            f"{url}/v1/server/customers", json={"customers": [person]}, headers=self.headers, trust_env=False
        ).raise_for_status()

    def batch(self, number: int) -> Any:
        """Events with the next ids."""
        sale = {"user_id": self.user, "name": "purchase", "at": iso_utc(int(time.time()))}
        events = [{**sale, "id": f"{number}-{each}", "properties": {"value": each}} for each in range(BATCH)]
        return {"events": events}


def test_killed_twice_amid_beacons_nothing_acknowledged_is_lost_or_doubled(kiosk, serve):
    """Senders that repeat what was not answered end with a log that holds each of theirs exactly once."""
    with opened(kiosk.data_dir) as services:
        _, secret = services.keys.create(KIOSK, "secret", label="till", by="test")
    server = serve(kiosk.data_dir)
    phones = [Numbered(server.url, kiosk.key) for _ in range(SENDERS)]
    tills = [Till(server.url, secret, f"user-{number}") for number in range(SENDERS)]
    senders: list[Sender] = [*phones, *tills]
    assert sum(each.told for each in senders) == LOAD
    with ThreadPoolExecutor(len(senders)) as pool:
        sending = [pool.submit(each.send_all) for each in senders]
        for share in (0.2, 0.5):
            wanted = share * LOAD
            assert until(lambda: sum(each.acknowledged for each in senders) > wanted, 300)  # noqa: B023 - used at once
            server.kill()
            server.start()
        for each in sending:
            each.result()
    server.kill()

    with opened(kiosk.data_dir) as services:
        for phone in phones:
            seqs = [each["seq"] for each in _stored(services, phone.id)]
            assert sorted(seqs) == list(range(1, phone.told + 1))
        for till in tills:
            subject = services.customers.subjects.of(KIOSK, "proven", till.user)
            ids = [each["id"] for each in _stored(services, subject)]
            assert len(ids) == len(set(ids)) == till.told
            services.profiles.learn_of(KIOSK, subject)
            _assert_replayed(services.profiles.replay_of(KIOSK, subject, keep=False), till.told)
        for phone in phones:
            known = services.installations.get(KIOSK, phone.id)
            assert services.profiles.read(KIOSK, known).taught.days["item_tap"][1] == phone.told
            _assert_replayed(services.profiles.replay(KIOSK, known, keep=False), phone.told)


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="prlimit, which bounds files, is not installed")
def test_a_full_disk_is_told_and_nothing_unkept_is_acknowledged(kiosk, serve):
    """503 once files cannot grow; with room again the batch is taken, and all that was answered is there."""
    server = Server(kiosk.data_dir, program=("prlimit", f"--fsize={FULL_AT}", *HERENOW)).start()
    try:
        phone = Numbered(server.url, kiosk.key)
        answers, number = [200], 0
        while answers[-1] == 200 and number < ENOUGH:
            answers.append(_post(phone, phone.batch(number)).status_code)
            number += 1
    finally:
        server.kill()
    assert answers[-1] == 503
    acknowledged = number - 1

    server = serve(kiosk.data_dir)
    phone.url = f"{server.url}/v1/beacons"
    last = _post(phone, phone.batch(acknowledged)).json()
    server.kill()
    assert last["accepted"] + last["duplicates"] == BATCH
    with opened(kiosk.data_dir) as services:
        seqs = [each["seq"] for each in _stored(services, phone.id)]
    assert sorted(seqs) == list(range(1, (acknowledged + 1) * BATCH + 1))


def _assert_replayed(found: Difference, records: int) -> None:
    """What was learned amid kills, by several processes, is what the log teaches in one go."""
    assert (found.records, found.same, found.stored) == (records, True, True)


def _post(phone: Sender, body: Any) -> httpx.Response:
    return httpx.post(phone.url, json=body, headers=phone.headers, trust_env=False, timeout=30)


def _stored(services: Any, sender: str) -> list[Any]:
    partition = log_partition(KIOSK, sender)
    return [each.value for each in services.event_log.consume(partition, limit=10**6)]
