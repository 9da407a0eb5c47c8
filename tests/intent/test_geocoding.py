"""The optional online geocoder, against a real server that speaks as Nominatim does."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf
from urllib.parse import parse_qs, urlsplit

import pytest

from herenow.errors import Invalid
from herenow.intent.geocoding import DEFAULT_RADIUS_M, GeocodedPlace, GeocodingOptions, geocoder

pytest.importorskip("geopy")

KREUZBERG = {
    "place_id": 1,
    "lat": "52.4976",
    "lon": "13.4030",
    "name": "Kreuzberg",
    "display_name": "Kreuzberg, Berlin, Deutschland",
    "boundingbox": ["52.4827", "52.5092", "13.3682", "13.4534"],
}


class Nominatim(ThreadingHTTPServer):
    """Answers ``/search`` with what it was told, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.status, self.asked = [KREUZBERG], 200, []

    @property
    def url(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        """A search."""
        self.server.asked.append((parse_qs(urlsplit(self.path).query), self.headers["User-Agent"]))
        body = self.server.answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *told):
        """Quiet."""


@pytest.fixture
def server():
    """A running server."""
    with Nominatim() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


class Hours:
    """A clock that stands until it is moved."""

    now = 1_000_000.0

    def __call__(self):
        """The time."""
        return self.now


@pytest.fixture
def clock():
    """Standing."""
    return Hours()


@pytest.fixture
def make(server, clock):
    """A geocoder at the server, by what differs from the defaults."""

    def made(**options):
        given = {"service": "nominatim", "url": server.url, "timeout_s": 5, "user_agent": "tests", **options}
        return geocoder(GeocodingOptions(**given), clock)

    return made


def test_there_is_none_unless_one_is_named(clock):
    """Off by default."""
    assert geocoder(GeocodingOptions(), clock) is None


def test_a_place_is_found_with_its_extent(make, server):
    """Name and point as the service says; half the diagonal of its box."""
    found = make().locate("Kreuzberg", "DE")

    assert found == GeocodedPlace("Kreuzberg", 52_497_600, 13_403_000, 4961)
    query, agent = server.asked[0]
    assert query["q"] == ["Kreuzberg"]
    assert query["countrycodes"] == ["de"]
    assert agent == "tests"


def test_an_answer_without_extent_has_the_default_radius(make, server):
    """A point still is a place."""
    server.answer = [{"lat": "1.5", "lon": "2.5", "display_name": "Somewhere, Far"}]

    assert make().locate("somewhere") == GeocodedPlace("Somewhere", 1_500_000, 2_500_000, DEFAULT_RADIUS_M)


def test_the_same_place_is_asked_for_once(make, server):
    """However it is written; also when there is no such place."""
    asking = make(per_second=inf)
    for text in ("Kreuzberg", "kreuzberg ", "KREUZBERG"):
        assert asking.locate(text)
    assert len(server.asked) == 1

    server.answer = []
    assert asking.locate("nowhere") is None
    assert asking.locate("nowhere") is None
    assert len(server.asked) == 2


def test_an_answer_expires(make, server, clock):
    """After its time it is asked for again."""
    asking = make(cache_s=100)
    asking.locate("kreuzberg")
    clock.now += 99
    asking.locate("kreuzberg")
    assert len(server.asked) == 1

    clock.now += 2
    asking.locate("kreuzberg")
    assert len(server.asked) == 2


def test_the_cache_is_bounded(make, server):
    """The longest unused answer goes first."""
    asking = make(cached=2, per_second=inf)
    for text in ("a", "b", "a", "c", "a", "b"):
        asking.locate(text)

    assert [query["q"] for query, _ in server.asked] == [["a"], ["b"], ["c"], ["b"]]


def test_the_rate_is_kept_without_waiting(make, server, clock):
    """A second question within the second is not asked; afterwards it is."""
    asking = make(per_second=1)
    assert asking.locate("kreuzberg")
    assert asking.locate("neukölln") is None
    assert len(server.asked) == 1

    clock.now += 1.01
    assert asking.locate("neukölln")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, b"no"),
        (429, b"slow down"),
        (403, b""),
        (200, b"<html>not json"),
        (200, [{"lat": "95", "lon": "0", "display_name": "x"}]),
        (200, [{"lat": "x", "lon": "0", "display_name": "x"}]),
        (200, [{"lat": "1", "lon": "0", "display_name": "x", "boundingbox": [1]}]),
        (200, ["what"]),
    ],
)
def test_a_failing_service_is_nothing_to_a_parse(make, server, clock, status, answer):
    """No answer, a rest, then another try."""
    asking = make(per_second=inf, rest_s=30)
    server.status, server.answer = status, answer
    assert asking.locate("kreuzberg") is None
    assert asking.locate("kreuzberg") is None
    assert len(server.asked) == 1

    clock.now += 31
    server.status, server.answer = 200, [KREUZBERG]
    assert asking.locate("kreuzberg")


def test_a_server_that_is_away_is_nothing_to_a_parse(clock):
    """Nobody listens there."""
    options = GeocodingOptions("nominatim", "http://127.0.0.1:9", timeout_s=0.5)
    assert geocoder(options, clock).locate("kreuzberg") is None


@pytest.mark.parametrize("text", ["", "   ", "\x00\u200b", None])
def test_nothing_is_not_asked_for(make, server, text):
    """Nor what is not text."""
    assert make().locate(text) is None
    assert server.asked == []


def test_photon_is_spoken_too(server, clock):
    """Another service by its name, with its own form of extent."""
    server.answer = {
        "features": [
            {
                "geometry": {"type": "Point", "coordinates": [13.403, 52.4976]},
                "properties": {"name": "Kreuzberg", "extent": [13.3682, 52.5092, 13.4534, 52.4827]},
            }
        ]
    }
    found = geocoder(GeocodingOptions("photon", server.url, timeout_s=5), clock).locate("kreuzberg")

    assert found == GeocodedPlace("Kreuzberg", 52_497_600, 13_403_000, 4961)


@pytest.mark.parametrize("service", ["no such service", "google"])
def test_a_service_that_cannot_be_used_is_told_at_once(clock, service):
    """Unknown, or without the key it needs: a start-up error that says what to do."""
    with pytest.raises(Invalid) as raised:
        geocoder(GeocodingOptions(service), clock)

    assert raised.value.code == "GEOCODER_UNKNOWN"
    assert "nominatim" in raised.value.detail


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_a_rate_that_allows_nothing_is_told_at_once(clock, rate):
    """Rather than dividing by it during a parse."""
    with pytest.raises(Invalid) as raised:
        geocoder(GeocodingOptions("nominatim", per_second=rate), clock)

    assert raised.value.code == "GEOCODER_RATE"
