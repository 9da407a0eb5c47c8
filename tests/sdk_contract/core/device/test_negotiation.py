"""Old and new understand each other, or say that they do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.device.negotiation import (
    is_usable,
    judge_spec,
    read_spec_header,
    read_version,
    spec_header,
)

numbers = st.integers(0, 9999)
capabilities = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)


@steady
@given(numbers, numbers, numbers, numbers)
def test_one_major_version_is_one_language(major, minor, other_major, other_minor) -> None:
    """Usable exactly when the majors are equal, from either side."""
    ours, theirs = f"{major}.{minor}", f"{other_major}.{other_minor}"

    assert is_usable(judge_spec(theirs, ours)) is (major == other_major)
    assert is_usable(judge_spec(f"{major}.{other_minor}", ours))


@steady
@given(st.lists(capabilities, max_size=12))
def test_what_a_client_says_a_server_reads(names) -> None:
    """Version and capabilities, each once, in order."""
    read = read_spec_header(spec_header(names, "1.7"))

    assert read is not None
    assert (read.major, read.minor) == (1, 7)
    assert read.capabilities == tuple(sorted(set(names)))


@quick
@given(json_values | st.text(max_size=30))
def test_any_header_is_read_or_says_nothing(told) -> None:
    """Headers come from anybody, and no two texts are one version."""
    read_spec_header(told)
    version = read_version(told)
    assert version is None or f"{version[0]}.{version[1]}" == told
    assert read_version(f"{told}\n") is None
