"""An iPhone whose search is known only after Apple was asked, over real HTTP on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.e2e.people import Phone
from tests.e2e.servers import until

TOKEN = "c29tZSBhZHNlcnZpY2VzIHRva2Vu"
KEYWORD = {"attribution": True, "orgId": 1, "campaignId": 5, "adGroupId": 7, "keywordId": 9001}
POLL_S = 5

pytestmark = pytest.mark.slow


class Apple(ThreadingHTTPServer):
    """A stand-in for Apple's endpoint: gives the next answer of ``script``; keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Endpoint)
        self.script: list[tuple[int, dict]] = []
        self.received: list[tuple[str, str, str]] = []


class _Endpoint(BaseHTTPRequestHandler):
    server: Apple

    def do_POST(self) -> None:
        """Answer as the script says."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((self.path, self.headers["Content-Type"], body))
        status, document = self.server.script.pop(0)
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args) -> None:
        """Say nothing."""


@pytest.fixture(name="apple")
def _apple() -> Iterator[Apple]:
    with Apple() as endpoint:
        thread = Thread(target=endpoint.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield endpoint
        endpoint.shutdown()
        thread.join()


def test_pending_then_the_order_made_for_the_keyword(deploy, serve, apple):
    """Popular at once, then asked again as Apple's rules say, then the keyword's films, which stay."""
    folder = Path(__file__).parents[2] / "examples" / "reels"
    store = deploy(folder, folder / "catalog.ndjson")
    server = serve(store.data_dir, adservices_url=f"http://127.0.0.1:{apple.server_port}")
    phone = Phone(server.url, store.key, platform="ios", locale="en-GB")
    apple.script = [(404, {}), (200, KEYWORD)]

    launched = phone.launch({"apple_adservices_token": TOKEN})
    assert launched["acquisition"] == {"status": "pending", "poll_after_ms": POLL_S * 1000}
    assert [each["code"] for each in launched["placements"]["home_row"]["because"]] == ["POPULAR"]
    assert apple.received == []

    not_yet = phone.post("/v1/acquisition", {}).json()
    assert not_yet["acquisition"]["status"] == "pending"
    resolved: list[dict] = []

    def is_resolved() -> bool:
        resolved.append(phone.post("/v1/acquisition", {}).json())
        return resolved[-1]["acquisition"]["status"] == "resolved"

    assert until(is_resolved, POLL_S * 2, every_s=0.5)
    config = resolved[-1]
    assert config["activation"] == "now"
    assert config["features"]["row_title"]["value"] == "Comedies for tonight"
    assert len(apple.received) == 2
    assert {(kind, body) for _, kind, body in apple.received} == {("text/plain", TOKEN)}

    later = phone.config()
    assert later["intent"]["facets"] == config["intent"]["facets"]
    touches = phone.get("/v1/me").json()["acquisition"]["touches"]
    assert [each["kind"] for each in touches] == ["apple_adservices"]
    assert TOKEN not in json.dumps(phone.get("/v1/me").json())
    assert TOKEN not in server.log.read_text()


def test_a_late_search_upgrades_and_a_weaker_one_does_not(kiosk, serve):
    """What arrives after the first launch changes the order when it is surer, and never back."""
    server = serve(kiosk.data_dir)
    phone = Phone(server.url, kiosk.key)
    assert phone.launch()["acquisition"]["status"] == "none"

    upgraded = phone.post("/v1/acquisition", {"query": "news"}).json()
    assert upgraded["intent"]["facets"][0]["value"] == "news"
    weaker = phone.post("/v1/acquisition", {"deep_link": "kiosk://open?utm_campaign=summer"}).json()

    assert weaker["intent"]["facets"] == upgraded["intent"]["facets"]
    kinds = [each["kind"] for each in phone.get("/v1/me").json()["acquisition"]["touches"]]
    assert kinds[-2:] == ["query", "deep_link"]
