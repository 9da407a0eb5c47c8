import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.conditions import MAX_CONDITION_DEPTH, compile_condition

ROWS = [
    {
        "id": "a",
        "topics": "x;y",
        "kind": "shop",
        "price": 100,
        "rating": 4.1,
        "indoors": True,
        "opened": "2026-01-01",
    },
    {
        "id": "b",
        "topics": "y",
        "kind": "5",
        "price": 250.5,
        "rating": 3,
        "indoors": False,
        "locality": "East",
    },
    {"id": "c", "topics": "x;z", "rating": 4.1, "opened": "2025-06-30"},
    {"id": "d"},
    {"id": "e", "kind": "Shop", "price": 1000, "locality": "West", "lat": 1, "lon": 1},
]
paths = st.sampled_from(
    ["topic", "kind", "price", "rating", "indoors", "opened", "area", "id", "topic.0", "price.x", "no", ""]
)
literals = st.sampled_from(
    ["x", "y", "shop", "5", "East", "a", "", 0, 100, 250.5, 4.1, 3, True, False, None, "2026-01-01"]
)
operators = st.one_of(
    st.builds(dict, st.tuples(st.tuples(
        st.sampled_from(["$eq", "$ne", "$lt", "$lte", "$gt", "$gte"]), literals))),
    st.builds(dict, st.tuples(st.tuples(
        st.sampled_from(["$in", "$nin", "$all", "$ini"]), st.lists(literals, max_size=3)))),
    st.builds(dict, st.tuples(st.tuples(st.just("$exists"), st.booleans()))),
    st.just({"$size": 2}), st.just({"$regex": "^s"}), st.just({"$not": {"$in": ["x"]}}), st.just({"$bad": 1}),
    st.just({"$elemMatch": {"$eq": "x"}}), st.just({"$type": "string"}),
)  # fmt: skip
clauses = st.dictionaries(paths, st.one_of(literals, operators), max_size=3)
conditions = st.recursive(
    clauses,
    lambda inner: st.one_of(
        st.builds(lambda key, parts, beside: {**beside, key: parts},
                  st.sampled_from(["$and", "$or", "$nor"]), st.lists(inner, max_size=3), clauses),
        st.builds(lambda part: {"$not": part}, inner),
        st.sampled_from([{"$and": 1}, {"$or": {}}, {"$not": []}, {"$other": 1},
             {"$and": [1]}, {"$nor": ["x"]}]),
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def catalog(catalog_of):
    """Items with and without values of every type."""
    return catalog_of(ROWS)


def judged_by_core(catalog, condition):
    """Core's answer for every item."""
    matches = compile_condition(condition).matches
    return [matches(catalog.attributes_at(index)) for index in range(len(catalog))]


@given(conditions)
def test_a_mask_is_cores_answer_for_every_item(catalog, condition):
    """Taking conditions apart and judging distinct values changes no verdict."""
    assert catalog.mask(condition).tolist() == judged_by_core(catalog, condition)


@pytest.mark.parametrize("depth", range(MAX_CONDITION_DEPTH - 2, MAX_CONDITION_DEPTH + 3))
@pytest.mark.parametrize("innermost", [{}, {"id": "a"}, {"$nor": []}, {"id": {"$not": {"$eq": "a"}}}])
@pytest.mark.parametrize("wrap", [lambda part: {"$and": [part]}, lambda part: {"$not": part}])
def test_deep_conditions_end_where_core_ends_them(catalog, depth, innermost, wrap):
    """What core refuses for its depth, the mask refuses too."""
    condition = innermost
    for _ in range(depth):
        condition = wrap(condition)
    assert catalog.mask(condition).tolist() == judged_by_core(catalog, condition)


@pytest.mark.parametrize(
    ("condition", "items"),
    [
        ({}, "abcde"),
        ({"rating": {"$gte": 4.1}}, "ac"),
        ({"topic": {"$in": ["x"]}, "price": {"$lt": 600, "$exists": True}}, "a"),
        ({"topic": {"$in": ["x"]}, "price": {"$lt": 600}}, "ac"),
        ({"$or": [{"topic": {"$in": ["z"]}}, {"area": "West"}]}, "ce"),
        ({"id": {"$in": ["b", "d", "zz"]}}, "bd"),
        ({"opened": {"$lt": "2026-01-01", "$exists": True}}, "c"),
        ({"indoors": True}, "a"),
        ({"topic": {"$exists": False}}, "de"),
    ],
)
def test_masks_choose_items(catalog, condition, items):
    """The conditions that marketers write about items; 4.1 is 4.1, not its neighbour in float32.

    As everywhere in core, a number that is missing compares as 0.
    """
    chosen = [catalog.id_at(index) for index in catalog.mask(condition).nonzero()[0]]
    assert "".join(chosen) == items
