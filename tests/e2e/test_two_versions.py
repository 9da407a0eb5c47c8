"""Two versions of the server on one store, as they are for the length of one deployment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.e2e import editions
from tests.e2e.people import Desk, Phone
from tests.e2e.servers import Server, herenow, until

NEWER = (sys.executable, str(Path(__file__).with_name("newer_server.py")))

pytestmark = pytest.mark.slow


def shown(server, key):
    """The edition that a new phone gets."""
    return editions.edition_of(Phone(server.url, key).launch())[0]


def test_the_older_goes_on_while_the_newer_expands(kiosk, serve):
    """A newer server widens the schema under a running older one; both serve and both publish."""
    older = serve(kiosk.data_dir)
    newer = serve(kiosk.data_dir, program=NEWER, next_schema="expand")

    for edition, (by, seen_by) in enumerate(((older, newer), (newer, older)), start=2):
        desk = Desk(by.url, kiosk.owner, kiosk.app)
        desk.publish(desk.release(editions.documents(edition)))
        assert until(lambda: shown(seen_by, kiosk.key) == edition, 2)  # noqa: B023 - used at once

    phone = Phone(newer.url, kiosk.key)
    phone.launch()
    phone.url = older.url
    assert phone.config()["serving_set"] == Desk(newer.url, kiosk.owner, kiosk.app).serving_set()


def test_the_older_starts_again_beside_the_newer(kiosk, serve):
    """Rolled back or restarted during the deployment, the older server finds a store that serves it."""
    serve(kiosk.data_dir, program=NEWER, next_schema="expand")

    assert shown(serve(kiosk.data_dir), kiosk.key) == 1


def test_a_server_too_old_says_so_and_stays_away(kiosk, serve):
    """Once what it needs is gone it refuses to start, in one sentence that tells what to do."""
    serve(kiosk.data_dir, program=NEWER, next_schema="contract")

    told = herenow("releases", "--app", "kiosk", "--data-dir", kiosk.data_dir, expect=1)
    assert "documents.sqlite is at schema" in told
    assert "Start the herenow release" in told
    assert "Traceback" not in told

    server = Server(kiosk.data_dir)
    server.launch()
    try:
        assert server.wait() != 0
    finally:
        server.kill()
    log = server.log.read_text()
    assert "documents.sqlite is at schema" in log
    assert "Start the herenow release" in log
    assert "Traceback" not in log
