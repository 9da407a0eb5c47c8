"""What a beacon says is judged by its name, by the app's declaration, and by what the person allows."""

from uuid import UUID

import pytest

from herenow.beacons.declared import Rules
from herenow.beacons.judging import Received, judge
from herenow.beacons.model import Batch, Sender
from herenow_sdk.core.device.sequence import Seen

NOW_MS = 1_795_317_000_000
ALL = {"analytics": "granted", "location": "granted", "personalization": "granted"}
BOOKED = {
    "properties": {
        "people": {"type": "integer", "required": True, "minimum": 1, "maximum": 20},
        "where": {"type": "text", "values": ["inside", "terrace"]},
        "wishes": {"type": "texts", "maximum": 40},
        "deposit": {"type": "number"},
        "returning": {"type": "boolean"},
        "when": {"type": "time"},
        "table": {"type": "item"},
    }
}
HERE = {"lat": 19.20812, "lon": 72.84213, "accuracy_m": 12}


def judged(name, properties, kind="behavior", *, consent=ALL, app=None):
    """What becomes of one beacon: the record, or the rejection."""
    told = {"id": str(UUID(int=1)), "seq": 1, "type": kind, "name": name, "at": "2026-11-22T03:00:00Z"}
    batch = Batch([{**told, "properties": properties}])
    found = judge(batch, Sender("phone", consent), Seen(), Received(NOW_MS, rules=Rules.of(app or {})))
    return found.records[0] if found.records else found.outcome.rejected[0]


@pytest.mark.parametrize(
    ("name", "properties", "where"),
    [
        ("item_view", {}, "/properties/item"),
        ("item_view", {"item": 7}, "/properties/item"),
        ("item_tap", {"item": "a", "position": -1}, "/properties/position"),
        ("item_tap", {"item": "a", "position": True}, "/properties/position"),
        ("purchase", {}, "/properties"),
        ("purchase", {"value": "500"}, "/properties/value"),
        ("purchase", {"value": 5, "currency": "rupees"}, "/properties/currency"),
        ("purchase", {"items": [{"item": "a"}, {"quantity": 1}]}, "/properties/items/1/item"),
        ("purchase", {"items": "patty-lane"}, "/properties/items"),
        ("rating", {"item": "a", "value": None}, "/properties/value"),
    ],
)
def test_a_known_name_promises_properties(name, properties, where):
    """The detail points at the member that does not keep the promise."""
    rejected = judged(name, properties)

    assert rejected.code == "INVALID_PROPERTIES"
    assert rejected.detail.startswith(f"{where}: expected ")


@pytest.mark.parametrize(
    ("name", "properties", "where"),
    [
        ("item_tap", {"item": "b"}, ["/properties/item"]),
        ("item_tap", {"item": "a"}, []),
        ("feedback", {"item": None, "score": 1}, []),
        ("purchase", {"items": ["a", {"item": "a"}, {"item": "b"}, "c"]}, ["/properties/items/2/item"]),
        ("purchase", {"value": 5}, []),
        ("table_booked", {"people": 2, "table": "b"}, ["/properties/table"]),
        ("table_booked", {"people": 2, "item": "b"}, []),
        ("offer_redeemed", {"offer": "b"}, []),
    ],
)
def test_an_item_that_is_not_there_is_told_once_a_beacon(name, properties, where):
    """By what the name promises or the app declares; what neither calls an item is none."""
    told = {"id": str(UUID(int=1)), "seq": 1, "type": "behavior", "name": name, "at": "2026-11-22T03:00:00Z"}
    rules = Rules.of({"events": {"table_booked": BOOKED}})
    received = Received(NOW_MS, rules=rules, has_item={"a"}.__contains__)

    batch = Batch([{**told, "properties": properties}])
    outcome = judge(batch, Sender("phone", ALL), Seen(), received).outcome

    assert outcome.accepted == 1
    assert [each.detail.split(":")[0] for each in outcome.warnings] == where


def test_what_is_null_was_not_said_and_what_is_new_passes():
    """An app newer than the server, and a serialiser that writes null, are heard."""
    record = judged("item_tap", {"item": "a", "position": None, "shade": "teal"})

    assert record["properties"]["shade"] == "teal"


def test_an_event_of_the_app_passes_undeclared():
    """Nobody has to tell the server first."""
    assert judged("table_booked", {"people": "many"})["name"] == "table_booked"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({}, None),
        ({"people": None}, "/people"),
        ({"people": 2.5}, "/people"),
        ({"people": 21}, "/people"),
        ({"where": "roof"}, "/where"),
        ({"wishes": ["x" * 41]}, "/wishes/0"),
        ({"deposit": "much"}, "/deposit"),
        ({"returning": 1}, "/returning"),
        ({"when": "tonight"}, "/when"),
        ({"table": ""}, "/table"),
    ],
)
def test_a_declared_event_is_judged_by_its_declaration(changes, where):
    """Each type of property is held."""
    right = {"people": 4, "where": "terrace", "wishes": ["quiet"], "deposit": 9.5, "returning": True}
    more = {"when": "2026-11-22T20:00:00+05:30", "table": "t-7"}

    found = judged("table_booked", {**right, **more, **changes}, app={"events": {"table_booked": BOOKED}})

    assert getattr(found, "detail", "").split(":")[0] == (f"/properties{where}" if where else "")


def test_a_declaration_adds_to_what_a_known_name_promises():
    """Both must agree."""
    app = {"events": {"purchase": {"properties": {"till": {"type": "integer", "required": True}}}}}

    assert judged("purchase", {"value": 5}, app=app).detail.startswith("/properties/till")
    assert judged("purchase", {"till": 2}, app=app).detail.startswith("/properties: expected one of")


def test_a_place_is_stored_as_a_cell():
    """Coordinates, however a beacon carries them, become a geohash of about a kilometre."""
    location = judged("location", HERE, "geo")
    custom = judged("parked", {"car": "red", "spot": HERE})

    assert location["properties"] == {"cell": "te7v38"}
    assert custom["properties"] == {"car": "red", "spot": {"cell": "te7v38"}}


def test_an_app_that_declares_precise_keeps_coordinates():
    """It says so in public, in its own document."""
    app = {"privacy": {"location": "precise"}}

    assert judged("location", HERE, "geo", app=app)["properties"] == HERE


def test_an_app_that_declares_none_stores_no_place():
    """A location is refused, a place within another event is left out."""
    app = {"privacy": {"location": "none"}}

    assert judged("location", HERE, "geo", app=app).code == "NOT_COLLECTED"
    assert judged("parked", {"car": "red", **HERE}, app=app)["properties"] == {"car": "red"}


def test_without_consent_to_location_no_event_carries_one():
    """Whatever its type: the purpose is the person's word about places, not about types."""
    consent = {**ALL, "location": "unknown"}

    assert judged("parked", {"car": "red", "spot": HERE}, consent=consent)["properties"]["spot"] == {}
    assert judged("fence_entered", {"fence": "x"}, "geo", consent=consent).code == "CONSENT_DENIED"


def test_a_whereabouts_cannot_pass_as_behaviour():
    """Another type would ask for another consent."""
    assert judged("fence_entered", {"fence": "x"}).code == "WRONG_TYPE"


@pytest.mark.parametrize(
    ("kind", "name", "asked"),
    [
        ("message", "item_tap", "behavior"),
        ("message", "purchase", "behavior"),
        ("message", "location", "geo"),
        ("geo", "item_tap", "behavior"),
        ("geo", "opened", "message"),
        ("exposure", "fence_entered", "geo"),
    ],
)
def test_a_name_passes_under_no_type_that_asks_for_less(kind, name, asked):
    """Whatever the person allowed: the type is wrong, and the answer says which is right."""
    told = judged(name, {"item": "x", "fence": "x", "place": "x", "value": 1}, kind)

    assert told.code == "WRONG_TYPE"
    assert told.detail == f"/type: {name} is told by type {asked}."


def test_an_own_event_that_calls_itself_a_messages_needs_what_a_behaviour_needs():
    """What becomes of a message needs nothing, and has seven names."""
    consent = {**ALL, "analytics": "denied"}

    assert judged("tapped_by_me", {}, "message", consent=consent).code == "CONSENT_DENIED"
    assert judged("tapped_by_me", {}, "message")["name"] == "tapped_by_me"
    assert judged("opened", {"message": "m-1"}, "message", consent=consent)["name"] == "opened"


def test_who_denies_location_has_no_place_kept_in_any_event():
    """A place that is named says where somebody was as well as a coordinate does."""
    consent = {**ALL, "location": "denied"}
    bought = {"value": 5, "place": "clinic"}
    own = {"party": 2, "fence": "old-town", "placeId": "p-1", "stops": [{"region_name": "north", "n": 1}]}

    assert judged("purchase", bought, consent=consent)["properties"] == {"value": 5}
    assert judged("table_booked", own, consent=consent)["properties"] == {"party": 2, "stops": [{"n": 1}]}
    assert judged("opened", {"message": "m", "place": "x"}, "message", consent=consent)["properties"] == {
        "message": "m"
    }
    assert judged("purchase", bought, consent={**ALL, "location": "unknown"})["properties"] == bought


@pytest.mark.parametrize(
    ("kind", "name"), [("behavior", "asked_staff"), ("exposure", "home_title"), ("message", "shown")]
)
def test_a_search_is_not_kept_in_other_events_either(kind, name):
    """Under any spelling, and however deep it stands."""
    consent = {**ALL, "personalization": "denied"}
    told = {
        "message": "m",
        "query": "ramen",
        "searchTerm": "ramen",
        "from": {"search_query": "ramen", "n": 1},
    }

    assert judged(name, told, kind, consent=consent)["properties"] == {"message": "m", "from": {"n": 1}}
    assert judged(name, told, kind)["properties"] == told


def test_what_was_searched_for_is_kept_only_with_consent_to_personalization():
    """That somebody searched is behaviour; the words are more."""
    consent = {**ALL, "personalization": "unknown"}

    assert judged("search", {"query": "burger", "results": 3})["properties"]["query"] == "burger"
    assert judged("search", {"query": "burger", "results": 3}, consent=consent)["properties"] == {
        "results": 3
    }


def test_half_a_position_is_none():
    """Latitude and longitude go together."""
    assert judged("location", {"lat": 19.2}, "geo").detail.startswith("/properties/lon")


def test_an_exposure_is_named_after_what_was_met():
    """Whatever the feature is called, and of whatever type its value is."""
    met = {"value": {"accent": "red"}, "reason": "TARGETING_MATCH", "rule": "searched"}

    assert judged("home_title", met, "exposure")["properties"] == met
    assert judged("home_title", {"rule": 7}, "exposure").detail.startswith("/properties/rule")
