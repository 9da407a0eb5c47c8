"""Event clients of others, as they are in the registry, against ``herenow serve``."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import httpx
import pytest
import rudderstack.analytics.client as rudder
import segment.analytics.client as segment
from tests.e2e import editions
from tests.e2e.people import Desk

from herenow.beacons.marks import log_partition
from herenow.bootstrap import build_services
from herenow.settings import Settings

pytestmark = pytest.mark.slow

CLIENTS = {"segment": segment.Client, "rudderstack": rudder.Client}
MESSAGES = 230


@pytest.fixture(name="collecting")
def _collecting(kiosk, serve):
    """A server whose app's policy grants analytics."""
    server = serve(kiosk.data_dir)
    policy = {"consent": {"analytics": "granted"}}
    desk = Desk(server.url, kiosk.owner, kiosk.app)
    desk.publish(desk.release({**editions.documents(1), "policy.json": json.dumps(policy)}))
    httpx.get(f"{server.url}/api/features/{kiosk.key}", trust_env=False)  # looks at the pointer at once
    return server


def log_of(kiosk, who: str) -> list[dict[str, Any]]:
    """What a stopped server's event log holds of somebody."""
    services = build_services(Settings(data_dir=kiosk.data_dir, poll_interval_s=0))
    try:
        subject = services.segment.subjects.of(editions.KIOSK, "claimed", who)
        return [each.value for each in services.event_log.consume(log_partition(editions.KIOSK, subject))]
    finally:
        services.close()


@pytest.mark.parametrize("name", CLIENTS)
def test_everything_a_client_posts_arrives_once(name, collecting, kiosk):
    """Batches of its own making, as gzip; what it calls its messages becomes what herenow knows."""
    failures: list[Exception] = []
    client = CLIENTS[name](
        kiosk.key, host=collecting.url, gzip=True, on_error=lambda error, _: failures.append(error)
    )
    client.identify("anna", {"plan": "free", "email": "anna@example.org"})
    client.screen("anna", "Food", "Home", {"tab": "discover"})
    for number in range(MESSAGES):
        client.track("anna", "Product Viewed", {"product_id": f"item-{number}"}, message_id=f"m-{number}")
    client.track("anna", "Product Viewed", {"product_id": "item-0"}, message_id="m-0")
    client.track("anna", "Danced", {"place": "terrace"})
    client.flush()
    client.join()
    collecting.kill()

    records = log_of(kiosk, "user:anna")
    assert failures == []
    assert Counter(each["name"] for each in records) == {
        "identify": 1,
        "screen_view": 1,
        "item_view": MESSAGES,
        "Danced": 1,
    }
    assert "example.org" not in json.dumps(records)
