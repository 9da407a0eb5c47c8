"""Layers of fences, and fences out of a release."""

from __future__ import annotations

from typing import Any

from tests.proximity.conftest import index_of

from herenow.proximity.columns import FenceRecord
from herenow.proximity.served import Fences, drawn

HERE = (19_209_800, 72_831_510)
_BEACON = {"kind": "ibeacon", "uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e"}


def _circle(radius: int, **more: Any) -> dict[str, Any]:
    return {"circle": [*HERE, radius], **more}


def test_a_fence_of_the_layer_above_hides_its_namesake() -> None:
    """In every answer, also where it is smaller or lies elsewhere."""
    above = index_of([FenceRecord("a", {"circle": [0, 0, 100]})])
    below = index_of([FenceRecord("a", _circle(500)), FenceRecord("b", _circle(300))])
    fences = Fences(above, below)
    assert fences.count == 2
    assert fences.containing(HERE) == {"b": -300}
    assert list(fences.nearest(HERE, 2)) == ["b", "a"]
    assert list(fences.reaching(HERE[0], HERE[0], HERE[1], HERE[1])) == ["b"]
    found = fences.get("a")
    assert found is not None
    assert found.shape == above.fence_of(0).shape


def test_layers_are_ranked_together() -> None:
    """The nearest of all, and of those without a place the first by id."""
    fences = Fences(
        index_of(
            [
                FenceRecord("far", {"circle": [HERE[0] + 9_000, HERE[1], 100]}),
                FenceRecord("z", {"beacon": _BEACON}),
            ]
        ),
        index_of([FenceRecord("near", _circle(100)), FenceRecord("y", {"beacon": _BEACON})]),
    )
    assert list(fences.nearest(HERE, 5)) == ["near", "far"]
    assert list(fences.shapeless(1)) == ["y"]
    assert fences.get("nobody") is None


def test_a_releases_features_become_what_tiles_tell() -> None:
    """Durations as seconds within their bounds, hours with their zone, and what the app shows."""
    feature = {
        "type": "Feature",
        "id": 7,
        "geometry": {"type": "Point", "coordinates": [72.83151, 19.2098]},
        "properties": {
            "radius": 120,
            "dwell": "5m",
            "cool_down": "5d",
            "name": "Patty Lane",
            "metadata": {"floor": 2},
            "opening_hours": [{"from": "22:00", "to": "02:00"}],
            "closed_on": ["2026-12-25"],
            "zone": {"offset_s": 19_800},
            "groups": ["burger_joints"],
        },
    }
    index = drawn({"fences": {"features": [feature, {**feature, "geometry": None}, {"id": "x"}]}})
    assert index.count == 1
    assert index.id_of(0) == "7"
    assert index.told_of(0) == {
        "circle": [19_209_800, 72_831_510, 120],
        "dwell_s": 300,
        "cool_down_s": 86_400,
        "hours": [{"from": "22:00", "to": "02:00"}],
        "closed_on": ["2026-12-25"],
        "zone": {"offset_s": 19_800},
        "groups": ["burger_joints"],
        "name": "Patty Lane",
        "metadata": {"floor": 2},
    }
