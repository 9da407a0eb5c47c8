"""Until when an answer holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features, prepare
from herenow_sdk.core.valid_until import HORIZON, valid_until
from herenow_sdk.core.zones import Zone

from .strategies import steady

NOW = 1_795_138_923  # 07:12:03 at +05:30
KOLKATA = Zone(19_800)


@pytest.mark.parametrize(
    ("paths", "seconds"),
    [
        ([], HORIZON),
        (["country", "nowhere.hour"], HORIZON),
        (["now.hour"], 47 * 60 + 57),
        (["now.minute"], 57),
        (["now.minute_of_day", "now.hour"], 57),
        (["now"], 57),
        (["now.weekday"], 16 * 3600 + 47 * 60 + 57),
        (["now.date"], 16 * 3600 + 47 * 60 + 57),
        (["lifecycle.stage"], 86_400 - 100),
    ],
)
def test_by_what_is_read(paths: list[str], seconds: int) -> None:
    """The earliest turn of anything that is read, and a day at most."""
    assert valid_until(paths, (), KOLKATA, NOW, NOW - 100) == NOW + seconds


def test_pins_end() -> None:
    """A pin's end counts while it lies ahead."""
    assert valid_until((), [NOW - 5, NOW, NOW + 60, NOW + 90], KOLKATA, NOW, None) == NOW + 60


@pytest.mark.parametrize("installed_at", [None, "x", float("nan"), float("inf"), 10**400, True])
def test_an_unknown_install_time_is_no_obstacle(installed_at: object) -> None:
    """Without a usable install time the day is the horizon."""
    assert NOW < valid_until(["lifecycle.stage"], (), KOLKATA, NOW, installed_at) <= NOW + HORIZON


conditions = st.sampled_from(
    [
        {"now.hour": {"$gte": 11, "$lt": 15}},
        {"now.minute": {"$lt": 30}},
        {"now.minute_of_day": {"$gt": 700}},
        {"now.weekday": {"$in": ["mon", "fri"]}},
        {"now.date": "2026-11-21"},
        {"lifecycle.days_since_install": {"$lte": 1}},
        {"lifecycle.stage": "new"},
    ]
)


@steady
@given(
    st.lists(conditions, max_size=3),
    st.integers(0, 10 * 86_400),
    st.sampled_from([0, 19_800, -16_200, 20_700]),
    st.floats(0, 1, exclude_max=True),
)
def test_nothing_changes_before(rules: list[dict], age: int, offset: int, share: float) -> None:
    """At any moment before the stated instant the answer is still the same."""
    features = {
        f"f{n}": {"default": 0, "rules": [{"condition": rule, "force": 1}]} for n, rule in enumerate(rules)
    }
    bundle, _ = parse_bundle({"features": {"features": features}})
    context, profile = {"utc_offset_s": offset}, {"installed_at": NOW - age}
    first = prepare(bundle, context, profile, {}, NOW)
    later = prepare(bundle, context, profile, {}, NOW + int((first.valid_until - NOW) * share))
    assert evaluate_features(bundle, later.attributes) == evaluate_features(bundle, first.attributes)
    assert later.valid_until >= first.valid_until
