"""Entering, leaving, dwelling, passing through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.place.fences import read_fences
from herenow_sdk.core.place.hearing import listen
from herenow_sdk.core.place.transitions import advance, tick
from herenow_sdk.core.reasons import FixFault, Silence

UUID = "3f1d6c52-8a47-4e0b-9c35-d27b61f0a84e"
FENCES = read_fences(
    {
        "shop": {"circle": [19_000_000, 72_000_000, 100], "dwell_s": 300},
        "yard": {"polygon": [[[19_000_000, 72_010_000], [19_000_000, 72_012_000], [19_002_000, 72_012_000],
                              [19_002_000, 72_010_000], [19_000_000, 72_010_000]]]},
        "till": {"beacon": {"kind": "ibeacon", "uuid": UUID}, "dwell_s": 60},
    }
)  # fmt: skip
T = 1_795_000_000


def fix(at: int, north_m: int = 0, accuracy: int = 10):
    """A position so many metres north of the shop's middle."""
    return {"at": at, "lat_e6": 19_000_000 + north_m * 9, "lon_e6": 72_000_000, "accuracy_m": accuracy}


def follow(fixes, state=None):
    """All transitions of a track processed as it happens, and the state after it."""
    told = []
    for each in fixes:
        outcome = advance(FENCES, state, each, each["at"])
        told += [(each.kind, each.at, each.since) for each in outcome.transitions]
        state = json.loads(json.dumps(outcome.state))
    return told, state


def stay(start: int, seconds: int, north_m: int = 0):
    """A position every ten seconds."""
    return [fix(at, north_m) for at in range(start, start + seconds + 1, 10)]


def test_a_stay_is_entered_dwelt_and_left_once() -> None:
    """Each change is told when its evidence has lasted, with when it began."""
    told, state = follow([*stay(T, 600), *stay(T + 610, 300, 300)])
    assert told == [("enter", T + 210, T), ("dwell", T + 300, T), ("exit", T + 790, T + 610)]
    assert state["fences"]["shop"]["inside"] is False


def test_jitter_at_the_edge_is_silent() -> None:
    """Between edge and buffer nothing speaks for leaving."""
    told, state = follow([*stay(T, 300), *[fix(T + 300 + 10 * n, 90 + 50 * (n % 2)) for n in range(1, 60)]])
    assert [kind for kind, _, _ in told] == ["enter", "dwell"]
    assert state["fences"]["shop"]["inside"] is True


def test_walking_through_is_a_crossing() -> None:
    """Nobody who only passes has entered."""
    told, _ = follow([fix(T + 10 * n, -200 + 14 * n) for n in range(30)])
    assert [kind for kind, _, _ in told] == ["cross"]


def test_driving_through_between_two_positions_is_a_crossing() -> None:
    """Both positions are outside, and the way leads through."""
    told, _ = follow([fix(T, -400), fix(T + 30, 400)])
    assert told == [("cross", T + 30, T)]
    assert follow([fix(T, -400), fix(T + 121, 400)])[0] == []


@pytest.mark.requirement("10.5.9")
def test_the_same_position_again_changes_nothing() -> None:
    """Replayed and out-of-order positions leave the state as it is."""
    _, state = follow(stay(T, 300))
    for again in (fix(T + 300), fix(T + 10, 5000)):
        outcome = advance(FENCES, state, again, T + 301)
        assert (outcome.state, outcome.transitions, outcome.fault) == (state, (), FixFault.NOT_NEWER)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (fix(T + 10, 0, 501), FixFault.INACCURATE),
        (fix(T + 100), FixFault.FROM_FUTURE),
        (fix(T + 1, 20_000), FixFault.IMPOSSIBLE_SPEED),
        ({**fix(T + 10), "accuracy_m": -1}, FixFault.MALFORMED_FIX),
        ({**fix(T + 10), "lat_e6": 90_000_001}, FixFault.MALFORMED_FIX),
        (None, FixFault.MALFORMED_FIX),
    ],
)
def test_absurd_positions_are_passed_over(raw, fault) -> None:
    """Each by its name, and the next good one goes on."""
    _, state = follow([fix(T)])
    outcome = advance(FENCES, state, raw, T + 20)
    assert (outcome.fault, outcome.state) == (fault, state)


@pytest.mark.requirement("10.6.2", "10.6.3")
def test_late_and_repeated_transitions_are_silent() -> None:
    """A late one moves the state; one within the cool-down happened, and is not told again."""
    state = None
    for each in stay(T, 210):
        outcome = advance(FENCES, state, each, T + 1000)
        state = outcome.state
    assert [each.silence for each in outcome.transitions] == [Silence.LATE]
    assert state["fences"]["shop"]["inside"] is True
    _, state = follow([*stay(T, 300), *stay(T + 310, 200, 300)])
    for each in stay(T + 520, 210):
        outcome = advance(FENCES, state, each, each["at"])
        state = outcome.state
    assert [(each.kind, each.silence) for each in outcome.transitions] == [("enter", Silence.COOLING_DOWN)]


def test_time_alone_makes_a_dwell() -> None:
    """Somebody inside who was seen lately dwells without another position; somebody long unseen does not."""
    _, state = follow(stay(T, 220))
    assert [each.kind for each in tick(FENCES, state, T + 300).transitions] == ["dwell"]
    assert tick(FENCES, state, T + 299).transitions == tick(FENCES, state, T + 900).transitions == ()


def test_a_beacon_is_entered_by_ear() -> None:
    """The first packet enters; 30 s of silence leave; positions play no part."""
    packet = {
        "kind": "ibeacon",
        "uuid": "3F1D6C52-8A47-4E0B-9C35-D27B61F0A84E",
        "major": 1,
        "minor": 2,
        "at": T,
    }
    outcome = listen(FENCES, None, [packet], T)
    assert [(each.kind, each.fence) for each in outcome.transitions] == [("enter", "till")]
    outcome = advance(FENCES, outcome.state, fix(T + 5, 90_000), T + 5)
    assert outcome.state["fences"]["till"]["inside"] is True
    assert listen(FENCES, outcome.state, [], T + 29).transitions == ()
    assert [each.kind for each in listen(FENCES, outcome.state, [], T + 30).transitions] == ["exit"]


@quick
@given(json_values, json_values, json_values, st.integers(0, 2 * T))
def test_never_raises(fences, state, raw, now: int) -> None:
    """Whatever JSON fences, state and position are."""
    kept = {"fences": {"shop": state, "till": state}, "track": state}
    for known in (FENCES, read_fences(fences), read_fences({"a": fences})):
        for around in (state, kept):
            advance(known, around, raw, now)
            advance(known, around, fix(now), now)
            tick(known, around, now)
            listen(known, around, raw, now)


moves = st.lists(st.tuples(st.integers(1, 400), st.integers(-300, 300)), max_size=60)


@steady
@given(moves)
def test_transitions_keep_their_order(track) -> None:
    """Entering and leaving take turns, one dwells at most once a visit, and only inside."""
    at, fixes = T, []
    for seconds, north in track:
        at += seconds
        fixes.append(fix(at, north))
    inside = dwelt = False
    for kind, at, since in follow(fixes)[0]:
        assert since <= at
        assert inside is (kind in ("exit", "dwell"))
        assert not (kind == "dwell" and dwelt)
        inside = kind in ("enter", "dwell")
        dwelt = kind == "dwell"
