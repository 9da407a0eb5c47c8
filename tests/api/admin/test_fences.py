"""Fences imported over HTTP: reported, versioned, served."""

import json

from tests.api.problems import assert_problem

from herenow_sdk.core.place.tiles import tile_of

HEADER = "id,name,lat,lon,radius_m\n"
SHOPS = HEADER + "eiffel,Eiffel,48.8583,2.2945,300\npatty-lane,Another,48.8583,2.2945,300\nbad,,100,0,1\n"
PARIS = tile_of((48_858_300, 2_294_500))


def post(live, body, kind="text/csv", query=""):
    """POST a file."""
    return live.call("POST", f"fences{query}", data=body, content_type=kind)


def tile(live, name=PARIS):
    """The fences of a tile as they are live now."""
    live.services.serving.refresh(live.scope)
    index = live.client.get(f"/v1/apps/{live.key}/fences/{name}").json
    shards = [live.client.get(f"/v1/blobs/{each['sha256']}").json for each in index["shards"]]
    return {name: fence for shard in shards for name, fence in shard["fences"].items()}


def test_an_import_is_reported_and_served_at_once(live):
    """Rows taken and not; the pointer names the version, and keeps the release."""
    answer = post(live, SHOPS)
    assert answer.status_code == 201
    report, version = answer.json["report"], answer.json["version"]
    assert (report["accepted"], report["rejected"]) == (2, 1)
    assert report["rejections"][0]["line"] == 4
    assert answer.json["pointer"]["fences"] == version["version"]
    assert answer.json["pointer"]["release"] == 1
    assert tile(live)["eiffel"]["name"] == "Eiffel"


def test_a_fence_of_the_release_hides_its_namesake(live):
    """``patty-lane`` stands in Kandivali, whatever a file says."""
    post(live, SHOPS)
    assert tile(live).keys() == {"eiffel"}
    kandivali = tile(live, tile_of((19_209_800, 72_831_510)))
    assert kandivali["patty-lane"]["name"] == "Patty Lane"


def test_an_import_can_wait_and_goes_live_with_the_next_publication(live):
    """``publish=false`` keeps what is live."""
    assert post(live, SHOPS, query="?publish=false").json["pointer"] is None
    assert tile(live) == {}
    pointer = live.services.going_live.publish(live.scope, 1, by="asha", if_match=1)
    assert pointer.fences.startswith("f-")
    assert tile(live).keys() == {"eiffel"}


def test_the_same_file_again_is_the_same_version(live):
    """Named by its content, in any order of rows."""
    first = post(live, SHOPS).json["version"]
    lines = SHOPS.splitlines()
    again = post(live, "\n".join([lines[0], lines[2], lines[1]]) + "\n").json["version"]
    assert again["version"] == first["version"]
    listed = live.call("GET", "fences").json["versions"]
    assert [each["version"] for each in listed] == [first["version"]]
    report = live.call("GET", f"fences/{first['version']}/report")
    assert report.json["accepted"] == 2


def test_geojson_is_imported_too(live):
    """As drawing tools write it."""
    feature = {
        "type": "Feature",
        "id": "x",
        "geometry": {"type": "Point", "coordinates": [2.2945, 48.8583]},
        "properties": {"radius": 300},
    }
    body = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert post(live, body, "application/geo+json").json["version"]["fences"] == 1


def test_a_file_that_is_mostly_wrong_changes_nothing(live):
    """Unless it is forced; a file with nothing right never."""
    wrong = HEADER + "a,,0,0,200\nb,,x,0,200\nc,,0,x,200\n"
    assert_problem(post(live, wrong), 422, "IMPORT_REJECTED")
    assert post(live, wrong, query="?force=true").status_code == 201
    assert_problem(post(live, HEADER, query="?force=true"), 422, "IMPORT_REJECTED")


def test_what_cannot_be_imported_is_refused(live):
    """By its media type, its header, and a version that is unknown."""
    assert post(live, "x", "application/pdf").status_code == 415
    assert_problem(post(live, "id,name\na,b\n"), 422, "MISSING_COLUMNS")
    answer = live.call("GET", "fences/f-nothing/report")
    assert_problem(answer, 404, "UNKNOWN_FENCES_VERSION")
