"""Stable buckets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.hashing import bucket, bucket_ranges, choose_variation, fnv1a32

from .strategies import steady


@pytest.mark.parametrize(("text", "expected"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)])
def test_fnv_reference_values(text: str, expected: int) -> None:
    """ASCII hashes as in the published FNV-1a test vectors."""
    assert fnv1a32(text) == expected


def test_fnv_hashes_utf16_units() -> None:
    """A character beyond the BMP is two units, each folded in whole."""
    value = 0x811C9DC5
    for unit in (0xD83C, 0xDF54):
        value = (value ^ unit) * 0x01000193 % 2**32
    assert fnv1a32("🍔") == value
    assert fnv1a32("é") == (0x811C9DC5 ^ 0xE9) * 0x01000193 % 2**32


@steady
@given(st.text(), st.text())
def test_a_hash_can_be_continued(left: str, right: str) -> None:
    """Hashing two texts in turn is hashing them joined."""
    assert fnv1a32(right, fnv1a32(left)) == fnv1a32(left + right)


@steady
@given(st.text(), st.text(), st.sampled_from([1, 2]))
def test_a_bucket_is_within_the_unit(seed: str, value: str, version: int) -> None:
    """A bucket is at least 0 and less than 1."""
    point = bucket(seed, value, version)
    assert point is not None
    assert 0 <= point < 1


@steady
@given(st.integers(2, 6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.9999))
def test_more_coverage_moves_nobody(count: int, some: float, more: float, point: float) -> None:
    """Whoever is in a variation stays in it when coverage grows."""
    some, more = sorted((some, more))
    before = choose_variation(point, bucket_ranges(count, some))
    after = choose_variation(point, bucket_ranges(count, more))
    assert before in (-1, after)
