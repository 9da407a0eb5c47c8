"""A stock SDK decides as the server would, or leaves the feature's default."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.authoring.local_features import RemoteFeature, local_features
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features
from herenow_sdk.core.reasons import FeatureReason

DERIVED = {"intent": {"category": ["burger"]}, "now": {"hour": 12}, "lifecycle": {"stage": "new"}}


def rule(name="r", **members):
    """A compiled rule."""
    return {"id": name, **members}


def part(**features):
    """A features part in which every feature has rules and the default "default"."""
    return {
        "features": {
            name: {"type": "string", "defaultValue": "default", "rules": list(rules)}
            for name, rules in features.items()
        }
    }


@pytest.mark.parametrize(
    ("members", "because"),
    [
        ({"condition": {"intent.category": "burger"}, "force": "x"}, ("intent.category",)),
        ({"condition": {"$or": [{"os": 1}, {"now.hour": 9}]}, "force": "x"}, ("now.hour",)),
        ({"condition": {"events.open.count_7d": {"$gt": 2}}, "force": "x"}, ("events.open.count_7d",)),
        ({"force": "{{intent.label}} near you"}, ("intent.label",)),
        ({"force": "{{language}}"}, ("language",)),
        ({"variations": ["a", "{{country}}"]}, ("country",)),
        ({"force": "x", "coverage": 0.5, "hashAttribute": "affinity.x"}, ("affinity.x",)),
        ({"variations": [1, 2], "fallbackAttribute": "lifecycle.stage"}, ("lifecycle.stage",)),
        ({"variations": [1, 2], "filters": [{"attribute": "habit.next_place"}]}, ("habit.next_place",)),
    ],
)
def test_what_only_the_server_can_judge(members, because):
    """Rules over derived attributes and texts to be filled in end what is sent, and are told."""
    local = local_features(part(title=[rule("before", force=1, condition={"os": "x"}), rule(**members)]))

    assert local.remote == (RemoteFeature("title", 1, "r", because),)
    assert [each["id"] for each in local.features["title"]["rules"]] == ["before"]


@pytest.mark.parametrize(
    "members",
    [
        {"condition": {"device.class": "phone", "language": "hi", "beta": True}, "force": "x"},
        {"force": "x", "coverage": 0.5, "hashAttribute": "user_id"},
        {"variations": ["a", "b"], "filters": [{"seed": "s", "ranges": [[0, 1]]}]},
        {"condition": {"intentional": 1, "nowhere.x": 2}, "force": "{{ not a name"},
    ],
)
def test_what_an_app_can_say_itself_stays(members):
    """Attributes of device and app, and the app's own, are judged on the device."""
    given_part = part(title=[rule(**members)])

    local = local_features(given_part)

    assert local.features == given_part["features"]
    assert not local.remote


def test_rules_after_one_for_everybody_never_count():
    """A feature is not remote for a rule that nothing reaches."""
    assert not local_features(part(title=[rule(force=1), rule(force="{{intent.label}}")])).remote


def test_a_default_to_be_filled_in_is_null():
    """As in core, so that the app's own default stands."""
    given_part = {"features": {"title": {"type": "string", "defaultValue": "{{intent.label}}", "rules": []}}}

    local = local_features(given_part)

    assert local.features["title"]["defaultValue"] is None
    assert local.remote == (RemoteFeature("title", 0, None, ("intent.label",)),)


def test_what_depends_on_a_remote_feature_is_remote():
    """Through any number of prerequisites, in whichever order they are written; circles end."""
    needs = lambda parent: rule(parentConditions=[{"id": parent, "condition": {}}], force="x")  # noqa: E731
    local = local_features(
        part(
            a=[needs("b")],
            b=[rule("first", force=1, condition={"os": 1}), needs("c")],
            c=[rule(condition={"now.hour": 1}, force=1)],
            d=[needs("e")],
            e=[needs("d")],
        )
    )

    assert [(each.name, each.position, each.because) for each in local.remote] == [
        ("a", 0, ("b",)),
        ("b", 1, ("c",)),
        ("c", 0, ("now.hour",)),
    ]


CONDITIONS = st.sampled_from(
    [
        None,
        {"os": "x"},
        {"os": {"$ne": "x"}},
        {"beta": True},
        {"intent.category": {"$in": ["burger"]}},
        {"intent.category": {"$exists": False}},
        {"lifecycle.stage": {"$ne": "new"}},
        {"$not": {"now.hour": {"$gte": 11}}},
        {"$and": [{"os": "x"}, {"now.hour": 12}]},
    ]
)
OUTCOMES = st.sampled_from(
    [
        {"force": "forced"},
        {"force": "{{intent.category}}"},
        {"force": "half", "coverage": 0.5},
        {"variations": ["a", "b"], "coverage": 0.5},
        {"variations": ["a", "{{now.hour}}"]},
    ]
)
PARENTS = st.sampled_from([{}, {}, {"parentConditions": [{"id": "f0", "condition": {"value": "forced"}}]}])
RULES = st.lists(
    st.builds(
        lambda condition, outcome, parents: (
            outcome | parents | ({} if condition is None else {"condition": condition})
        ),
        CONDITIONS,
        OUTCOMES,
        PARENTS,
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=examples(300))
@given(
    rules=st.lists(RULES, min_size=1, max_size=3),
    own=st.fixed_dictionaries(
        {"id": st.sampled_from(["u1", "u2", "u3", "u4"])},
        optional={"os": st.sampled_from(["x", "y"]), "beta": st.booleans()},
    ),
    known=st.sampled_from([{}, DERIVED, {"lifecycle": {"stage": "active"}}]),
)
def test_a_device_never_misjudges(rules, own, known):
    """Whatever the server knows besides: where a rule decides on the device, it decides as the server."""
    whole = part(
        **{f"f{i}": [rule(str(j), **each) for j, each in enumerate(rs)] for i, rs in enumerate(rules)}
    )
    local = local_features(whole)
    remote = {each.name for each in local.remote}

    on_server = evaluate_features(parse_bundle({"features": whole})[0], {**own, **known})
    on_device = evaluate_features(parse_bundle({"features": {"features": local.features}})[0], own)

    for name, result in on_device.items():
        if name in remote and result.reason in (FeatureReason.DEFAULT, FeatureReason.STATIC):
            assert result.value == "default"
        else:
            assert (result.value, result.assignment) == (on_server[name].value, on_server[name].assignment)
