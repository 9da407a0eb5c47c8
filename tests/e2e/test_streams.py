"""Phones that listen hear of a publication at once, and keep nobody from being served."""

from __future__ import annotations

import httpx
import pytest
from tests.e2e import editions
from tests.e2e.people import Desk
from tests.e2e.servers import until

pytestmark = pytest.mark.slow

SUB = "/sub/{}"
OFREP = "/ofrep/v1/streams/{}"


class Listener:
    """An event stream, read line by line as a client does."""

    def __init__(self, url: str, **headers: str) -> None:
        self._client = httpx.Client(trust_env=False, timeout=20)
        self._request = self._client.build_request("GET", url, headers=headers)
        self.response = self._client.send(self._request, stream=True)
        self._lines = self.response.iter_lines()

    def event(self) -> dict[str, str]:
        """The next event, by field; comments and ``retry`` are passed over."""
        fields: dict[str, str] = {}
        for line in self._lines:
            name, _, value = line.partition(":")
            if not line and "event" in fields:
                return fields
            if name in ("id", "event", "data"):
                fields[name] = value.strip()
        raise AssertionError("the stream ended")

    def ended(self) -> bool:
        """Whether the server ends the stream, without a fault."""
        for _ in self._lines:
            pass
        return True

    def close(self) -> None:
        """Leave."""
        self.response.close()
        self._client.close()


def published(server, kiosk) -> None:
    """Put another edition live, through the server's admin plane."""
    desk = Desk(server.url, kiosk.owner, kiosk.app)
    desk.publish(desk.release(editions.documents(2)))


@pytest.fixture
def listen():
    """Opens streams; none outlives the test."""
    opened = []

    def opening(url: str, **headers: str) -> Listener:
        opened.append(Listener(url, **headers))
        return opened[-1]

    yield opening
    for each in opened:
        each.close()


def test_a_publication_is_heard(kiosk, serve, listen):
    """Both dialects tell of it within moments, and name the new sequence."""
    server = serve(kiosk.data_dir)
    growthbook = listen(server.url + SUB.format(kiosk.key))
    ofrep = listen(server.url + OFREP.format(kiosk.key))
    first = growthbook.event(), ofrep.event()

    published(server, kiosk)
    second = growthbook.event(), ofrep.event()

    assert growthbook.response.headers["content-type"].startswith("text/event-stream")
    assert [each["event"] for each in (*first, *second)] == ["features-updated", "message"] * 2
    assert int(second[0]["id"]) == int(first[0]["id"]) + 1
    assert '"type":"refetchEvaluation"' in second[1]["data"]


def test_who_missed_nothing_is_told_nothing(kiosk, serve, listen):
    """A client that comes back with the present id hears the next publication first."""
    server = serve(kiosk.data_dir)
    stream = listen(server.url + SUB.format(kiosk.key))
    held = stream.event()["id"]
    stream.close()

    again = listen(server.url + SUB.format(kiosk.key), **{"Last-Event-ID": held})
    published(server, kiosk)

    assert int(again.event()["id"]) == int(held) + 1


def test_open_streams_hold_nothing_up(kiosk, serve, listen):
    """With more listeners than threads, requests are answered; and leaving frees a place."""
    server = serve(kiosk.data_dir, max_streams=400)  # a tenth for one network
    streams = [listen(server.url + SUB.format(kiosk.key)) for _ in range(40)]

    answered = httpx.get(f"{server.url}/readyz", trust_env=False).status_code
    refused = listen(server.url + SUB.format(kiosk.key)).response
    streams.pop().close()
    freed = until(lambda: listen(server.url + SUB.format(kiosk.key)).response.status_code == 200, 5)

    assert answered == 200
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert freed


def test_a_wrong_key_is_refused(kiosk, serve, listen):
    """Nobody listens to an app without its key, nor writes to a stream."""
    server = serve(kiosk.data_dir)

    assert listen(server.url + SUB.format("pk_nobody")).response.status_code == 401
    assert httpx.post(server.url + SUB.format(kiosk.key), trust_env=False).status_code == 405


def test_a_server_stops_with_streams_open(kiosk, serve, listen):
    """SIGTERM ends the streams cleanly and the server within its grace."""
    server = serve(kiosk.data_dir)
    stream = listen(server.url + SUB.format(kiosk.key))
    stream.event()

    server.terminate()

    assert stream.ended()
    assert server.wait() == 0
