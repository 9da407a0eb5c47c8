"""What the server knows of a person and lends to the device."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.attributes import derive
from herenow_sdk.core.snapshots import MAX_SNAPSHOTS, MAX_TTL, OWNED, in_force, overlaid, read_snapshots

from .strategies import json_values, quick, steady

NOW = 1_795_138_923


def fact(value: object, *, as_of: int = NOW - 60, ttl: int = 3600) -> dict:
    """A snapshot of a minute ago that holds for an hour."""
    return {"value": value, "as_of": as_of, "ttl": ttl}


def test_stands_at_its_path() -> None:
    """Every segment of the path is a level of the attributes."""
    state = {"snapshots": {"affinity.category.burger": fact(412), "habit.usual_now": fact(value=True)}}
    attributes = derive({}, {}, state, NOW)
    assert attributes["affinity"] == {"category": {"burger": 412}}
    assert attributes["habit"] == {"usual_now": True}


def test_holds_from_its_instant_until_before_its_end() -> None:
    """Neither one from the future nor one that has expired is seen."""
    raw = {
        "a": fact(1, as_of=NOW, ttl=1),
        "b": fact(1, as_of=NOW + 1),
        "c": fact(1, as_of=NOW - 5, ttl=5),
        "d": fact(1, as_of=NOW - 5, ttl=6),
    }
    assert [each.path for each in in_force(raw, NOW)] == ["a", "d"]


def test_never_overrides_the_device() -> None:
    """A path whose root the device owns is dropped, even where the device knows nothing there."""
    assert read_snapshots({f"{root}.x": fact(1) for root in OWNED} | {root: fact(1) for root in OWNED}) == ()


def test_every_attribute_of_the_device_is_owned() -> None:
    """The list cannot fall behind what is derived."""
    context = dict.fromkeys(OWNED, "x-XX") | {"capabilities": []}
    derived = derive(context, {"id": "i", "user_id": "u"}, {}, NOW)
    assert set(derived) == OWNED


def test_the_shorter_path_wins() -> None:
    """A path that leads through another snapshot's value is dropped, in whatever order they came."""
    held = in_force({"habit.x": fact(2), "habit": fact(1)}, NOW)
    assert overlaid({}, held) == {"habit": 1}


def test_bounds() -> None:
    """So many count, for so long; a time to live below a second is none."""
    many = read_snapshots({f"s{n:04}": fact(n) for n in range(MAX_SNAPSHOTS + 1)})
    assert len(many) == MAX_SNAPSHOTS
    (capped,) = read_snapshots({"a": fact(1, as_of=0, ttl=MAX_TTL + 1)})
    assert capped.ends == MAX_TTL
    assert read_snapshots({"a": fact(1, ttl=0), "b": fact({}), "c": fact([1]), "d": fact("")}) == ()


@quick
@given(json_values, st.integers(0, 2**40))
def test_never_raises(raw: object, now: int) -> None:
    """Whatever is kept, there is an answer."""
    assert isinstance(overlaid({}, in_force(raw, now)), dict)


@steady
@given(st.dictionaries(st.sampled_from(["a", "a.b", "a.b.c", "b", "b.a"]), st.integers(0, 9)))
def test_the_order_of_members_is_nothing(values: dict[str, int]) -> None:
    """A device whose objects have no order decides the same."""
    raw = {path: fact(value) for path, value in values.items()}
    backwards = dict(reversed(raw.items()))
    assert overlaid({}, in_force(raw, NOW)) == overlaid({}, in_force(backwards, NOW))
