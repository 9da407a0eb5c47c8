"""Servers that are killed, and servers that are asked to stop."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest
from tests.e2e import editions
from tests.e2e.people import Desk, Phone
from tests.e2e.servers import until
from tests.e2e.stores import assert_whole, installations, opened

PHONES = 3
LAUNCHES_BEFORE = 15

pytestmark = pytest.mark.slow


class Crowd:
    """Phones that go on opening the app until the server is gone, and what they were told."""

    def __init__(self, url, key):
        self.acknowledged, self.refused = [], []
        self._url, self._key, self._over = url, key, Event()
        self._pool = ThreadPoolExecutor(PHONES)

    def __enter__(self):
        """Begin."""
        for _ in range(PHONES):
            self._pool.submit(self._open_apps)
        return self

    def __exit__(self, *_):
        """End."""
        self._over.set()
        self._pool.shutdown()

    def _open_apps(self):
        while not self._over.is_set():
            phone = Phone(self._url, self._key)
            try:
                answer = phone.try_launch()
            except httpx.TransportError:
                continue
            (self.acknowledged if answer.status_code == 201 else self.refused).append(phone)


def assert_kept(server, store, phones):
    """Each phone's installation is there exactly once, and its token still opens it."""
    for phone in phones:
        assert phone.get("/v1/me").json()["installation"]["id"] == phone.id
    with opened(store.data_dir) as services:
        assert_whole(services)
        kept = installations(services)
    assert len(kept) == len(set(kept))
    assert {phone.id for phone in phones} <= set(kept)
    assert Phone(server.url, store.key).launch()["serving_set"]


def test_killed_during_launches(kiosk, serve):
    """After kill -9 in the middle of launches every acknowledged installation is there, once."""
    server = serve(kiosk.data_dir)
    with Crowd(server.url, kiosk.key) as crowd:
        assert until(lambda: len(crowd.acknowledged) >= LAUNCHES_BEFORE, 20)
        server.kill()

    server.start()
    assert crowd.refused == []
    assert_kept(server, kiosk, crowd.acknowledged)


@pytest.mark.parametrize("seed", range(3))
def test_killed_during_publications_and_imports(kiosk, serve, seed):
    """Killed at any moment of publishing, the pointer names what is whole, and what was answered stays."""
    server = serve(kiosk.data_dir)
    answered = {"sequence": 1, "release": 1}
    desk = Desk(server.url, kiosk.owner, kiosk.app)

    def publish_on():
        for edition in range(2, 1_000):
            number = desk.release(editions.documents(edition))
            answered["release"] = number
            answered["sequence"] = desk.publish(number)["sequence"]
            imported = desk.import_catalog(editions.catalog(edition))
            answered["sequence"] = imported["pointer"]["sequence"]

    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish_on)
        assert until(lambda: answered["sequence"] > 3, 20)
        time.sleep(random.Random(seed).uniform(0, 0.3))
        server.kill()
        assert isinstance(publishing.exception(), httpx.TransportError)

    server.start()
    assert desk.pointer()["sequence"] in (answered["sequence"], answered["sequence"] + 1)
    assert desk.call("GET", f"/releases/{answered['release']}").is_success
    assert_kept(server, kiosk, [])
    editions.edition_of(Phone(server.url, kiosk.key).launch())
    desk.publish(desk.release(editions.documents(1_000)))


def test_a_killed_worker_is_replaced(kiosk, serve):
    """A worker that dies takes nothing with it and is replaced without anybody's doing."""
    server = serve(kiosk.data_dir)
    with Crowd(server.url, kiosk.key) as crowd:
        assert until(lambda: len(crowd.acknowledged) >= LAUNCHES_BEFORE, 20)
        (worker,) = server.workers()
        os.kill(worker, signal.SIGKILL)
        assert until(lambda: server.workers() not in ({worker}, set()), 20)
        before = len(crowd.acknowledged)
        assert until(lambda: len(crowd.acknowledged) > before + LAUNCHES_BEFORE, 20)

    assert crowd.refused == []
    assert_kept(server, kiosk, crowd.acknowledged)


def test_workers_end_with_their_server(kiosk, serve):
    """When only the supervising process is killed its workers leave too: a restart finds the port free."""
    server = serve(kiosk.data_dir)
    (worker,) = server.workers()
    os.kill(server.pid, signal.SIGKILL)
    server.wait()

    assert until(lambda: not server.workers(), 10), f"worker {worker} lives on without its server"
    server.start()
    assert Phone(server.url, kiosk.key).launch()


def test_asked_to_stop_it_finishes_what_it_began(kiosk, serve):
    """SIGTERM closes the port; requests in flight are answered, then the server ends without an error."""
    server = serve(kiosk.data_dir)
    with Crowd(server.url, kiosk.key) as crowd:
        assert until(lambda: len(crowd.acknowledged) >= LAUNCHES_BEFORE, 20)
        with _half_sent_launch(server, kiosk.key) as (connection, rest):
            server.terminate()
            time.sleep(0.3)
            connection.sendall(rest)
            answer = connection.makefile("rb").readline()
        assert server.wait() == 0

    assert answer.startswith(b"HTTP/1.1 201"), answer
    assert crowd.refused == []
    assert until(lambda: not server.workers(), 5)
    server.start()
    assert_kept(server, kiosk, crowd.acknowledged)


def _half_sent_launch(server, key):
    """A connection on which half of a first launch was sent, and the other half."""
    phone = Phone(server.url, key)
    body = json.dumps(
        {
            "installation_id": phone.id,
            "installation_secret": phone.secret,
            "context": phone.context,
            "acquisition": {},
            "consent": {},
        }
    ).encode()
    head = (
        f"POST /v1/installations HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Herenow-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    return _Sent(server.port, head + body[:40], body[40:])


class _Sent:
    """A connection with its first bytes sent."""

    def __init__(self, port, begun, rest):
        self._port, self._begun, self._rest = port, begun, rest

    def __enter__(self):
        """The connection, and what is still to be sent."""
        self._connection = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        self._connection.sendall(self._begun)
        time.sleep(0.2)
        return self._connection, self._rest

    def __exit__(self, *_):
        """Close it."""
        self._connection.close()
