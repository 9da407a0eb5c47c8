"""A phone against ``herenow serve`` as an operator runs it: first launch, beacons, a start in flight mode."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from tests.e2e.servers import Server, herenow
from tests.sdk_contract.client.apps import TITLE
from tests.sdk_contract.client.backend import CONTEXT, EXAMPLES, FOUND, GRANTED, Seed, seeded, verify

from herenow_sdk.client import Herenow, Settings
from herenow_sdk.client.calls import Calls
from herenow_sdk.client.transport import Transport
from herenow_sdk.core.reasons import AnswerSource

pytestmark = pytest.mark.slow
BITES = EXAMPLES / "bites"


@dataclass
class Shop:
    """A server process with an example app live, and one phone."""

    server: Server
    key: str
    package: dict
    folder: Path

    def open(self, **changes) -> Herenow:
        """The app, on the one phone there is."""
        made = Settings(
            url=self.server.url,
            key=self.key,
            app="bites",
            environment="production",
            folder=self.folder,
            keys=self.package["keys"],
            verify=verify,
            package=self.package,
        )
        return Herenow(replace(made, **changes))

    def told(self, app: Herenow) -> dict:
        """What the server knows of this phone."""
        calls = app._worker._synchroniser._calls
        installation = app._device.installation
        assert calls._has_token(installation) or calls._renew(installation) is None
        token, _ = calls._tokens[installation.id]
        answer = httpx.get(
            f"{self.server.url}/v1/me", headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )
        return answer.raise_for_status().json()


@pytest.fixture(scope="module", name="store")
def _store(tmp_path_factory) -> tuple[Seed, dict]:
    """An example app that is live, and what its command line exports for the build."""
    seed = seeded(tmp_path_factory.mktemp("live") / "data", BITES, clock=time.time)
    package = seed.folder.with_name("package.json")
    herenow("package", "--output", package, "--data-dir", seed.folder, "--app", seed.scope.app)
    return seed, json.loads(package.read_text())


@pytest.fixture(name="shop")
def _shop(store, tmp_path) -> Iterator[Shop]:
    seed, package = store
    shutil.copytree(seed.folder, tmp_path / "data")
    server = Server(tmp_path / "data")
    try:
        yield Shop(server.start(), seed.key, package, tmp_path / "phone")
    finally:
        server.kill()


def screen(app):
    """What a person sees."""
    feed = app.placement("home_feed")
    return app.config["features"], [item["id"] for item in feed.items]


def values(features):
    """The features without what only a server tells."""
    return {name: told["value"] for name, told in features.items()}


@pytest.mark.requirement("14.6.2", "13.3.4")
def test_a_phone_and_a_server_process(shop):
    """Personal at the first launch, beacons once, and the same screen without a network."""
    app = shop.open()
    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.SERVER
    assert app.feature("home_title", "Welcome") == TITLE
    _, order = screen(app)
    app.track("item_tap", {"item": order[0]})
    app.exposure("home_title")
    assert app.flush(within_s=30)
    assert app.flush(within_s=30)
    assert app._device.mailbox.is_empty
    app._device.new_session()  # what the tap taught is shown from now on
    features, order = screen(app)
    known = shop.told(app)
    app.close()
    shop.server.kill()

    offline = shop.open()
    assert offline.start(CONTEXT) is AnswerSource.SERVER
    assert screen(offline) == (features, order)
    offline.track("item_tap", {"item": order[1]})
    offline.close()

    shop.server.start()
    back = shop.open()
    back.start(CONTEXT)
    assert back.flush(within_s=30)
    assert back._device.mailbox.is_empty
    assert shop.told(back)["installation"]["id"] == known["installation"]["id"]
    back.close()


@pytest.mark.requirement("14.6.2")
def test_a_phone_decides_the_same_by_itself(shop):
    """The answer has lapsed, nobody is there: the device's own decision is what the server's was."""
    app = shop.open()
    app.start(CONTEXT, FOUND, GRANTED)
    assert app.refresh(within_s=30)
    features, order = screen(app)
    app.close()
    shop.server.kill()
    settings = shop.open()._settings
    later = settings.host.clock() + 7 * 86_400  # the same weekday: weekends have a boost of their own

    offline = shop.open(host=replace(settings.host, clock=lambda: later))

    assert offline.start(CONTEXT) is AnswerSource.DEVICE
    assert values(offline.config["features"]) == values(features)
    assert [item["id"] for item in offline.placement("home_feed").items] == order
    offline.close()


@pytest.mark.requirement("13.4.1")
def test_a_batch_that_was_taken_and_not_acknowledged_counts_once(shop):
    """The phone died before the answer came: it sends the same numbers again, the server knows them."""
    app = shop.open()
    app.start(CONTEXT, FOUND, GRANTED)
    assert app.refresh(within_s=30)
    app.close()
    device = app._device
    calls = Calls(device.settings, Transport(shop.server.url, 30))
    app.track("item_tap", {"item": "patty-lane"})
    batch = device.mailbox.next_batch(device.consent, device.device_now * 1000)
    body = batch.body(device.settings.host_instant())
    first = calls.authorised(device.installation, "POST", "/v1/beacons", body)
    assert (first.document["accepted"], first.document["duplicates"]) == (1, 0)

    again = shop.open()
    again.start(CONTEXT)
    assert [each.seq for each in again._device.mailbox.outbox.queued] in ([1], [])
    again.flush(within_s=30)

    assert again._device.mailbox.is_empty
    again.close()
    repeat = calls.authorised(device.installation, "POST", "/v1/beacons", body)
    assert (repeat.document["accepted"], repeat.document["duplicates"]) == (0, 1)
