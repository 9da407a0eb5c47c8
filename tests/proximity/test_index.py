"""The index against asking the evaluator about every fence."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proximity.conftest import index_of, points, record_sets, records_of

from herenow.catalog.artefact import ArtefactDamaged, write_artefact
from herenow.proximity.columns import FenceRecord, write_fences
from herenow.proximity.index import FenceIndex
from herenow_sdk.core.place.fences import read_fence
from herenow_sdk.core.place.shapes import Point

HERE: Point = (19_200_000, 72_830_000)


def _edges(records: list[FenceRecord], point: Point, *, heard: bool) -> list[tuple[int, str]]:
    read = [fence for each in records if (fence := read_fence(each.id, each.told))]
    return sorted(
        (fence.shape.edge_m(point), fence.id)
        for fence in read
        if fence.shape and (fence.region is not None) is heard
    )


@given(record_sets, points)
def test_who_contains_a_point_is_whom_the_evaluator_says(told: list[dict[str, Any]], point: Point) -> None:
    """Exactly the fences whose edge is no more than 0 m away; fences that are heard are entered otherwise."""
    records = records_of(told)
    index = index_of(records)
    expected = {name for edge, name in _edges(records, point, heard=False) if edge <= 0}
    assert {index.id_of(each) for each in index.containing(point)} == expected


@given(record_sets, points, st.integers(1, 45))
def test_the_nearest_are_whom_the_evaluator_says(
    told: list[dict[str, Any]], point: Point, count: int
) -> None:
    """By the distance to the edge, nothing below 0, ties by id; those that are heard for themselves."""
    records = records_of(told)
    index = index_of(records)
    for heard in (False, True):
        ranked = sorted((max(edge, 0), name) for edge, name in _edges(records, point, heard=heard))
        found = index.nearest(point, count, heard=heard)
        assert [(metres, index.id_of(number)) for metres, _, number in found] == ranked[:count]


def test_the_nearest_of_many_leaves_are_found() -> None:
    """Among thousands of fences of every size, wherever one stands."""
    told = [
        {"circle": [19_000_000 + 7_919 * n % 400_000, 72_700_000 + 104_729 * n % 400_000, 1 + 31 * n % 9_000]}
        for n in range(5_000)
    ]
    records = records_of(told)
    index = index_of(records)
    for n in range(0, 5_000, 600):
        point = (told[n]["circle"][0] + 40 * n, told[n]["circle"][1] - 31 * n)
        expected = sorted((max(edge, 0), name) for edge, name in _edges(records, point, heard=False))[:20]
        found = index.nearest(point, 20)
        assert [(metres, index.id_of(number)) for metres, _, number in found] == expected
        inside = {name for edge, name in _edges(records, point, heard=False) if edge <= 0}
        assert {index.id_of(each) for each in index.containing(point)} == inside


@given(record_sets, st.randoms())
def test_the_order_of_fences_makes_no_difference(told: list[dict[str, Any]], chance: Any) -> None:
    """The same fences are the same bytes, so the same version."""
    records = records_of(told)
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert write_fences(records) == write_fences(shuffled)


@given(record_sets)
def test_every_fence_is_found_by_its_id_as_it_was_told(told: list[dict[str, Any]]) -> None:
    """And no id that was not given is found."""
    records = records_of(told)
    index = index_of(records)
    for each in records:
        number = index.find(each.id)
        assert number is not None
        assert index.told_of(number) == each.told
    assert index.find("f") is None
    assert index.find("nobody") is None


def test_fences_without_a_shape_are_found_by_their_id() -> None:
    """A beacon without a place is nowhere and near nothing, in the order of ids."""
    beacon = {"kind": "ibeacon", "uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e"}
    index = index_of([FenceRecord("b", {"beacon": beacon}), FenceRecord("a", {"beacon": beacon})])
    assert [index.id_of(each) for each in index.shapeless()] == ["a", "b"]
    assert index.containing(HERE) == []
    assert index.nearest(HERE, 5) == index.nearest(HERE, 5, heard=True) == []


def test_no_fences_are_an_index_too() -> None:
    """Nothing is near, nothing is inside."""
    index = index_of([])
    assert (index.count, index.containing(HERE), index.nearest(HERE, 3), index.find("x")) == (0, [], [], None)


def test_nearness_never_decreases_along_the_list() -> None:
    """Also where fences lie upon each other."""
    index = index_of(records_of([{"circle": [*HERE, 100]} for _ in range(200)]))
    found = index.nearest((HERE[0] + 9_000, HERE[1]), 150)
    assert len(found) == 150
    assert all(a < b for a, b in pairwise(found))


def test_another_artefact_is_refused() -> None:
    """A catalogue is not taken for fences."""
    with pytest.raises(ArtefactDamaged):
        FenceIndex(memoryview(write_artefact({}, {})))


def test_a_clock_is_kept_once() -> None:
    """A thousand shops in one time zone do not carry its summer times a thousand times."""
    zone = {
        "offset_s": 3600,
        "changes": [[1_700_000_000 + 15_000_000 * n, 3600 * (n % 2)] for n in range(32)],
    }
    told = [
        {"circle": [*HERE, 100 + n], "zone": zone} if n % 2 else {"circle": [*HERE, 100 + n]}
        for n in range(400)
    ]
    records = records_of(told)
    assert len(write_fences(records)) < 100_000
    index = index_of(records)
    for each in records:
        number = index.find(each.id)
        assert number is not None
        assert index.told_of(number) == each.told
