"""Several server processes on one store: one publishes, all serve; everything acknowledged is kept once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from tests.e2e import editions
from tests.e2e.people import Desk, Phone
from tests.e2e.servers import until
from tests.e2e.stores import assert_whole, installations, opened

PHONES = 4
PUBLICATIONS = 12
SEEN_WITHIN_S = 1.0

pytestmark = pytest.mark.slow


def served(server, key):
    """Edition and print that a new phone gets, and the serving set that the answer names."""
    config = Phone(server.url, key).launch()
    return editions.edition_of(config), config["serving_set"]


def test_a_publication_reaches_every_server_within_a_second(kiosk, serve):
    """Whoever took the publication, the other server and each of its workers serve it within a second."""
    one, other = serve(kiosk.data_dir), serve(kiosk.data_dir, workers=2)
    desk = Desk(one.url, kiosk.owner, kiosk.app)
    for _ in range(8):
        served(other, kiosk.key)

    for edition in (2, 3, 4):
        number = desk.release(editions.documents(edition))
        desk.publish(number)
        time.sleep(SEEN_WITHIN_S)
        answers = Counter(served(each, kiosk.key)[0] for each in [other] * 8 + [one] * 2)
        assert answers == {(edition, 1): 10}


def test_launches_while_others_publish(kiosk, serve):
    """Every answer is made of one release and one catalogue, none fails, each phone is there once."""
    servers = [serve(kiosk.data_dir), serve(kiosk.data_dir)]
    desks = [Desk(each.url, kiosk.owner, kiosk.app) for each in servers]
    over, launched, editions_by_release, prints_by_version = Event(), [], {1: 1}, {}
    prints_by_version[desks[0].pointer()["catalog"]] = 1

    def open_apps(turn):
        while not over.is_set():
            turn += 1
            phone = Phone(servers[turn % 2].url, kiosk.key)
            answer = phone.try_launch()
            launched.append((phone.id, answer.status_code, answer.json()))

    with ThreadPoolExecutor(PHONES) as pool:
        running = [pool.submit(open_apps, turn) for turn in range(PHONES)]
        try:
            for step in range(2, PUBLICATIONS + 2):
                desk = desks[step % 2]
                number = desk.release(editions.documents(step))
                editions_by_release[number] = step
                desk.publish(number)
                if step % 3 == 0:
                    version = desk.import_catalog(editions.catalog(step))["version"]["version"]
                    prints_by_version[version] = step
                time.sleep(0.2)
        finally:
            over.set()
        for each in running:
            each.result()

    assert Counter(status for _, status, _ in launched) == {201: len(launched)}
    assert len({body["config"]["serving_set"]["release"] for *_, body in launched}) > 3
    for *_, body in launched:
        edition, number = editions.edition_of(body["config"])
        triple = body["config"]["serving_set"]
        assert editions_by_release[triple["release"]] == edition
        assert prints_by_version[triple["catalog"]] == number
    with opened(kiosk.data_dir) as services:
        assert_whole(services)
        assert sorted(installations(services)) == sorted(phone for phone, *_ in launched)


def test_publishing_at_once_loses_nothing(kiosk, serve):
    """Of two marketers who publish over each other one is told so; the sequence has no gap."""
    servers = [serve(kiosk.data_dir), serve(kiosk.data_dir)]
    desks = [Desk(each.url, kiosk.owner, kiosk.app) for each in servers]
    numbers = [desks[0].release(editions.documents(edition)) for edition in (2, 3)]

    def publish(turn):
        live = desks[turn % 2].call("GET", "/pointer").headers["ETag"]
        body = {"release": numbers[turn % 2]}
        return desks[turn % 2].call("POST", "/publish", json=body, headers={"If-Match": live}).status_code

    with ThreadPoolExecutor(4) as pool:
        outcomes = Counter(pool.map(publish, range(24)))

    assert set(outcomes) <= {200, 412}
    assert desks[0].pointer()["sequence"] == 1 + outcomes[200]
    with opened(kiosk.data_dir) as services:
        assert_whole(services)


def test_one_launch_sent_to_both_servers_is_one_installation(kiosk, serve):
    """A client that retries at another server gets the same installation: created once, then 200."""
    servers = [serve(kiosk.data_dir), serve(kiosk.data_dir)]
    phones = [
        [
            Phone(
                servers[turn % 2].url, kiosk.key, installation_id=f"6f0c2a9e-1d4b-4c67-9a3e-5b8e7f20c4{n:02d}"
            )
            for turn in range(4)
        ]
        for n in range(6)
    ]

    with ThreadPoolExecutor(4) as pool:
        for same in phones:
            statuses = sorted(pool.map(lambda phone: phone.try_launch().status_code, same))
            assert statuses == [200, 200, 200, 201]

    assert all(phone.get("/v1/me").is_success for same in phones for phone in same)
    with opened(kiosk.data_dir) as services:
        assert sorted(installations(services)) == sorted(same[0].id for same in phones)
    assert until(servers[0].is_ready, 1)
