"""The film app: the same server and the same calls for an app that knows no place at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.e2e.people import Phone, search

FOLDER = Path(__file__).parents[2] / "examples" / "reels"
OF_PLACES = {"IN_PLACE", "NEAR_PLACE", "RADIUS"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def films():
    """The films of the example by id."""
    rows = (json.loads(line) for line in (FOLDER / "catalog.ndjson").read_text().splitlines())
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def store(deploy):
    """The example, imported and live."""
    return deploy(FOLDER, FOLDER / "catalog.ndjson")


@pytest.fixture(scope="module")
def server(store, serve_all):
    """A server over it."""
    return serve_all(store.data_dir)


def codes(reasons):
    """The codes of reasons, in order."""
    return [each["code"] for each in reasons]


def assert_placeless(config):
    """Nothing in the answer speaks of a place or a distance."""
    if config["intent"]:
        assert config["intent"].get("place") is None
    text = json.dumps(config["placements"])
    assert not [code for code in OF_PLACES if code in text]
    assert "distance" not in text
    assert "radius" not in text


def test_a_director_and_a_genre(server, store, films):
    """A search for both begins with the films that are both; what is less is told as widened."""
    config = search(server.url, store.key, "sci-fi films by Ilse Marovane", locale="en-GB")
    answer = config["placements"]["home_row"]
    found = [films[item["id"]] for item in answer["items"]]
    both = [each for each in films.values() if is_of(each, "sci-fi", "Ilse Marovane")]

    matched = {(each["facet"], each["value"]) for each in config["intent"]["facets"]}
    assert matched == {("genre", "sci-fi"), ("director", "Ilse Marovane")}
    assert config["intent"]["unparsed"] == []
    assert codes(answer["because"])[0] == "SEARCHED"
    assert both
    assert all(is_of(each, "sci-fi", "Ilse Marovane") for each in found[: len(both)])
    assert "WIDENED" in codes(answer["because"]) or len(both) >= len(found)
    assert_placeless(config)


def is_of(film, genre, director):
    """Whether a film has this genre and director."""
    return genre in film["genres"] and film["director"] == director


def test_a_word_that_bounds_a_number(server, store, films):
    """The app's own word for a short runtime counts: short comedies come first."""
    config = search(server.url, store.key, "short comedies", locale="en-IE")
    answer = config["placements"]["home_row"]
    found = [films[item["id"]] for item in answer["items"]]
    fitting = sum("comedy" in each["genres"] and each["runtime"] <= 41 for each in films.values())

    first = found[: min(fitting, 5)]
    assert first
    assert all("comedy" in each["genres"] and each["runtime"] <= 41 for each in first), first
    assert config["features"]["row_title"]["value"].startswith("Comedies")
    assert_placeless(config)


def test_spanish(server, store, films):
    """A Spanish phone searching in Spanish gets Spanish titles, in the feature and of the films."""
    config = search(server.url, store.key, "películas de ciencia ficción", locale="es-ES")
    items = config["placements"]["home_row"]["items"]
    translated = [item for item in items if isinstance(films[item["id"]]["title"], dict)]

    assert config["intent"]["label"] == "Ciencia ficción"
    assert config["features"]["row_title"]["value"] == "Ciencia ficción para esta noche"
    assert translated
    for item in translated:
        assert item["fields"]["title"] == films[item["id"]]["title"]["es"]
    assert_placeless(config)


@pytest.mark.parametrize(
    "acquisition", [{}, {"query": "wibble zxqv"}, {"query": "burgers in Kandivali West"}]
)
def test_without_a_search_that_means_something(server, store, acquisition):
    """Organic and unknown alike: a full, popular first row that says what it is; no place is invented."""
    config = Phone(server.url, store.key, locale="en-GB").launch(acquisition)
    answer = config["placements"]["home_row"]

    assert len(answer["items"]) == 12
    assert "POPULAR" in codes(answer["because"])
    assert ("NOT_UNDERSTOOD" in codes(answer["because"])) == bool(acquisition)
    assert config["features"]["row_title"]["value"] == "Everybody is watching"
    assert_placeless(config)


def test_two_placements_keep_their_own_rules(server, store, films):
    """The second row holds short films alone, whatever was searched."""
    config = search(server.url, store.key, "documentaries", locale="en-GB")
    row = config["placements"]["short_films"]["items"]

    assert row
    assert all(films[item["id"]]["runtime"] <= 40 for item in row)
    assert_placeless(config)
