"""What a manifest says, once it may be read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, nested, quick, steady

from herenow.identity.jws import base64url
from herenow_sdk.core.device.jws import Refused, decode, is_public_key, read_jws
from herenow_sdk.core.device.manifest import Standing, read_manifest
from herenow_sdk.core.device.strict_json import NotStrict, is_deeper, read_object

from .signing import DAY, ISSUED, JWKS, as_text, payload


@pytest.mark.requirement("3.6.1")
@pytest.mark.parametrize(
    ("age", "standing"),
    [
        (0, Standing.FRESH),
        (DAY - 1, Standing.FRESH),
        (DAY, Standing.EXPIRED),
        (30 * DAY - 1, Standing.EXPIRED),
        (30 * DAY, Standing.OUTLIVED),
    ],
)
def test_a_manifest_ages_in_two_steps(age, standing) -> None:
    """Expired it still serves, outlived it does not; each from its very second on."""
    assert read_manifest("k1", as_text(payload())).standing(ISSUED + age) is standing


@quick
@given(st.sampled_from(sorted(payload())), json_values)
def test_any_value_at_any_place_is_read_or_refused(member, value) -> None:
    """A signed slip of a server ends in a refusal or a dropped entry, never in an exception."""
    told = payload() | {member: value}
    try:
        manifest = read_manifest("k1", as_text(told))
    except Refused:
        return
    assert manifest.expires_at > manifest.issued_at >= 0
    assert all(part.size >= 0 for part in manifest.parts)


@quick
@given(json_values)
def test_any_value_is_a_key_or_none(value) -> None:
    """Keys come from the network, too."""
    assert is_public_key(value) is False
    assert is_public_key({**JWKS["k1"], "x": value}) is False


@steady
@given(st.binary(min_size=1, max_size=80))
def test_one_text_for_one_value(content) -> None:
    """What decodes, decodes from that text alone."""
    text = base64url(content)

    assert decode(text) == content
    assert decode(text + "=") is None
    assert all(decode(text[:-1] + last) != content for last in "AQgw" if last != text[-1])


@steady
@given(st.binary(max_size=60))
def test_any_bytes_are_strict_json_or_not(content) -> None:
    """A file, a download, half of one: an object, or refused."""
    with contextlib.suppress(NotStrict):
        assert isinstance(read_object(content), dict)


@pytest.mark.parametrize("levels", [47, 48, 2000, 100_000])
def test_depth_is_bounded_however_deep(levels) -> None:
    """Nesting exhausts nothing; the outermost object counts as one level."""
    text = b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"
    if levels > 48:
        with pytest.raises(NotStrict):
            read_object(text)
    else:
        assert not is_deeper(read_object(text), 48)


def test_depth_counts_containers_alone() -> None:
    """A number is no level; a list around it is one."""
    assert not is_deeper(1, 0)
    assert is_deeper(nested(3, "array"), 2)
    assert not is_deeper(nested(3, "array"), 3)


@pytest.mark.requirement("3.1.1")
@pytest.mark.parametrize(("length", "code"), [(65_536, "WRONG_ALGORITHM"), (65_537, "TOO_LARGE")])
def test_size_is_asked_first(length, code) -> None:
    """One byte more, and nothing else of the text matters."""
    segments = [base64url(b"{}"), "", base64url(b"--")]
    segments[1] = "A" * (length - sum(map(len, segments)) - 2)
    with pytest.raises(Refused, match=code):
        read_jws(".".join(segments))


@quick
@given(json_values)
def test_what_is_no_text_is_no_manifest(value) -> None:
    """Whatever a host passes in."""
    with pytest.raises(Refused):
        read_jws(value)
