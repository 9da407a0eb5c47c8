import pytest
from hypothesis import given
from tests.sdk_contract.core.strategies import json_values, quick

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.profile.attributes import learned_attributes, slug
from herenow_sdk.core.zones import UTC

NOW = 1_795_132_800
DAY = NOW // 86_400
PARTS = {
    "features": {
        "features": {
            "fan": {
                "defaultValue": False,
                "rules": [{"condition": {"affinity.category.burger": {"$gte": 300}}, "force": True}],
            }
        }
    }
}
LEARNED = {"v": 1, "affinity": {"category": {"burger": [9000, 0, DAY]}}}


def decided(profile, state):
    """The feature's value and the end of the answer."""
    bundle, _ = parse_bundle(PARTS)
    evaluation = evaluate(bundle, {}, profile, state, {}, NOW)
    return evaluation.features["fan"].value, evaluation.valid_until


@pytest.mark.requirement("12.9.1")
def test_what_a_device_learned_decides_offline():
    """A condition on taste holds by what was learned here, and not without it."""
    assert decided({"learned": LEARNED}, {})[0] is True
    assert decided({}, {})[0] is False


@pytest.mark.requirement("12.9.1")
def test_a_snapshot_in_force_stands_before_what_the_device_learned():
    """The server knows of more devices."""
    told = {"affinity.category.burger": {"value": 10, "as_of": NOW, "ttl": 60}}
    assert decided({"learned": LEARNED}, {"snapshots": told})[0] is False


@pytest.mark.requirement("12.9.3")
def test_an_answer_by_taste_ends_at_midnight():
    """Taste decays by the day."""
    assert decided({"learned": LEARNED}, {})[1] <= NOW + 86_400


@quick
@given(json_values, json_values)
def test_no_learned_json_raises(learned, intent):
    """Whatever was kept, there are attributes or none."""
    profile = {"learned": learned, "intent": intent, "installed_at": learned}
    paths = ["affinity.a.b", "events.x.count_7d", "events..count_1h", "affinity.", "events."]
    learned_attributes(profile, paths, UTC, NOW)


def test_a_slug_of_a_slug_is_itself():
    """Slugs are fixed points."""
    for value in ("Fast food", "Bar & Grill", "pani_puri", "日本", "-a--b-"):
        assert slug(slug(value)) == slug(value)
