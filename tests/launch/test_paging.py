"""Cursors: opaque, bound, and only ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.errors import BadRequest
from herenow.intent.model import FacetMatch, Intent
from herenow.launch.paging import PageCursor, PageCursors
from herenow.ordering.model import MAX_DEPTH

CURSORS = PageCursors(b"c" * 32)
INTENT = Intent(
    label="Burgers",
    facets=(FacetMatch("category", "burger", 1.0, (0, 7)),),
    place=None,
    modifiers=(),
    unparsed=(),
    confidence=1.0,
    explanation=(),
)
POINTS = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))


@given(st.integers(0, MAX_DEPTH), st.none() | POINTS, st.sampled_from([None, INTENT]), st.text())
def test_what_is_sealed_comes_back(offset, place, intent, bound_to):
    """Offset, place and intent survive the round trip, the same text for the same cursor."""
    cursor = PageCursor(offset, place, intent)
    sealed = CURSORS.seal(cursor, bound_to)

    assert CURSORS.open(sealed, bound_to) == cursor
    assert CURSORS.seal(cursor, bound_to) == sealed


def test_a_cursor_tells_nothing():
    """Neither the searched value nor the place can be read from it."""
    sealed = CURSORS.seal(PageCursor(20, (19_205_000, 72_835_000), INTENT), "x")

    assert "burger" not in sealed
    assert CURSORS.seal(PageCursor(20), "x") not in sealed


def test_a_cursor_of_somebody_else_does_not_open():
    """It is bound to what it was given out for, and to the deployment."""
    sealed = CURSORS.seal(PageCursor(20), "mine")

    with pytest.raises(BadRequest):
        CURSORS.open(sealed, "yours")
    with pytest.raises(BadRequest):
        PageCursors(b"d" * 32).open(sealed, "mine")


@given(st.text())
def test_any_text_is_refused_alike(text):
    """Whatever arrives is ours or INVALID_CURSOR."""
    with pytest.raises(BadRequest) as refusal:
        CURSORS.open(text, "mine")

    assert refusal.value.code == "INVALID_CURSOR"
