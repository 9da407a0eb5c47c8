"""The learned profile as JSON: nothing is lost on the way, and what another version wrote is not read."""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.profiles.learned.streams import HOSTILE

from herenow.learning.lifecycle import Course
from herenow.learning.places import Places, Visit, visited
from herenow.learning.rates import Evidence
from herenow.profiles.learned.document import NOTHING, Impressions, Learned, daypart
from herenow.profiles.learned.encoding import as_json, from_json
from herenow.profiles.learned.folding import caught_up
from herenow.profiles.learned.packing import MAX_BYTES, Packed, restored, stored, written
from herenow.storage.ports import LogRecord
from herenow_sdk.core.profile import Event, Profile, fold

DAY = 20_000


def _places() -> Places:
    known = Places()
    for place, cell in (("home", 8), ("work", 9), ("home", 18)):
        known = visited(known, Visit(place, DAY, cell))
    return known


FULL = Learned(
    at=7,
    taught=fold(Profile(), Event("item_tap", DAY, 12, {"category": ("burger",)}, 1024)),
    places=_places(),
    recents=("a", "b"),
    hidden=("h",),
    seen={"c": Impressions(3, DAY)},
    engaged={"app": {12: 2}, "push": {13: 1}},
    exposed={"push": {12: 3}},
    offers={("percent", "noon"): (3, 1)},
    answered="m-1",
    goals={"": Course(2, DAY - 9, DAY, held=(DAY - 9, DAY)), "burger": Course(1, DAY, DAY, 1)},
    bought=Evidence(1.7, DAY),
    spent=Evidence(412.123456789, DAY),
    sessions=4,
    first_day=DAY - 9,
    last_day=DAY,
    last_ms=DAY * 86_400_000,
    funnel={"seen": DAY, "bought": DAY - 40},
    areas={"te7u": (4096, DAY), "te7s": (1024, DAY)},
)


def test_everything_comes_back_as_it_was_stored() -> None:
    """Counters, floats and orders survive to the last bit, also of somebody unknown."""
    for each in (FULL, NOTHING, replace(NOTHING, at=3)):
        kept = stored(each)
        assert kept is not None
        assert restored(kept) == each
        assert written(restored(kept) or NOTHING) == written(each)


def test_what_version_1_stored_is_read() -> None:
    """Rows as JSON, as version 1 kept them, are the same profile; the next store is of version 2."""
    rows = orjson.dumps(as_json(FULL) | {"v": 1})
    before = {"v": 1, "at": FULL.at, "z": b64encode(zlib.compress(rows)).decode()}
    found = restored(before)
    assert found == FULL
    assert found is not None
    assert stored(found) == stored(FULL)


@given(records=st.lists(HOSTILE, max_size=40))
def test_whatever_was_taught_comes_back(records: list[dict[str, Any]]) -> None:
    """Long keys, many facets, empty sections: each member as it was, asked in any order, and as its rows."""
    known = caught_up(NOTHING, [LogRecord(at, each) for at, each in enumerate(records, 1)])
    kept = stored(known)
    assume(kept is not None)
    for name in reversed([each.name for each in fields(Learned)]):
        assert getattr(restored(kept or {}), name) == getattr(known, name)
    assert restored(kept or {}) == known
    assert from_json(orjson.loads(orjson.dumps(as_json(known)))) == known


def test_a_section_is_unpacked_when_it_is_read() -> None:
    """What nobody asks for is not made; asked twice it is the same object; nothing else is a member."""
    found = restored(stored(FULL) or {})
    assert isinstance(found, Packed)
    assert found.taught is found.taught
    assert replace(found, at=9) == replace(FULL, at=9)
    assert found != replace(FULL, at=9)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = found.nonsense


def test_what_cannot_be_read_is_learned_again() -> None:
    """Another version and a damaged text are nobody's profile."""
    kept = stored(FULL)
    assert kept is not None
    assert restored({**kept, "v": 3}) is None
    assert restored({**kept, "z": "AAAA"}) is None
    assert restored({}) is None


def test_what_does_not_fit_is_not_stored() -> None:
    """A document beyond 4,096 bytes is refused rather than cut."""
    names = tuple(sha256(bytes([n])).hexdigest() for n in range(200))
    assert stored(replace(FULL, recents=names)) is None
    assert MAX_BYTES == 4096


def test_the_sections_answer_questions() -> None:
    """Who lives where, how far somebody came, and what was shown in vain, each for its span of days."""
    assert FULL.resident("te7u6c", DAY) is True
    assert FULL.resident("te7s00", DAY) is False
    assert NOTHING.resident("te7u6c", DAY) is None
    assert FULL.furthest(DAY) == "seen"
    assert FULL.furthest(DAY, within=60) == "bought"
    assert FULL.furthest(DAY + 90) is None
    assert (FULL.impressions("c", DAY), FULL.impressions("c", DAY + 7), FULL.impressions("d", DAY)) == (
        3,
        0,
        0,
    )
    assert FULL.channel("push") == (3, 1)
    assert FULL.goal("burger").days == 1
    assert FULL.goal("sushi").days == 0
    assert [daypart(hour) for hour in (0, 5, 11, 15, 18, 23)] == [
        "night",
        "morning",
        "noon",
        "afternoon",
        "evening",
        "night",
    ]
