"""Tiles, plans and zones over HTTP: what devices learn of fences, and what the server says of their place."""

import json
from dataclasses import replace

import pytest
from tests.api.problems import assert_problem

from herenow.api.schemas import places as shapes
from herenow.canonical import digest
from herenow.launch.decision import Subject, prepared_for
from herenow.proximity.served import Fences, drawn
from herenow_sdk.core.place.tiles import read_tile, read_tile_index, tile_of

PATTY = {"lat": 19.2098, "lon": 72.83151}
TILE = tile_of((19_209_800, 72_831_510))
GRANTED = {"location": "granted", "personalization": "granted"}


def tile(live, name=TILE, **headers):
    """GET a tile's index."""
    return live.client.get(f"/v1/apps/{live.key}/fences/{name}", headers=headers)


def plan(live, launched, **body):
    """POST a question for a plan."""
    asked = {"location": PATTY, "platform": "ios", **body}
    return live.client.post("/v1/proximity/plan", json=asked, headers=live.bearer(launched))


def test_a_device_reads_its_tile_without_a_token(live):
    """The index names documents by digest that anybody may fetch and keep for ever."""
    answer = tile(live)
    shapes.TileIndex().load(answer.json)
    digests = read_tile_index(TILE, answer.json)
    blobs = [live.client.get(f"/v1/blobs/{each}") for each in digests]
    assert [digest(blob.data) for blob in blobs] == list(digests)
    assert all("immutable" in blob.headers["Cache-Control"] for blob in blobs)
    read = read_tile(TILE, [json.loads(blob.data) for blob in blobs])
    assert read.complete
    assert "patty-lane" in read.fences
    assert read.fences["patty-lane"].hours.windows


def test_a_tile_may_be_cached_and_is_not_sent_twice(live):
    """An ETag of its content, for a minute."""
    answer = tile(live)
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert tile(live, **{"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_middle_of_the_ocean_keeps_nothing(live):
    """An empty tile has no documents, so asking for the globe fills no store."""
    assert tile(live, "s0000").json == {"tile": "s0000", "shards": []}


@pytest.mark.parametrize("name", ["te7u", "te7ud9", "TE7UD", "a7udx"])
def test_another_address_is_refused(live, name):
    """No finer one exists."""
    assert_problem(tile(live, name), 400, "INVALID_TILE")


def test_an_unknown_key_learns_nothing(live):
    """As for the manifest."""
    answer = live.client.get(f"/v1/apps/pk_nobody/fences/{TILE}")
    assert answer.status_code == 401


def test_a_plan_begins_with_the_refresh_fence_and_fills_the_slots(live):
    """Twenty on iOS less the app's own, nearest first; all of them are new."""
    answer = plan(live, live.launch(consent=GRANTED), host=15)
    assert answer.status_code == 200
    shapes.PlanTold().load(answer.json)
    regions = [each["id"] for each in answer.json["regions"]]
    assert regions[:1] == ["herenow:refresh"]
    assert len(regions) <= 5
    assert answer.json["add"] == regions
    assert answer.json["action"] == "FETCH"


def test_what_is_registered_already_is_left_alone(live):
    """The same plan again adds and removes nothing; what is not planned is removed."""
    launched = live.launch(consent=GRANTED)
    first = plan(live, launched).json
    gone = {"id": "gone", "circle": [0, 0, 100]}
    again = plan(live, launched, registered=[*first["regions"], gone]).json
    assert (again["add"], again["remove"]) == ([], ["gone"])


def test_a_recent_choice_nearby_is_kept(live, clock):
    """The action follows what the client did before."""
    launched = live.launch(consent=GRANTED)
    anchor = {"at": int(clock()), "point": [19_209_800, 72_831_510]}
    told = plan(live, launched, state={"fetched": anchor, "ranked": anchor}).json
    assert told["action"] == "KEEP"


def test_a_few_steps_move_no_region(live, clock):
    """A client that chose nearby registers nothing anew, whatever it asks for."""
    launched = live.launch(consent=GRANTED)
    ranked = {"at": int(clock()), "point": [19_201_000, 72_835_000]}
    first = plan(live, launched, state={"ranked": ranked}).json
    again = plan(live, launched, registered=first["regions"], state={"ranked": ranked}).json
    assert first["standpoint"] == ranked["point"]
    assert first["regions"][0]["circle"] == [*ranked["point"], 1000]
    assert (again["action"], again["add"], again["remove"]) == ("FETCH", [], [])


def test_without_slots_nothing_is_watched(live):
    """The app says that it uses them all."""
    told = plan(live, live.launch(consent=GRANTED), host=20).json
    assert (told["action"], told["regions"]) == ("OFF", [])


def test_without_consent_there_is_no_plan(live):
    """A place is not even looked at."""
    launched = live.launch(consent={"location": "denied"})
    assert_problem(plan(live, launched), 403, "LOCATION_NOT_GRANTED")


@pytest.mark.parametrize(
    "wrong",
    [
        {"platform": "windows"},
        {"location": {"lat": 91, "lon": 0}},
        {"registered": [{"id": "x", "circle": [0, 0, 0]}]},
        {"registered": [{"id": "x", "circle": [0, 0]}]},
        {"host": -1},
        {"entered": [""]},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(live, wrong):
    """By its schema."""
    assert plan(live, live.launch(consent=GRANTED), **wrong).status_code == 422


def _exact(serving, exactness, **changes):
    app = {**serving.app, "privacy": {"location": exactness}}
    return replace(serving, documents={**serving.documents, "app.json": app}, **changes)


def _zones(serving, location, consent="granted"):
    subject = Subject("phone", 1_795_000_000, {"location": consent})
    prepared = prepared_for(serving, {"location": location}, subject, 1_795_317_000)
    return prepared.attributes["here"]["zones"]


def test_a_condition_sees_the_fences_a_request_comes_from(live, services):
    """With consent, where the app may know the exact place; never without."""
    serving = _exact(services.serving.current(live.scope), "precise")
    assert _zones(serving, PATTY) == ["patty-lane"]
    assert _zones(serving, {"lat": 19.3, "lon": 72.83}) == []
    assert _zones(serving, PATTY, consent="unknown") == []


def test_a_bad_accuracy_is_in_nothing_it_may_not_be_in(live, services):
    """A position that may be 800 m off is in no shop."""
    serving = _exact(services.serving.current(live.scope), "precise")
    assert _zones(serving, {**PATTY, "accuracy_m": 90}) == ["patty-lane"]
    assert _zones(serving, {**PATTY, "accuracy_m": 800}) == []


def test_a_coarse_place_is_only_in_what_holds_its_whole_cell(live, services):
    """A shop is smaller than a cell of a hundredth of a degree; a district is not."""
    district = {
        "type": "Feature",
        "id": "district",
        "geometry": {"type": "Point", "coordinates": [72.83, 19.21]},
        "properties": {"radius": 3000},
    }
    shop = {**district, "id": "shop", "properties": {"radius": 700}}
    fences = Fences(drawn({"fences": {"features": [district, shop]}}))
    serving = _exact(services.serving.current(live.scope), "coarse", fences=fences)
    assert _zones(serving, {"lat": 19.2052, "lon": 72.8252}) == ["district"]
    assert _zones(serving, {"lat": 19.2052, "lon": 72.8552}) == []


def test_zones_are_switched_off_with_the_capability(live, services):
    """The kill switch of `geofence` holds on the server as on the device."""
    serving = services.serving.current(live.scope)
    off = _exact(serving, "precise", pointer=replace(serving.pointer, kill=("geofence",)))
    assert _zones(off, PATTY) == []
