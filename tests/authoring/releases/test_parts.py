import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from herenow.authoring.audiences import Audiences
from herenow.authoring.local_features import local_features
from herenow.authoring.parts import compile_parts, decoded, end_of_day
from herenow.errors import Invalid
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.messages import parse_messages
from herenow_sdk.core.zones import Zone

STICKY = {
    "hashAttribute": "user_id",
    "fallbackAttribute": "id",
    "bucketVersion": 2,
    "minBucketVersion": 0,
    "disableStickyBucketing": False,
}


def bodies(documents):
    """What each part holds, by its name."""
    return {part.name: part.body for part in compile_parts(documents)}


def test_a_feature_becomes_growthbooks_shape(reels):
    """The default is called defaultValue, and rules keep their id, order and experiment members."""
    title = bodies(reels)["features"]["title"]
    assert title["defaultValue"] == "Popular"
    assert "default" not in title
    assert [rule["id"] for rule in title["rules"]] == ["night", "test"]
    assert title["rules"][1] == {"id": "test", "variations": ["A", "B"], "coverage": 0.2}


def test_what_an_experiment_remembers_by_travels_unchanged(reels):
    """The part holds the members of sticky bucketing as they were written, zero and false included."""
    reels["features.json"]["title"]["rules"][1] |= STICKY
    compiled = bodies(reels)["features"]["title"]["rules"][1]
    assert {name: compiled[name] for name in STICKY} == STICKY


def test_a_stock_sdk_is_sent_what_an_experiment_remembers_by(reels):
    """Once no rule before it is the server's alone."""
    reels["features.json"]["title"]["rules"] = [reels["features.json"]["title"]["rules"][1] | STICKY]
    sent = local_features({"features": bodies(reels)["features"]}).features["title"]["rules"]
    assert sent == [{"id": "test", "variations": ["A", "B"], "coverage": 0.2, **STICKY}]


def test_a_rules_audience_and_condition_must_both_hold(reels):
    """The named audience, and the wider one it is part of, are inlined beside the rule's own condition."""
    rule = bodies(reels)["features"]["title"]["rules"][0]
    new, night = {"lifecycle.days_since_install": {"$lte": 7}}, {"now.hour": {"$gte": 22}}
    assert rule["condition"] == {"$and": [{"$and": [new, night]}, {"country": "IN"}]}
    assert "audience" not in rule


def test_a_placement_carries_instants_and_conditions(reels):
    """A pin's day ends at the app's midnight; pins and boosts hold conditions where audiences were named."""
    home = bodies(reels)["placements"]["home"]
    new = {"lifecycle.days_since_install": {"$lte": 7}}
    until = int(datetime(2026, 12, 31, 18, 30, tzinfo=UTC).timestamp())
    assert home["pins"] == [{"item": "gala", "position": 1, "until": until, "condition": new}]
    assert home["boosts"] == [{"condition": {"genre": {"$in": ["noir"]}}, "points": 10, "audience": new}]
    assert home["weights"] == {"popularity": 60, "freshness": 40}


def test_messages_carry_instants_and_conditions(reels):
    """A schedule's days and an offer's last day are instants of the app's zone; audiences are conditions."""
    new = {"lifecycle.days_since_install": {"$lte": 7}}
    schedule = {"start": "2026-12-01", "end": "2026-12-31", "days": ["mon"], "from": "11:30", "to": "14:00"}
    reels["campaigns.json"] = {"hello": {"kind": "mass", "audience": "new", "schedule": schedule}}
    reels["offers.json"] = {"ten": {"form": "gift", "audience": "new", "valid_until": "2026-12-31"}}
    told = bodies(reels)
    start = int(datetime(2026, 11, 30, 18, 30, tzinfo=UTC).timestamp())
    end = int(datetime(2026, 12, 31, 18, 30, tzinfo=UTC).timestamp())
    assert told["campaigns"]["hello"]["schedule"] == schedule | {"start": start, "end": end}
    assert told["campaigns"]["hello"]["audience"] == new
    assert told["offers"]["ten"] == {"form": "gift", "audience": new, "valid_until": end}


@pytest.mark.parametrize(
    ("counted", "reserved"),
    [({"code": {"fixed": "TEN"}}, False), ({"code": {"pool": "codes.csv"}}, True), ({"budget": 9}, True)],
)
def test_a_device_is_told_which_offers_it_cannot_promise(reels, counted, reserved):
    """What is counted or handed out stays with the server, and what the offer says travels."""
    reels["offers.json"] = {"ten": {"form": "gift", "text": {"en": "A cup"}, **counted}}
    told = bodies(reels)["offers"]["ten"]

    assert told.get("reserved", False) is reserved
    assert told["text"] == {"en": "A cup"}
    assert not {"code", "budget"} & told.keys()


def test_a_device_is_told_the_locales_of_the_app(reels):
    """In which to say something to somebody whose language there is no text in."""
    reels["policy.json"] = {}
    reels["app.json"] = {**reels["app.json"], "locales": ["hi", "en"]}

    assert bodies(reels)["policy"]["locales"] == ["hi", "en"]


@pytest.mark.parametrize("app", ["bites", "reels"])
def test_a_device_reads_every_message_of_an_example(app):
    """Compiled, the campaigns, offers and policy of the examples are read without a diagnostic.

    Journeys stay on the server (SPEC 11): a device is told of the campaigns that they say.
    """
    folder = Path(__file__).parents[3] / "examples" / app
    documents = {file.name: json.loads(file.read_text()) for file in folder.glob("*.json")}
    found = []
    rules = parse_messages(decoded(compile_parts(documents)), {}, lambda *told: found.append(told))
    assert found == []
    campaigns = {
        name: told for name, told in documents.get("campaigns.json", {}).items() if name != "$schema"
    }
    assert rules.campaigns.keys() == {name for name, told in campaigns.items() if told["kind"] != "journey"}


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-12-31", "Asia/Kolkata", "2027-01-01T00:00:00+05:30"),
        ("2026-10-25", "Europe/Berlin", "2026-10-26T00:00:00+01:00"),
        ("2026-03-29", "Europe/Berlin", "2026-03-30T00:00:00+02:00"),
        ("2026-12-31T18:00:00+05:30", "Europe/Berlin", "2026-12-31T18:00:00+05:30"),
        ("2026-12-31T18:00", "Europe/Berlin", "2026-12-31T18:00:00+01:00"),
        ("2026-12-31T18:00:00Z", "Europe/Berlin", "2026-12-31T18:00:00+00:00"),
    ],
)
def test_a_day_ends_at_local_midnight_and_an_instant_at_itself(text, zone, instant):
    """Also on the days on which clocks are changed."""
    assert end_of_day(text, ZoneInfo(zone)) == int(datetime.fromisoformat(instant).timestamp())


def test_zones_by_name_become_offsets_and_their_changes(reels):
    """A device owns no zone database: the app's, a schedule's and a fence's zone travel as the contract's."""
    hours = {"radius": 100, "opening_hours": [{"from": "11:00", "to": "23:00"}]}
    fence = {"type": "Feature", "id": "a", "geometry": {"type": "Point", "coordinates": [72.8, 19.2]}}
    reels["fences.geojson"] = {
        "type": "FeatureCollection",
        "features": [
            {**fence, "properties": hours},
            {**fence, "id": "b", "properties": {**hours, "time_zone": "Europe/Berlin"}},
        ],
    }
    reels["policy.json"] = {"cool_down": "30m"}
    reels["campaigns.json"] = {
        "app": {"kind": "mass", "channels": ["push"], "schedule": {"zone": "app"}},
        "far": {"kind": "mass", "channels": ["push"], "schedule": {"zone": "Europe/Berlin"}},
        "own": {"kind": "mass", "channels": ["push"], "schedule": {"zone": "user"}},
    }
    bundle, diagnostics = parse_bundle(decoded(compile_parts(reels)))
    summer = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp())
    assert diagnostics == ()
    assert bundle.messages.policy.zone == bundle.fences["a"].hours.zone == Zone(19_800)
    assert bundle.messages.campaigns["app"].schedule.zone == Zone(19_800)
    assert bundle.messages.campaigns["own"].schedule.zone == "user"
    berlin = bundle.fences["b"].hours.zone
    assert berlin == bundle.messages.campaigns["far"].schedule.zone
    assert (berlin.offset(summer - 1), berlin.offset(summer)) == (3600, 7200)


def test_parts_hold_no_notes_codes_budgets_or_approvals(reels):
    """What is fetched without a token tells nothing that is meant for colleagues or for the server."""
    reels["offers.json"] = {
        "fifty": {"form": "amount", "amount": 50, "code": {"fixed": "SECRET"}, "budget": 9, "text": "50 off"}
    }
    reels["policy.json"] = {"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 1}}
    reels["personas.json"] = {"organic": {"context": {"platform": "ios"}}}
    content = b"".join(part.content for part in compile_parts(reels))
    for told in (b"SECRET", b"budget", b"approvals", b"First screen", b"note among", b"$schema", b"organic"):
        assert told not in content
    assert b"50 off" in content
    assert b"quiet_hours" in content


def test_features_and_placements_are_always_there():
    """A set that has neither still has both parts, empty."""
    assert bodies({"app.json": {"app": "reels"}}) == {"features": {}, "placements": {}}


def test_every_part_names_the_capability_that_understands_it(reels):
    """A device fetches by capability what it can use."""
    reels["campaigns.json"] = {"hello": {"kind": "triggered", "audience": "new"}}
    reels["fences.geojson"] = {"type": "FeatureCollection", "features": []}
    told = {part.name: part.capability for part in compile_parts(reels)}
    assert told == {
        "features": "features",
        "placements": "placements",
        "campaigns": "messages",
        "fences": "geofence",
    }


def test_decoded_parts_are_what_a_device_decodes(reels):
    """A preview of unpublished documents sees what a device would."""
    parts = compile_parts(reels)
    assert decoded(parts) == {part.name: json.loads(part.content) for part in parts}


def test_compiling_leaves_the_documents_as_they_were(reels):
    """Compilation shares nothing that it changes."""
    before = repr(reels)
    compile_parts(reels)
    assert repr(reels) == before


def test_an_audience_cannot_stand_on_itself():
    """A circle that slipped through validation is an error, not a hang."""
    circle = {"a": {"audience": "b", "condition": {"x": 1}}, "b": {"audience": "a", "condition": {"y": 1}}}
    with pytest.raises(Invalid, match="a → b → a"):
        Audiences(circle).condition("a")


def test_an_unknown_audience_is_an_error():
    """Nothing is compiled without the condition it asks for."""
    with pytest.raises(Invalid, match="no audience 'old'"):
        Audiences({}).condition("old")


def test_an_audience_without_condition_of_its_own_is_the_wider_one():
    """An empty condition always holds and adds nothing."""
    audiences = Audiences({"a": {"condition": {"x": 1}}, "b": {"audience": "a", "condition": {}}})
    assert audiences.condition("b") == {"x": 1}
