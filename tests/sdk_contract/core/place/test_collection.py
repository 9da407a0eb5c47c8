import json
from pathlib import Path

import pytest
from hypothesis import given
from tests.sdk_contract.core.strategies import json_values, quick

from herenow.authoring.parts import compile_parts, decoded
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.limits import MAX_RECORDS
from herenow_sdk.core.place.collection import parse_fences
from herenow_sdk.core.place.shapes import Circle, Polygon
from herenow_sdk.core.place.watching import watched

BITES = Path(__file__).parents[4] / "examples" / "bites"


def point(fence_id, **properties):
    """A feature of GeoJSON."""
    geometry = {"type": "Point", "coordinates": [72.83151, 19.2098]}
    return {"type": "Feature", "id": fence_id, "geometry": geometry, "properties": properties}


def parsed(*features):
    """The fences, and the records reported."""
    told = []
    fences = parse_fences({"features": list(features)}, lambda record, _: told.append(record))
    return fences, told


def test_what_authoring_compiles_is_read_whole():
    """Every fence of the example app, with no diagnostic."""
    documents = {each.name: json.loads(each.read_text()) for each in BITES.glob("*json")}
    collection = documents["fences.geojson"]
    bundle, diagnostics = parse_bundle(decoded(compile_parts(documents)))
    assert [each for each in diagnostics if each.part == "fences"] == []
    assert set(bundle.fences) == {each["id"] for each in collection["features"]}
    assert {type(each.shape) for each in bundle.fences.values()} >= {Circle, Polygon}
    assert bundle.fences["patty-lane"].dwell_s == 300
    assert bundle.fences["patty-lane"].hours.windows


@pytest.mark.requirement("10.11.1")
def test_a_fence_has_its_properties_under_other_names():
    """Durations become seconds, opening hours hours; what is no duration is absent."""
    fences, told = parsed(
        point("a", radius=150, dwell="5m", cool_down="2h", groups=["g"], closed_on=["2026-12-25"]),
        point("b", radius=150, dwell=300, cool_down="soon", opening_hours=[{"from": "11:00", "to": "12:00"}]),
    )
    assert told == []
    assert (fences["a"].dwell_s, fences["a"].cool_down_s, fences["a"].groups) == (300, 7200, ("g",))
    assert fences["a"].hours.closed_on == {"2026-12-25"}
    assert (fences["b"].dwell_s, fences["b"].cool_down_s) == (None, 3600)
    assert fences["b"].hours.windows is not None


@pytest.mark.requirement("10.11.1")
def test_of_too_many_fences_the_first_by_name_are_read():
    """As of every part (4.4.3), and the part is told."""
    fences, told = parsed(*(point(f"f{number:05}", radius=100) for number in range(MAX_RECORDS + 5, -1, -1)))
    assert len(fences) == MAX_RECORDS
    assert (min(fences), max(fences)) == ("f00000", f"f{MAX_RECORDS - 1:05}")
    assert told == [""]


@quick
@given(json_values)
def test_any_json_is_a_part_and_a_state(raw):
    """Whatever stands there, nothing raises."""
    for part in (raw, {"features": raw}, {"features": [raw]}, {"features": [{"id": "a", "geometry": raw}]}):
        parse_fences(part, lambda *_: None)
    parse_bundle({"fences": raw})
    parse_fences({"features": [point("a", radius=raw, beacon=raw, opening_hours=raw)]}, lambda *_: None)
    fences, _ = parsed(point("a", radius=100))
    for state in (raw, {"slots": {"slots": 20}, "track": raw, "fences": raw}, {"slots": raw}):
        watched(fences, state, off=False)
