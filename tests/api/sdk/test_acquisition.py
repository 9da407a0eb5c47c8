import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from tests.api.problems import assert_problem

from herenow.settings import Settings

TOKEN = {"apple_adservices_token": "c29tZSBhZHNlcnZpY2VzIHRva2Vu"}


class Apple(ThreadingHTTPServer):
    """A stand-in for Apple's endpoint: gives the next answer of ``script``, and counts its calls."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Endpoint)
        self.script: list[tuple[int, dict]] = []
        self.received: list[str] = []


class _Endpoint(BaseHTTPRequestHandler):
    server: Apple

    def do_POST(self) -> None:
        """Answer as the script says."""
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, document = self.server.script.pop(0)
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args) -> None:
        """Say nothing."""


@pytest.fixture(name="apple")
def _apple() -> Iterator[Apple]:
    server = Apple()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(name="settings")
def _settings(settings: Settings, apple: Apple) -> Settings:
    address = f"http://127.0.0.1:{apple.server_port}"
    return replace(settings, adservices_url=address, acquisitions_per_hour=6)


def late(live, launched, body):
    """POST /v1/acquisition."""
    return live.client.post("/v1/acquisition", json=body, headers=live.bearer(launched))


def home(config) -> list[str]:
    """The reasons of the home feed."""
    return [reason["code"] for reason in config["placements"]["home_feed"]["because"]]


def test_a_pending_token_is_answered_at_once(live, apple):
    """The first screen does not wait for Apple: popular now, and when to ask again."""
    launched = live.launch(acquisition=TOKEN)

    assert launched.status_code == 201
    assert launched.json["config"]["acquisition"] == {"status": "pending", "poll_after_ms": 5000}
    assert home(launched.json["config"])[0] == "POPULAR"
    assert apple.received == []


def test_a_keyword_becomes_the_order_made_for_it(live, apple):
    """Once Apple names the keyword, the app's own table turns it into the search."""
    apple.script = [
        (200, {"attribution": True, "orgId": 1, "campaignId": 5, "adGroupId": 7, "keywordId": 1234567})
    ]
    launched = live.launch(acquisition=TOKEN)

    config = late(live, launched, {}).json

    assert config["acquisition"]["status"] == "resolved"
    assert config["acquisition"]["confidence"] == 0.8
    assert config["intent"]["place"]["name"] == "Kandivali West"
    assert config["activation"] == "now"
    assert apple.received == [TOKEN["apple_adservices_token"]]


def test_not_yet_is_asked_again_and_not_sooner(live, apple, clock):
    """Apple's 404 means later: the same poll interval, and no call before it is due."""
    apple.script = [(404, {}), (200, {"attribution": True, "adGroupId": 777})]
    launched = live.launch(acquisition=TOKEN)

    first = late(live, launched, {}).json
    early = late(live, launched, {}).json
    clock.now += 5
    config = late(live, launched, {}).json

    assert first["acquisition"]["status"] == early["acquisition"]["status"] == "pending"
    assert config["acquisition"]["status"] == "resolved"
    assert len(apple.received) == 2


def test_an_invalid_token_ends_the_waiting(live, apple):
    """Apple's 400 is final."""
    apple.script = [(400, {})]
    launched = live.launch(acquisition=TOKEN)

    assert late(live, launched, {}).json["acquisition"] == {"status": "none"}
    assert late(live, launched, {}).json["acquisition"] == {"status": "none"}
    assert len(apple.received) == 1


def test_an_answer_that_comes_too_late_waits_for_the_next_start(live, clock):
    """Twenty seconds in, the screen does not jump under the person's eyes."""
    launched = live.launch(acquisition={})
    clock.now += 21

    config = late(live, launched, {"query": "burger joints in kandivali west"}).json

    assert config["activation"] == "next_start"
    assert config["intent"]["label"] == "Burgers"


def test_a_late_touch_upgrades_and_never_downgrades(live):
    """The most confident touch stays in force; the weaker one is kept in order behind it."""
    launched = live.launch()

    config = late(live, launched, {"deep_link": "bites://open?utm_campaign=biryani-week"}).json
    touches = live.client.get("/v1/me", headers=live.bearer(launched)).json["acquisition"]["touches"]

    assert config["intent"]["label"] == "Burgers"
    assert [touch["kind"] for touch in touches] == ["play_install_referrer", "deep_link"]


def test_a_repeated_touch_is_recorded_once(live):
    """A client that retries adds nothing."""
    launched = live.launch()
    for _ in range(3):
        late(live, launched, {"deep_link": "bites://open?utm_campaign=biryani-week"})

    touches = live.client.get("/v1/me", headers=live.bearer(launched)).json["acquisition"]["touches"]
    assert len(touches) == 2


def test_the_upgrade_is_kept(live):
    """The next config follows the late search."""
    launched = live.launch(acquisition={})
    late(live, launched, {"query": "biryani near andheri"})

    config = live.client.post("/v1/config", json={}, headers=live.bearer(launched)).json

    assert config["intent"]["place"]["name"] == "Andheri"


def test_a_search_told_again_is_kept_once_granted(live):
    """Consent after the first screen: the app tells the search again, and from then on it stays."""
    launched = live.launch(consent={"personalization": "unknown"})
    headers = live.bearer(launched)
    live.client.put("/v1/consent", json={"personalization": "granted"}, headers=headers)

    answer = late(live, launched, live.body["acquisition"]).json
    later = live.client.post("/v1/config", json={"context": live.body["context"]}, headers=headers).json

    assert answer["intent"]["label"] == later["intent"]["label"] == "Burgers"
    touches = live.client.get("/v1/me", headers=headers).json["acquisition"]["touches"]
    assert [touch["text"] for touch in touches] == ["burger joints in kandivali west"]


def test_a_weaker_touch_does_not_replace_a_search_that_was_not_kept(live):
    """Without its text the first touch still says how sure its source was."""
    launched = live.launch(consent={"personalization": "unknown"})

    answer = late(live, launched, {"utm": {"utm_source": "newsletter"}}).json

    assert answer["acquisition"] == launched.json["config"]["acquisition"]


def test_apple_is_not_asked_about_who_refuses(live, services, apple):
    """With personalization denied a token is neither kept nor sent on."""
    launched = live.launch(acquisition=TOKEN, consent={"personalization": "denied"})

    answer = late(live, launched, {}).json

    assert answer["acquisition"] == {"status": "withheld"}
    assert apple.received == []
    stored = services.installations.get(live.scope, launched.json["installation"]["id"])
    assert stored.pending is None


def test_too_many_late_acquisitions_are_refused(live, services):
    """An installation that keeps sending is told to wait."""
    launched = live.launch()
    answers = [late(live, launched, {}).status_code for _ in range(services.settings.acquisitions_per_hour)]

    assert set(answers) == {200}
    assert_problem(late(live, launched, {}), 429, "TOO_MANY_REQUESTS")


def test_apples_own_answer_is_taken_too(live):
    """An app that asked Apple itself sends the record, and is personal at once."""
    record = {"attribution": True, "campaignId": 5, "adGroupId": 7, "keywordId": 1234567}

    config = live.launch(acquisition={"apple_adservices": record}).json["config"]

    assert config["acquisition"]["status"] == "resolved"
    assert config["intent"]["place"]["name"] == "Kandivali West"


def test_a_config_says_when_to_ask_again_too(live, clock):
    """While a token is pending every config tells the time to the next poll."""
    launched = live.launch(acquisition=TOKEN)
    clock.now += 2

    config = live.client.post("/v1/config", json={}, headers=live.bearer(launched)).json

    assert config["acquisition"]["status"] == "pending"
    assert config["acquisition"]["poll_after_ms"] >= 1000
