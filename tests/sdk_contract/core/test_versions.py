"""Comparing versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.versions import padded_version, version_key

from .strategies import json_values, quick, steady


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.9.0", "1.10.0"),
        ("1.0.0-rc.1", "1.0.0"),
        ("1.0.0-beta.2", "1.0.0-beta.11"),
        ("v1.2.3", "1.2.4+build"),
        (9, 10),
        ("", "1"),
        (None, "0.0.1"),
    ],
)
def test_order(lower: object, higher: object) -> None:
    """Numbers count as numbers, a pre-release comes before its release, nothing counts as 0."""
    assert version_key(lower) < version_key(higher)


@steady
@given(st.lists(st.integers(0, 99_999), min_size=3, max_size=3), st.text("abc123.+", max_size=8))
def test_build_and_leading_v_do_not_count(parts: list[int], build: str) -> None:
    """``v`` in front and a build behind change nothing."""
    version = ".".join(map(str, parts))
    assert padded_version(f"v{version}+{build}") == padded_version(version)


@steady
@given(
    st.lists(st.integers(0, 99_999), min_size=3, max_size=3),
    st.lists(st.integers(0, 99_999), min_size=3, max_size=3),
)
def test_release_versions_order_as_their_numbers(left: list[int], right: list[int]) -> None:
    """Three numbers compare part by part."""
    texts = [".".join(map(str, parts)) for parts in (left, right)]
    assert (version_key(texts[0]) < version_key(texts[1])) is (left < right)


@quick
@given(json_values)
def test_any_json_has_a_key(value: object) -> None:
    """No value is too odd to be compared."""
    assert isinstance(version_key(value), bytes)
