from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from herenow.ordering.indices import contained, intersection, summed, summed_everywhere, union
from herenow.ordering.selection import best_positions

UNIVERSE = 60
sets = st.sets(st.integers(0, UNIVERSE - 1))


def _indices(members):
    return np.array(sorted(members), dtype=np.int32)


@given(sets, sets)
def test_membership_is_the_same_however_it_is_answered(asked, listed):
    """Few asked are searched, many are looked up; the answer is that of Python's sets."""
    for some in (asked, set(list(asked)[:1])):
        found = _indices(some)[contained(_indices(some), _indices(listed), UNIVERSE)]
        assert set(found.tolist()) == some & listed


@given(st.lists(sets, min_size=1, max_size=4))
def test_union_and_intersection_are_those_of_sets(groups):
    """Both are ascending and without repeats."""
    arrays = [_indices(group) for group in groups]
    assert union(arrays, UNIVERSE).tolist() == sorted(set.union(*groups))
    assert intersection(arrays, UNIVERSE).tolist() == sorted(set.intersection(*groups))


@given(sets, st.lists(st.tuples(sets, st.integers(-500, 500)), max_size=4))
def test_amounts_are_summed_per_item(asked, groups):
    """An item gets the amount of every group it is in, asked alone or with all others."""
    arrays = [(_indices(group), amount) for group, amount in groups]
    expected = [sum(amount for group, amount in groups if item in group) for item in range(UNIVERSE)]
    assert summed_everywhere(arrays, UNIVERSE).tolist() == expected
    for some in (sorted(asked), sorted(asked)[:1]):
        assert summed(_indices(some), arrays, UNIVERSE).tolist() == [expected[item] for item in some]


@given(st.dictionaries(st.integers(0, 500), st.integers(-3, 3)), st.integers(0, 40))
def test_the_best_are_the_head_of_a_full_sort(scores, k):
    """Score descending, index ascending, also when most scores are equal."""
    items = np.array(list(scores), dtype=np.int32)
    values = np.array(list(scores.values()), dtype=np.int64)
    chosen = items[best_positions(items, values, k)].tolist()
    assert chosen == sorted(scores, key=lambda item: (-scores[item], item))[:k]
