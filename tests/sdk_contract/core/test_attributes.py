"""What is known of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.attributes import MAX_MEMBERS, MAX_TEXT, derive

from .strategies import json_objects, json_values, quick

NOW = 1_795_138_923  # Friday 20 November 2026, 07:12:03 at +05:30
CONTEXT = {
    "platform": "android",
    "os_version": 15,
    "app_version": "3.2.1",
    "locale": "en-IN",
    "time_zone": "Asia/Kolkata",
    "utc_offset_s": 19_800,
    "network": "wifi",
    "capabilities": ["in_app", "push", 7],
    "device": {"class": "phone", "model": "Pixel 9", "screen": {"width": 1080, "density": 2.6}, "x": [1]},
    "injected": "nothing unknown passes",
}
PROFILE = {
    "id": "i-1",
    "installed_at": NOW - 3 * 86_400 - 5,
    "intent": {
        "label": "Burgers",
        "confidence": 0.97,
        "facets": [
            {"facet": "category", "value": "burger"},
            {"facet": "category", "value": "fast food"},
            {"facet": "category", "value": "burger"},
            {"facet": "place", "value": "reserved"},
        ],
        "place": {"name": "Kandivali West", "facet": "area", "values": ["Kandivali West"]},
    },
    "acquisition": {"status": "resolved", "source": "web", "medium": "search", "confidence": 1.0, "raw": "x"},
}


def test_everything_at_once() -> None:
    """A first launch in full."""
    assert derive(CONTEXT, PROFILE, {"consent": {"analytics": "granted", "push": "maybe"}}, NOW) == {
        "id": "i-1",
        "platform": "android",
        "os_version": "15",
        "app_version": "3.2.1",
        "locale": "en-IN",
        "language": "en",
        "country": "IN",
        "time_zone": "Asia/Kolkata",
        "network": "wifi",
        "capabilities": ["in_app", "push"],
        "device": {"class": "phone", "model": "Pixel 9", "screen": {"width": 1080, "density": 2.6}},
        "intent": {
            "category": ["burger", "fast food"],
            "area": ["Kandivali West"],
            "label": "Burgers",
            "place": {"name": "Kandivali West"},
            "confidence": 0.97,
        },
        "acquisition": {"status": "resolved", "source": "web", "medium": "search", "confidence": 1.0},
        "lifecycle": {"days_since_install": 3, "stage": "new"},
        "consent": {"analytics": "granted"},
        "here": {"zones": []},
        "now": {"hour": 7, "minute": 12, "minute_of_day": 432, "weekday": "fri", "date": "2026-11-20"},
    }


def test_nothing_known() -> None:
    """Without facts the keys are absent, and conditions on them see nothing."""
    attributes = derive({}, {}, {}, NOW)
    assert "platform" not in attributes
    assert "id" not in attributes
    assert attributes["intent"] == {}
    assert attributes["lifecycle"] == {}


def test_language_and_country() -> None:
    """Region is read past a script; a country that was told wins over the locale's."""
    assert derive({"locale": "zh-Hant-TW"}, {}, {}, NOW)["country"] == "TW"
    assert derive({"locale": "en_US", "country": "IN"}, {}, {}, NOW)["country"] == "IN"
    assert "country" not in derive({"locale": "hi"}, {}, {}, NOW)


def test_stages() -> None:
    """New for a week; an install date in the future is today."""

    def lifecycle(age: int) -> dict:
        return derive({}, {"installed_at": NOW - age}, {}, NOW)["lifecycle"]

    assert lifecycle(8 * 86_400 - 1) == {"days_since_install": 7, "stage": "new"}
    assert lifecycle(8 * 86_400) == {"days_since_install": 8, "stage": "active"}
    assert lifecycle(-5000) == {"days_since_install": 0, "stage": "new"}


def test_absurd_lengths_are_left_out() -> None:
    """A text beyond the bound counts as not sent."""
    assert "network" not in derive({"network": "x" * (MAX_TEXT + 1)}, {}, {}, NOW)


@quick
@given(json_values, json_values, json_values, st.integers(0, 2**40))
def test_never_raises(context: object, profile: object, state: object, now: int) -> None:
    """Whatever a device sends, there are attributes with a local time."""
    assert derive(context, profile, state, now)["now"]["weekday"]


@quick
@given(json_objects, json_objects)
def test_hostile_members(context: dict, profile: dict) -> None:
    """Members of any type, where the right ones are expected, do no harm."""
    profile = {**profile, "intent": {"facets": [profile, context], "place": context}}
    derive({**context, "device": {**profile, "screen": context}}, profile, {"consent": context}, NOW)


def test_where_the_device_is() -> None:
    """The fences it is inside are ``here.zones``, ordered by their bytes, whatever else is kept of them."""
    fences = {"b": {"inside": True}, "a": {"inside": True, "since": 5}, "c": {"inside": False}, "d": True}
    assert derive({}, {}, {"fences": fences}, NOW)["here"] == {"zones": ["a", "b"]}


def test_a_switched_off_capability_is_none_of_the_device() -> None:
    """What the kill switch names is not among the capabilities that conditions see."""
    attributes = derive({"capabilities": ["push", "in_app"]}, {}, {"kill": ["push", "nonsense"]}, NOW)
    assert attributes["capabilities"] == ["in_app"]


def test_an_object_too_wide_counts_as_empty() -> None:
    """Which of its members were the first is not the same in every language."""
    assert derive({"device": {f"m{n}": n for n in range(MAX_MEMBERS + 1)}}, {}, {}, NOW)["device"] == {}


@pytest.mark.requirement("2.3.8")
def test_what_the_server_knows_of_the_lifecycle_stands_before_the_devices_own():
    """Its stage in place of ours; the age of the installation stays ours; what is no scalar is left out."""
    told = {"stage": "at_risk", "due_in_days": -3, "days_since_install": 999, "odd": ["x"], "long": "x" * 201}
    profile = {"installed_at": NOW - 9 * 86_400, "lifecycle": told}

    found = derive({}, profile, {}, NOW)["lifecycle"]

    assert found == {"days_since_install": 9, "stage": "at_risk", "due_in_days": -3}
    assert derive({}, {"lifecycle": {"stage": "loyal"}}, {}, NOW)["lifecycle"] == {"stage": "loyal"}
    assert derive({}, {"lifecycle": "loyal"}, {}, NOW)["lifecycle"] == {}
