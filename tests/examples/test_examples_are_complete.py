"""The example apps hold together: they parse, references resolve, figures are what the READMEs say.

Deliberately without herenow's own readers: what is checked here is the folder, as any editor sees it.
"""

from __future__ import annotations

import base64
import csv
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCUMENTS = {
    "bites": {
        "app",
        "features",
        "placements",
        "audiences",
        "campaigns",
        "offers",
        "policy",
        "intents",
        "personas",
    },
    "reels": {"app", "features", "placements", "audiences", "policy", "intents", "personas"},
}
APPS = sorted(DOCUMENTS)
WEIGHTS = {
    "intent",
    "distance",
    "quality",
    "popularity",
    "price_fit",
    "freshness",
    "affinity",
    "neighbour",
    "seen_recently",
    "habit",
}
ITEM_ID = re.compile(r"[A-Za-z0-9._:-]{1,120}")
MUMBAI = {"lat": (18.88, 19.30), "lon": (72.77, 73.00)}


def document(app: str, name: str) -> dict[str, Any]:
    """One config document without its ``$schema``."""
    loaded = json.loads((EXAMPLES / app / name).read_text(encoding="utf-8"))
    return {key: value for key, value in loaded.items() if key != "$schema"}


def venues() -> list[dict[str, str]]:
    """The rows of the food app's catalogue."""
    with (EXAMPLES / "bites/catalog.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def films() -> list[dict[str, Any]]:
    """The rows of the film app's catalogue."""
    lines = (EXAMPLES / "reels/catalog.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def rows(app: str) -> list[dict[str, Any]]:
    """Either catalogue."""
    return venues() if app == "bites" else films()


def values(app: str, facet: str) -> set[str]:
    """The values that a text-like facet takes in the catalogue."""
    column = document(app, "app.json")["facets"][facet]["column"]
    cells = (row[column] for row in rows(app))
    return set(chain.from_iterable(c if isinstance(c, list) else c.split(";") for c in cells if c))


def members(node: Any, key: str) -> Iterator[Any]:
    """Every value that stands under ``key``, at any depth."""
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == key)
        yield from chain.from_iterable(members(value, key) for value in node.values())
    elif isinstance(node, list):
        yield from chain.from_iterable(members(value, key) for value in node)


@pytest.mark.parametrize("app", APPS)
def test_every_document_is_there_and_names_its_schema(app):
    """Each document parses and points an editor at the schema of its own name."""
    for name in DOCUMENTS[app]:
        loaded = json.loads((EXAMPLES / app / f"{name}.json").read_text(encoding="utf-8"))
        assert loaded["$schema"] == f"../../schemas/{name}.json"


@pytest.mark.parametrize("app", APPS)
def test_item_ids_are_unique_and_well_formed(app):
    """No two items share an id, and every id may stand in a URL and a placement."""
    ids = [row["id"] for row in rows(app)]
    assert len(set(ids)) == len(ids)
    assert all(ITEM_ID.fullmatch(item) for item in ids)


@pytest.mark.parametrize("app", APPS)
def test_the_readme_counts_the_items(app):
    """The number of items that the READMEs state is the number of rows."""
    count = str(len(rows(app)))
    assert count in (EXAMPLES / app / "README.md").read_text(encoding="utf-8")
    assert count in (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("app", APPS)
def test_declared_columns_and_fields_exist_in_the_catalogue(app):
    """Every column that a facet reads and every field that a phone gets is in every row."""
    declared = document(app, "app.json")
    facets = declared["facets"]
    columns = {facet[key] for facet in facets.values() for key in ("column", "lat", "lon") if key in facet}
    columns |= {facets[name]["column"] if name in facets else name for name in declared["catalog"]["fields"]}
    for row in rows(app):
        assert columns <= row.keys()


@pytest.mark.parametrize("app", APPS)
def test_placements_are_those_declared_and_weigh_known_features(app):
    """Placements match ``app.json``; weights name features and stay between 0 and 100."""
    placements = document(app, "placements.json")
    assert set(placements) == set(document(app, "app.json")["placements"])
    for placement in placements.values():
        assert placement["weights"].keys() <= WEIGHTS
        assert all(0 <= weight <= 100 for weight in placement["weights"].values())


@pytest.mark.parametrize("app", APPS)
def test_placements_speak_of_facets_and_items_that_exist(app):
    """Candidates, boosts and diversity name declared facets; a pinned item is in the catalogue."""
    facets = document(app, "app.json")["facets"].keys()
    items = {row["id"] for row in rows(app)}
    for placement in document(app, "placements.json").values():
        boosts = placement.get("boosts", [])
        assert placement.get("candidates", {}).keys() <= facets
        assert all(boost["condition"].keys() <= facets for boost in boosts)
        assert placement.get("diversity", {"facet": next(iter(facets))})["facet"] in facets
        assert {pin["item"] for pin in placement.get("pins", [])} <= items


@pytest.mark.parametrize("app", APPS)
def test_every_audience_that_is_named_exists(app):
    """No document names an audience that ``audiences.json`` does not define."""
    known = document(app, "audiences.json").keys()
    for name in DOCUMENTS[app] - {"audiences"}:
        assert set(members(document(app, f"{name}.json"), "audience")) <= known


@pytest.mark.parametrize("app", APPS)
def test_values_compared_with_facets_occur_in_the_catalogue(app):
    """Conditions over a facet or over what was searched for use values that some item has."""
    facets = document(app, "app.json")["facets"]
    for facet in (name for name, facet in facets.items() if facet["type"] in {"tags", "text"}):
        compared = chain.from_iterable(
            members(document(app, f"{name}.json"), key)
            for name in DOCUMENTS[app]
            for key in (facet, f"intent.{facet}")
        )
        named = chain.from_iterable(c.get("$in", []) for c in compared if isinstance(c, dict))
        assert set(named) <= values(app, facet)


@pytest.mark.parametrize("app", APPS)
def test_synonyms_and_labels_belong_to_values_of_the_catalogue(app):
    """Every synonym leads to one value, every label names a value, and all of them occur."""
    intents = document(app, "intents.json")
    for facet, synonyms in intents["synonyms"].items():
        phrases = Counter(chain.from_iterable(synonyms.values()))
        assert max(phrases.values()) == 1
        assert synonyms.keys() <= values(app, facet)
        assert intents["labels"][facet].keys() == values(app, facet)


@pytest.mark.parametrize("app", APPS)
def test_features_have_the_type_they_declare(app):
    """Defaults, forced values and variations are of the declared type, and each app shows every type."""
    types = {"boolean": bool, "string": str, "number": int, "json": dict}
    features = document(app, "features.json")
    for feature in features.values():
        rules = feature.get("rules", [])
        forced = [rule["force"] for rule in rules if "force" in rule]
        given = [
            feature["default"],
            *forced,
            *chain.from_iterable(rule.get("variations", []) for rule in rules),
        ]
        assert all(type(value) is types[feature["type"]] for value in given)
    assert {feature["type"] for feature in features.values()} == types.keys()


@pytest.mark.parametrize("app", APPS)
def test_there_is_a_rollout_and_an_experiment(app):
    """Each app shows a value given to a part of everybody, and variations whose weights add up."""
    rules = [rule for feature in document(app, "features.json").values() for rule in feature.get("rules", [])]
    experiments = [rule for rule in rules if "variations" in rule]
    assert any("coverage" in rule and "force" in rule for rule in rules)
    assert experiments
    for rule in experiments:
        assert len(rule["weights"]) == len(rule["variations"])
        assert sum(rule["weights"]) == pytest.approx(1)


@pytest.mark.parametrize("app", APPS)
def test_a_feature_depends_only_on_features_that_exist(app):
    """Conditions on other features name features of the same document."""
    features = document(app, "features.json")
    parents = chain.from_iterable(members(features, "parentConditions"))
    assert {parent["id"] for parent in parents} <= features.keys()


@pytest.mark.parametrize("app", APPS)
def test_the_sample_request_could_be_sent(app):
    """The installation id is a UUID, the secret 32 bytes, and the context one that the app supports."""
    request = document(app, "install.json")
    secret = request["installation_secret"]
    assert str(uuid.UUID(request["installation_id"])) == request["installation_id"]
    assert len(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))) == 32
    assert set(request["context"]["capabilities"]) <= set(document(app, "app.json")["capabilities"])


def test_campaigns_name_offers_fences_and_channels_that_exist():
    """A campaign's offers, fence group and channels are defined."""
    groups = set(chain.from_iterable(members(document("bites", "fences.geojson"), "groups")))
    capabilities = document("bites", "app.json")["capabilities"]
    for campaign in document("bites", "campaigns.json").values():
        assert set(campaign.get("offers", [])) <= document("bites", "offers.json").keys()
        assert set(campaign.get("channels", [])) - {"email", "sms"} <= set(capabilities)  # those need no app
        assert set(members(campaign.get("trigger", {}), "fence_group")) <= groups


def test_a_pool_of_codes_has_no_code_twice():
    """Every code of a pool that an offer names can be given once."""
    offers = document("bites", "offers.json")
    for pool in members(offers, "pool"):
        header, *codes = (EXAMPLES / "bites" / pool).read_text(encoding="utf-8").splitlines()
        assert header == "code"
        assert len(set(codes)) == len(codes) >= 100


def test_fences_stand_where_their_items_stand():
    """A fence of an item stands at the item; circle, polygon and iBeacon are shown."""
    at = {row["id"]: [float(row["lon"]), float(row["lat"])] for row in venues()}
    fences = document("bites", "fences.geojson")["features"]
    for fence in fences:
        item = fence["properties"].get("item")
        assert item is None or fence["geometry"]["coordinates"] == at[item]
    assert len({fence["id"] for fence in fences}) == len(fences)
    assert {fence["geometry"]["type"] for fence in fences} == {"Point", "Polygon"}
    assert any("radius" in fence["properties"] for fence in fences)
    assert any(fence["properties"].get("beacon", {}).get("kind") == "ibeacon" for fence in fences)


def test_polygons_are_closed():
    """The first and the last point of a ring are the same, as GeoJSON asks."""
    fences = document("bites", "fences.geojson")["features"]
    rings = chain.from_iterable(
        fence["geometry"]["coordinates"] for fence in fences if fence["geometry"]["type"] == "Polygon"
    )
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)


def test_venues_stand_in_mumbai_and_have_plausible_figures():
    """Coordinates lie in the city's box; ratings and prices in their ranges, or not known."""
    for row in venues():
        for axis, (low, high) in MUMBAI.items():
            assert low <= float(row[axis]) <= high
        assert row["rating"] == "" or 3.0 <= float(row["rating"]) <= 4.9
        assert row["price_for_two"] in {"", "0"} or 150 <= int(row["price_for_two"]) <= 2500


@pytest.mark.parametrize(
    ("area", "categories", "least"),
    [
        ("Kandivali West", {"burger", "fast food"}, 14),
        ("Andheri West", {"biryani"}, 3),
        ("Andheri East", {"biryani"}, 3),
        ("Borivali West", {"chinese"}, 3),
        ("Bandra West", {"pizza"}, 3),
    ],
)
def test_the_searches_we_tell_about_have_something_to_find(area, categories, least):
    """The neighbourhoods of the example searches hold enough of what is searched for."""
    there = [set(row["cuisines"].split(";")) for row in venues() if row["locality"] == area]
    assert sum(bool(cuisines & categories) for cuisines in there) >= least


def test_custom_places_lie_in_areas_of_the_catalogue():
    """A place of ``intents.json`` belongs to a place facet and to values that the catalogue has."""
    facets = document("bites", "app.json")["facets"]
    for place in document("bites", "intents.json")["places"]:
        assert facets[place["facet"]]["type"] == "place"
        assert {place["parent"], *place["values"]} <= values("bites", place["facet"])


def test_films_hold_what_the_film_searches_ask_for():
    """There is science fiction by the director of the sample search, and there are short comedies."""
    by_director = [film for film in films() if film["director"] == "Ilse Marovane"]
    short = [film for film in films() if film["runtime"] <= 40]
    assert sum("sci-fi" in film["genres"] for film in by_director) >= 5
    assert sum("comedy" in film["genres"] for film in short) >= 8


def test_the_film_app_knows_no_place():
    """No facet, capability or weight of the film app is about places."""
    declared = document("reels", "app.json")
    assert "place" not in {facet["type"] for facet in declared["facets"].values()}
    assert "geofence" not in declared["capabilities"]
    assert all(
        "distance" not in weights for weights in members(document("reels", "placements.json"), "weights")
    )
