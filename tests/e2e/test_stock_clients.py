"""SDKs of others, as they are in the registries, against ``herenow serve``."""

from __future__ import annotations

import json
import subprocess
import threading
from queue import Queue
from typing import Any

import growthbook
import httpx
import pytest
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from tests.clients.node import node
from tests.e2e import editions
from tests.e2e.people import Desk
from tests.e2e.servers import until

from herenow.beacons.marks import log_partition
from herenow.bootstrap import build_services
from herenow.settings import Settings

pytestmark = pytest.mark.slow

WITHIN_S = 30
STOCK = {
    "title": {
        "type": "string",
        "description": "Title",
        "default": "Welcome",
        "rules": [
            {"id": "beta", "condition": {"beta": True}, "force": "For friends"},
            {"id": "searched", "condition": {"intent.topic": {"$exists": True}}, "force": "{{intent.label}}"},
        ],
    },
    "look": {
        "type": "string",
        "description": "Look",
        "default": "old",
        "rules": [
            {
                "id": "test",
                "key": "look-test",
                "variations": ["old", "new"],
                "meta": [{"key": "a"}, {"key": "b"}],
            }
        ],
    },
    "size": {"type": "number", "description": "A whole number", "default": 3},
    "share": {"type": "number", "description": "A fraction", "default": 0.5},
    "theme": {"type": "json", "description": "An object", "default": {"accent": "red"}},
    "flag": {"type": "boolean", "description": "A switch", "default": True},
}


def documents(**changes: Any) -> dict[str, str]:
    """The kiosk with features that try a client."""
    changed = {name: {**STOCK[name], "default": value} for name, value in changes.items()}
    policy = {"consent": {"analytics": "granted"}}
    return {
        **editions.documents(1),
        "features.json": json.dumps({**STOCK, **changed}),
        "policy.json": json.dumps(policy),
    }


class Client:
    """One client in a process of Node; what it prints is read line by line."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            node(script, *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._said: Queue[Any] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def hears(self, **wanted: Any) -> Any:
        """The next thing it says with these members; others are passed over."""
        while True:
            said = self._said.get(timeout=WITHIN_S)
            assert said is not None, "the client ended"
            if wanted.items() <= said.items():
                return said

    def until(self, holds: Any) -> Any:
        """The next thing it says of which ``holds``."""
        while True:
            said = self._said.get(timeout=WITHIN_S)
            assert said is not None, "the client ended"
            if holds(said):
                return said

    def tell(self, what: Any) -> None:
        """Say something to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._reader.join(10)
        self._process.communicate(timeout=10)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put(None)


@pytest.fixture
def run():
    """Starts clients; none outlives the test."""
    running = []

    def start(script: str, server: Any, key: str, **options: Any) -> Client:
        running.append(Client(script, server.url, key, json.dumps(options)))
        return running[-1]

    yield start
    for each in running:
        each.end()


@pytest.fixture
def stock(kiosk, serve):
    """A server over the kiosk with those features live; publishes changed defaults."""
    started = serve(kiosk.data_dir)

    class Stock:
        server = started
        url = started.url
        key = kiosk.key

        @staticmethod
        def publish(**changes: Any) -> None:
            """Put other defaults live."""
            desk = Desk(started.url, kiosk.owner, kiosk.app)
            desk.publish(desk.release(documents(**changes)))

    Stock.publish()
    httpx.get(f"{Stock.url}/api/features/{Stock.key}", trust_env=False)  # looks at the pointer at once
    return Stock


def launched(stock) -> dict[str, Any]:
    """A new installation that came with a search and lets itself be known."""
    body = {
        "installation_id": "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11",
        "installation_secret": "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "context": {"platform": "ios"},
        "acquisition": {"query": "news"},
        "consent": {"personalization": "granted"},
    }
    answer = httpx.post(
        f"{stock.url}/v1/installations", json=body, headers={"X-Herenow-Key": stock.key}, trust_env=False
    )
    return answer.raise_for_status().json()


def test_growthbook_in_javascript_decides_by_itself(stock, run):
    """It starts, judges what it can, changes its mind with its attributes, and hears of a publication."""
    client = run("growthbook.mjs", stock, stock.key, features=["title", "size"], attributes={"id": "u1"})
    assert client.hears(success=True)["source"] == "network"
    assert client.hears(values={"title": "Welcome", "size": 3})

    client.tell({"attributes": {"id": "u1", "beta": True}})
    assert client.hears(values={"title": "For friends", "size": 3})

    stock.publish(size=4)
    assert client.hears(values={"title": "For friends", "size": 4})


def test_growthbook_in_javascript_asks_for_evaluations(stock, run):
    """The search decides on the server, the placement's order comes along, a publication is heard."""
    client = run(
        "growthbook.mjs",
        stock,
        stock.key,
        features=["title", "size", "placement.shelf"],
        attributes={"id": "u1", "search": "news"},
        remoteEval=True,
    )
    first = client.until(lambda said: "values" in said)["values"]
    assert first["title"] == "News"
    assert len(first["placement.shelf"]["items"]) == editions.size_of(1)

    stock.publish(size=4)
    assert client.until(lambda said: said.get("values", {}).get("size") == 4)["values"]["title"] == "News"


def test_growthbook_in_javascript_speaks_for_an_installation(stock, run):
    """With a token among its headers, what is known of the installation decides."""
    token = launched(stock)["installation"]["token"]
    client = run(
        "growthbook.mjs",
        stock,
        stock.key,
        features=["title"],
        attributes={"id": "u1"},
        remoteEval=True,
        headers={"Authorization": f"Bearer {token}"},
    )

    assert client.hears(values={"title": "News"})


@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
def test_growthbook_in_javascript_reports_exposures(stock, run, remote):
    """The app's callback hears of the experiment, the same in both ways of evaluation."""
    client = run(
        "growthbook.mjs", stock, stock.key, features=["look"], attributes={"id": "u1"}, remoteEval=remote
    )

    exposed = client.until(lambda said: "exposed" in said)

    assert exposed["exposed"] == "look-test"
    assert (exposed["variation"], exposed["value"]) in {("a", "old"), ("b", "new")}
    assert exposed["whose"] == "u1"


def test_growthbook_in_javascript_tracks(stock, kiosk, run):
    """What its plugin posts is in the event log once, however often the app starts, and survives a kill."""
    for starts in (1, 2):
        client = run(
            "growthbook.mjs",
            stock,
            stock.key,
            features=["look", "title"],
            attributes={"id": "u1"},
            track=True,
        )
        client.until(lambda said: "exposed" in said)
        assert until(lambda: tracked(stock) >= starts, WITHIN_S)  # noqa: B023 - called before it changes
    stock.server.kill()

    told = [record.value for record in log_of(kiosk, "u1")]

    assert sorted((each["name"], each["type"]) for each in told) == [
        ("experiment", "exposure"),
        ("feature", "exposure"),
        ("feature", "exposure"),
    ]
    assert {each["properties"].get("experimentId") for each in told} == {"look-test", None}


def tracked(stock) -> int:
    """How many posts of the plugin the server has answered."""
    lines = httpx.get(f"{stock.url}/metrics", trust_env=False).text.splitlines()
    found = [line for line in lines if line.startswith("herenow_requests_total") and '"/track"' in line]
    return sum(int(float(line.split()[-1])) for line in found)


def log_of(kiosk, who: str) -> list[Any]:
    """What a stopped server's event log holds of somebody."""
    services = build_services(Settings(data_dir=kiosk.data_dir, poll_interval_s=0))
    try:
        sender = services.tracking._pseudonym(editions.KIOSK, who)
        return services.event_log.consume(log_partition(editions.KIOSK, sender))
    finally:
        services.close()


def test_growthbook_in_python(stock):
    """PyPI's SDK loads the features and decides by itself."""
    sdk = growthbook.GrowthBook(
        api_host=stock.url, client_key=stock.key, attributes={"id": "u1", "beta": True}
    )
    try:
        sdk.load_features()

        assert sdk.get_feature_value("title", "?") == "For friends"
        assert sdk.get_feature_value("theme", {}) == {"accent": "red"}
    finally:
        sdk.destroy()


FLAGS = {
    "title": "string",
    "size": "number",
    "flag": "boolean",
    "theme": "object",
    "placement.shelf": "object",
}


def test_openfeature_in_javascript(stock, run):
    """The web provider gets every flag, follows its context and hears of a publication."""
    client = run("ofrep.mjs", stock, stock.key, flags=FLAGS, context={"targetingKey": "u1", "search": "news"})

    flags = client.hears(why="ready")["flags"]
    assert {name: each["value"] for name, each in flags.items() if name != "placement.shelf"} == {
        "title": "News",
        "size": 3,
        "flag": True,
        "theme": {"accent": "red"},
    }
    assert flags["title"]["reason"] == "TARGETING_MATCH"
    assert flags["title"]["variant"] == "searched"
    assert len(flags["placement.shelf"]["value"]["items"]) == editions.size_of(1)

    client.tell({"context": {"targetingKey": "u1", "beta": True}})
    assert client.hears(why="context")["flags"]["title"]["value"] == "For friends"

    stock.publish(size=4)
    changed = client.until(lambda said: said["why"] == "changed" and said["flags"]["size"]["value"] == 4)
    assert changed["flags"]["title"]["value"] == "For friends"


def test_openfeature_in_javascript_is_refused(stock, run):
    """A wrong key is fatal to the provider; the app's own values hold."""
    assert "ProviderFatalError" in run("ofrep.mjs", stock, "pk_nobody").hears(why="error")["message"]


@pytest.fixture
def openfeature(stock):
    """PyPI's client with the OFREP provider."""
    provider = OFREPProvider(stock.url, headers_factory=lambda: {"Authorization": f"Bearer {stock.key}"})
    api.set_provider(provider)
    yield api.get_client()
    api.clear_providers()


def test_openfeature_in_python(openfeature):
    """Every type, strict about numbers, with reason and variant."""
    person = EvaluationContext("u1", {"search": "news"})

    title = openfeature.get_string_details("title", "?", person)
    assert (title.value, title.reason, title.variant) == ("News", "TARGETING_MATCH", "searched")
    assert openfeature.get_integer_value("size", 0) == 3
    assert openfeature.get_float_value("share", 0.0) == 0.5
    assert openfeature.get_boolean_value("flag", flag_evaluation_options=None, default_value=False) is True
    assert openfeature.get_object_value("theme", {}) == {"accent": "red"}
    assert openfeature.get_string_details("look", "?", person).reason == "SPLIT"
    assert openfeature.get_object_value("placement.shelf", {}, person)["items"]


def test_openfeature_in_python_is_told_what_is_wrong(openfeature):
    """A missing targeting key and a missing flag have their codes."""
    assert openfeature.get_string_details("look", "?").error_code == "TARGETING_KEY_MISSING"
    assert openfeature.get_string_details("nothing", "?").error_code == "FLAG_NOT_FOUND"
