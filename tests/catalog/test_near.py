import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from herenow.catalog.distance import distances_m
from herenow.catalog.grid import PlaceGrid
from herenow.catalog.rows import NO_COORDINATE
from herenow_sdk.core.geo import distance_m

latitudes, longitudes = st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000)
anywhere = st.tuples(latitudes, longitudes)
in_town = st.tuples(st.integers(19_000_000, 19_200_000), st.integers(72_800_000, 73_000_000))
at_the_edges = st.tuples(
    st.sampled_from([-90_000_000, -89_990_000, 0, 60_000_000, 89_990_000, 90_000_000]),
    st.sampled_from([-180_000_000, -179_990_000, 0, 179_990_000, 180_000_000]),
)
points = st.one_of(in_town, anywhere, at_the_edges)


@given(points, st.lists(points, min_size=1, max_size=30))
def test_the_twin_measures_as_core_does(centre, others):
    """Bit for bit, anywhere on the globe."""
    lats, lons = np.array(others, dtype=np.int32).T
    assert distances_m(*centre, lats, lons).tolist() == [distance_m(*centre, *other) for other in others]


@given(
    st.one_of(
        st.tuples(in_town, st.lists(in_town, max_size=40), st.integers(0, 30_000)),
        st.tuples(points, st.lists(points, max_size=40), st.integers(0, 25_000_000)),
    )
)
@example(((0, -179_999_500), [(0, 180_000_000), (0, -180_000_000), (0, 179_999_000)], 200))
@example(((0, 179_999_500), [(0, 180_000_000), (0, -180_000_000), (0, -179_999_000)], 200))
@example(((0, 10_000_000), [(0, 9_000_000), (0, -169_000_000)], 19_950_000))
@example(((89_999_000, 0), [(89_999_000, 180_000_000), (89_000_000, 0)], 1_000))
@example(((0, 180_000_000), [(0, -180_000_000), (0, -179_999_000), (0, 179_999_000)], 200))
def test_near_finds_exactly_what_core_says_is_near(case):
    """The grid only saves work: in town, at the poles and the date line."""
    centre, items, radius_m = case
    lats, lons = (
        np.array([*axis], dtype=np.int32) for axis in zip(*items, (NO_COORDINATE,) * 2, strict=True)
    )
    around = PlaceGrid.of(lats, lons).around(*centre, radius_m)
    distances = distances_m(*centre, lats[around], lons[around])
    found = sorted(around[distances <= radius_m].tolist())
    assert found == [at for at, item in enumerate(items) if distance_m(*centre, *item) <= radius_m]


@pytest.mark.parametrize(("radius_m", "expected"), [(0, []), (1111, []), (1112, ["a"]), (5_000, ["a", "b"])])
def test_near_is_in_index_order_and_includes_the_edge(catalog_of, radius_m, expected):
    """A radius reaches items exactly that far away; items without coordinates are near nothing."""
    catalog = catalog_of([
        {"id": "b", "lat": 19.03, "lon": 72.8}, {"id": "a", "lat": 19.01, "lon": 72.8}, {"id": "c"},
    ])  # fmt: skip
    found = catalog.near(19_000_000, 72_800_000, radius_m)
    assert [catalog.id_at(int(index)) for index in found] == expected
