"""What the publisher has switched off."""

from __future__ import annotations

import pytest
from hypothesis import given

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.kill import killed

from .strategies import json_values, quick

NOW = 1_795_138_923


def test_lists_names() -> None:
    """Every text counts, known or not; what is none is passed over."""
    assert killed({"kill": ["features", 5, None, "tomorrow"]}) == {"features", "tomorrow"}


@quick
@given(json_values)
def test_never_raises(kill: object) -> None:
    """Nothing that a manifest may hold there does harm."""
    assert isinstance(killed({"kill": kill}), frozenset)


@pytest.mark.requirement("17.1.5")
def test_nothing_is_said() -> None:
    """A message that would be shown is DISABLED while messages are off."""
    part = {"campaigns": {"lunch": {"channels": ["in_app"]}}}
    bundle, _ = parse_bundle({"campaigns": part})
    waiting = {
        "consent": {"in_app": "granted"},
        "triggers": [{"campaign": "lunch", "at": NOW - 5}],
    }
    for kill, reasons in (([], ["SHOWN"]), (["messages"], ["DISABLED"])):
        evaluation = evaluate(bundle, {"utc_offset_s": 0}, {}, {**waiting, "kill": kill}, {}, NOW)
        assert [each.reason.value for each in evaluation.messages.decisions] == reasons


@pytest.mark.requirement("17.1.5")
def test_nothing_is_listened_for() -> None:
    """The slots that a device would fill stay empty while geofence is off."""
    circle = {"type": "Point", "coordinates": [72.83151, 19.2098]}
    fence = {"id": "patty-lane", "geometry": circle, "properties": {"radius": 120}}
    bundle, _ = parse_bundle({"fences": {"fences": {"features": [fence]}}})
    state = {"slots": {"slots": 20}, "track": {"last": {"lat_e6": 19209800, "lon_e6": 72831510}}}
    watched = {
        name: list(plan.circles)
        for name in ("messages", "geofence")
        if (plan := evaluate(bundle, {}, {}, {**state, "kill": [name]}, {}, NOW).fences)
    }
    assert watched == {"messages": ["herenow:refresh", "patty-lane"], "geofence": []}
