"""The main job on real input: a whole city's listing, and phones that were led here by a search.

The documents and the column mapping beside this file are ours; the listing is read where it lies.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.e2e.people import Phone, search
from tests.e2e.servers import herenow

from herenow_sdk.core.geo import distance_m

FOLDER = Path(__file__).with_name("mumbai")
LISTING = Path(__file__).parents[3] / "shared" / "data" / "mumbai" / "restaurants.csv"
REFERRER = "utm_source=web&utm_medium=search&utm_term=burger%2Bjoints%2Bin%2Bkandivali%2Bwest"
NEIGHBOURS_M = 6_000
"""How far a widened answer may reach and still be the neighbourhood."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.data,
    pytest.mark.skipif(
        not LISTING.exists(), reason="the development data folder has no mumbai/restaurants.csv"
    ),
]


@pytest.fixture(scope="module")
def listing():
    """The rows of the listing by id."""
    with LISTING.open(encoding="utf-8", newline="") as rows:
        return {row["id"]: row for row in csv.DictReader(rows)}


@pytest.fixture(scope="module")
def store(deploy):
    """The listing imported with its mapping and live."""
    return deploy(FOLDER, LISTING, mapping=FOLDER.with_suffix(".mapping.json"))


@pytest.fixture(scope="module")
def server(store, serve_all):
    """A server over it."""
    return serve_all(store.data_dir)


def feed(config):
    """The home feed of a config."""
    return config["placements"]["home_feed"]


def codes(reasons):
    """The codes of reasons, in order."""
    return [each["code"] for each in reasons]


def away_m(listing, item, place):
    """Metres between an item's own coordinates and the middle of a place."""
    row = listing[item["id"]]
    point = [round(float(row[name]) * 1e6) for name in ("lat", "lon")]
    return distance_m(*point, round(place["lat"] * 1e6), round(place["lon"] * 1e6))


def assert_of_the_search(listing, config, *, categories, area):
    """The first ten fit the search: its categories, in the area or, told as such, next to it."""
    answer, place = feed(config), config["intent"]["place"]
    assert codes(answer["because"])[0] == "SEARCHED"
    assert len(answer["items"]) >= 10
    for item in answer["items"][:10]:
        row = listing[item["id"]]
        assert categories & set(row["cuisines"].split(";")), (row["name"], row["cuisines"])
        assert {"INTENT_MATCH", "RELATED_MATCH"} & set(codes(item["reasons"])), item
        if area not in row["locality"]:
            assert "WIDENED" in codes(answer["because"]), (row["locality"], answer["because"])
            assert away_m(listing, item, place) <= NEIGHBOURS_M, row["locality"]


def test_the_whole_listing_is_imported(store, listing):
    """Every row is taken, also those without coordinates, and the command line says so."""
    shown = herenow("catalog", "versions", "--data-dir", store.data_dir, "--app", store.app, "--json")
    versions = json.loads(shown)["versions"]

    assert sum(not row["lat"] for row in listing.values()) == 409
    assert [(each["items"], each["rejected"]) for each in versions] == [(13_752, 0)] == [(len(listing), 0)]


def test_the_founding_referrer(server, store, listing):
    """The first screen of the founding search is burgers and fast food in Kandivali West, and says why."""
    touch = {"play_install_referrer": {"install_referrer": REFERRER}}
    config = Phone(server.url, store.key, time_zone="Asia/Kolkata").launch(touch)

    assert config["acquisition"]["status"] == "resolved"
    assert config["features"]["home_title"]["value"] == "Burgers in Kandivali West"
    assert config["intent"]["place"]["name"] == "Kandivali West"
    assert config["intent"]["unparsed"] == []
    assert_of_the_search(listing, config, categories={"burger", "fast food"}, area="Kandivali West")


@pytest.mark.parametrize(
    ("text", "category", "area"),
    [
        ("burger joints in Kandivali West", "burger", "Kandivali West"),
        ("biryani near andheri", "biryani", "Andheri"),
        ("pizza bandra (w)", "pizza", "Bandra West"),
        ("cheap chinese in borivali west", "chinese", "Borivali West"),
        ("biryani in kharghar", "biryani", "Kharghar"),
    ],
)
def test_searches_are_answered_with_what_was_searched(server, store, listing, text, category, area):
    """Every one of the first ten has the category and lies in the area or, told so, beside it."""
    config = search(server.url, store.key, text)

    assert [each["value"] for each in config["intent"]["facets"]] == [category]
    assert config["intent"]["place"]["name"] == area
    assert_of_the_search(listing, config, categories={category}, area=area)


def test_cheap_is_cheap(server, store, listing):
    """A price word bounds the price: what is dearer comes only after the answer says so."""
    config = search(server.url, store.key, "cheap chinese in borivali west")

    assert [each["kind"] for each in config["intent"]["modifiers"]] == ["price"]
    relaxed = [each for each in feed(config)["because"] if each.get("args", {}).get("step") == "modifiers"]
    prices = [int(listing[item["id"]]["price_for_two"]) for item in feed(config)["items"][:10]]
    assert relaxed or all(0 < price <= 400 for price in prices), prices
    assert prices[0] <= 400


def test_near_reaches_beyond_the_border(server, store, listing):
    """A search near a place takes both sides of the railway, nearest and best first."""
    config = search(server.url, store.key, "biryani near andheri")

    areas = {listing[item["id"]]["locality"] for item in feed(config)["items"]}
    assert {"Andheri West", "Andheri East"} & areas
    assert all("Andheri" in area or "WIDENED" in codes(feed(config)["because"]) for area in areas), areas


def test_places_without_coordinates_are_found_by_name(server, store, listing):
    """Kharghar's rows have no point: they are found all the same, and no distance is invented."""
    config = search(server.url, store.key, "biryani in kharghar")

    items = [item for item in feed(config)["items"] if listing[item["id"]]["locality"] == "Kharghar"]
    assert len(items) >= 10
    for item in items:
        assert not any("distance_m" in reason.get("args", {}) for reason in item["reasons"]), item


@pytest.mark.parametrize("acquisition", [{}, {"play_install_referrer": {"install_referrer": ""}}])
def test_an_organic_install_gets_what_is_popular(server, store, listing, acquisition):
    """Nothing led here: well rated and much voted places, and the answer says so."""
    config = Phone(server.url, store.key).launch(acquisition)

    assert config["acquisition"]["status"] == "none"
    assert config["features"]["home_title"]["value"] == "Popular near you"
    assert_popular(listing, feed(config))


@pytest.mark.parametrize("text", ["zxqv plugh wibble", "' OR 1=1 --", "{{7*7}}"])
def test_an_unknown_search_gets_what_is_popular(server, store, listing, text):
    """A text that means nothing here is said not to be understood, and costs nobody a good first screen."""
    config = search(server.url, store.key, text)

    assert "NOT_UNDERSTOOD" in codes(feed(config)["because"])
    assert_popular(listing, feed(config))


def assert_popular(listing, answer):
    """A full screen, told as popular, of places rated and voted for above the many."""
    assert "POPULAR" in codes(answer["because"])
    rows = [listing[item["id"]] for item in answer["items"]]
    assert len(rows) == 20
    assert all(float(row["rating"]) >= 4 for row in rows)
    assert all(int(row["votes"]) >= 1_000 for row in rows)


def test_the_feed_goes_on(server, store):
    """Page after page there are further places, none of them twice."""
    phone = Phone(server.url, store.key)
    page = feed(phone.launch({"query": "pizza bandra (w)"}))
    seen = [item["id"] for item in page["items"]]
    for _ in range(4):
        page = phone.get(f"/v1/placements/home_feed?cursor={page['next']}").json()
        seen += [item["id"] for item in page["items"]]

    assert len(seen) == len(set(seen)) == 100
