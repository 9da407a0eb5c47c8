"""Whom a device believes: no bytes but those of a trusted, newer, present manifest are ever adopted."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_objects, json_values, quick, steady

from herenow_sdk.conformance import p256
from herenow_sdk.core.device.package import open_package, pack
from herenow_sdk.core.device.parts import missing_parts, refuse_part
from herenow_sdk.core.device.trust import accept, activated, read_trust, reopen, with_floor
from herenow_sdk.core.reasons import ManifestRefusal, PartRefusal

from .signing import DAY, ISSUED, JWKS, pinned, sign, verify

NOW = ISSUED + 60
REAL = sign()
HELD = accept(REAL, pinned(), verify, NOW).trust
NEXT = sign(sequence=8, keys=[JWKS["k2"]])


def test_a_real_manifest_is_adopted() -> None:
    """The properties below would hold for a device that refuses everything."""
    acceptance = accept(NEXT, HELD, verify, NOW)

    assert acceptance.refusal is None
    assert acceptance.manifest is not None
    assert acceptance.trust.sequence == 8


mutations = st.one_of(
    st.tuples(st.integers(0, len(NEXT) - 1), st.characters(codec="utf-8")).map(
        lambda at: NEXT[: at[0]] + at[1] + NEXT[at[0] + 1 :]
    ),
    st.integers(0, len(NEXT) - 1).map(lambda end: NEXT[:end]),
    st.tuples(st.integers(0, len(NEXT)), st.text(min_size=1, max_size=5)).map(
        lambda at: NEXT[: at[0]] + at[1] + NEXT[at[0] :]
    ),
    st.tuples(st.integers(0, len(NEXT) - 2), st.integers(1, 9)).map(
        lambda at: NEXT[: at[0]] + NEXT[at[0] + at[1] :]
    ),
    st.permutations(NEXT.split(".")).map(".".join),
)


@steady
@given(mutations)
@pytest.mark.requirement("3.3.6", "18.1.3")
def test_nothing_but_the_very_text_is_adopted(text) -> None:
    """Cut, stretched, altered or shuffled: refused, and nothing of what was believed has changed."""
    if text == NEXT:
        return
    acceptance = accept(text, HELD, verify, NOW)

    assert acceptance.refusal is not None
    assert acceptance.trust == HELD


@steady
@given(st.integers(0, 20), st.integers(-2 * DAY, 2 * DAY), st.sampled_from(["k1", "k2", "thief"]))
def test_what_is_adopted_is_trusted_newer_and_present(sequence, after, kid) -> None:
    """Of really signed ones, exactly those by a trusted key, not older, not expired, not from the future."""
    manifest = sign(kid, sequence=sequence)
    wanted = kid == "k1" and sequence >= 7 and -300 <= after < DAY

    assert (accept(manifest, HELD, verify, ISSUED + after).refusal is None) is wanted


@steady
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["k1", "k2"]), st.booleans()), max_size=8))
def test_the_sequence_never_falls(offers) -> None:
    """Whatever is offered in whatever order, a device goes forward or stays."""
    trust = pinned()
    for sequence, kid, activates in offers:
        acceptance = accept(sign(kid, sequence=sequence, keys=[JWKS["k2"]]), trust, verify, NOW)
        after = acceptance.trust
        assert after.sequence >= trust.sequence
        trust = activated(after, acceptance.manifest) if acceptance.manifest and activates else after
    active = reopen(trust.active, trust, verify)
    assert active is None or active.sequence <= trust.sequence


@quick
@given(json_values)
@pytest.mark.requirement("3.4.6")
def test_any_json_kept_is_some_trust(kept) -> None:
    """A disk that holds nonsense leaves the pinned keys, and the next manifest is accepted."""
    trust = read_trust(kept, "bites", "production", [JWKS["k1"]])

    assert accept(REAL, trust, verify, NOW).refusal is None


@quick
@given(json_objects)
def test_any_member_kept_is_some_trust(changes) -> None:
    """Nonsense member by member neither raises nor makes a stranger trusted."""
    kept = {**HELD.kept(), **{name: changes.get(name, None) for name in ("announced", "accepted", "active")}}
    trust = read_trust(kept, "bites", "production", [JWKS["k1"]])

    assert accept(sign("thief"), trust, verify, NOW).refusal is ManifestRefusal.UNKNOWN_KEY
    assert trust.sequence == 7


def test_what_is_kept_is_read_again() -> None:
    """Keys learned, revocations, sequence and both texts survive a restart."""
    trust = accept(sign(sequence=9, keys=[JWKS["k2"]], revoked=["old"]), HELD, verify, NOW).trust

    assert read_trust(trust.kept(), "bites", "production", [JWKS["k1"]]) == trust


def test_a_package_raises_the_floor() -> None:
    """A device with a fresh app accepts nothing that the app itself has left behind."""
    packaged = reopen(REAL, pinned(), verify)
    assert packaged is not None

    assert accept(sign(sequence=6), with_floor(pinned(), packaged), verify, NOW).refusal == "OLDER_SEQUENCE"


def test_what_is_packed_serves() -> None:
    """An export of a build is a package: the part in it is the one that the manifest names."""
    content = '{"features":{"ü":1}}'.encode()
    digest = sha256(content).hexdigest()
    part = {"name": "features", "capability": "features", "sha256": digest, "size": len(content)}
    packed = pack(sign(parts=[part]), {digest: content}, [JWKS["k1"]], "3.2.0")

    opened = open_package(
        packed, read_trust(None, "bites", "production", packed["keys"]), verify, {"features"}, "3.2.0"
    )
    assert opened is not None
    assert opened.parts == {"features": content}
    assert "min_app_version" not in pack(REAL, {}, [])
    packed["parts"][digest] = "\ud800"
    assert open_package(packed, pinned(), verify, {"features"}, "3.2.0") is None


def test_a_key_that_is_not_trusted_is_not_kept_by_its_own_manifest() -> None:
    """Only a manifest that was accepted makes a key stay, and one whose key is gone keeps none."""
    manifest = reopen(REAL, pinned(), verify)
    assert manifest is not None

    assert activated(replace(HELD, pinned={}), manifest).announced == {}


@quick
@given(json_values)
def test_any_package_serves_or_does_not(told) -> None:
    """A resource of the build that is missing or damaged is no package."""
    assert open_package(told, pinned(), verify, {"features"}, "1.0") is None
    assert open_package({"manifest": REAL, "parts": told}, pinned(), verify, {"features"}, "1.0") is None


@steady
@given(st.binary(max_size=20))
def test_no_bytes_but_the_named_are_a_part(content) -> None:
    """A part is what its digest says, whoever delivered it."""
    manifest = reopen(REAL, pinned(), verify)
    assert manifest is not None
    (part,) = missing_parts(manifest, {"features"}, set())

    assert refuse_part(content, part) in {PartRefusal.WRONG_SIZE, PartRefusal.WRONG_DIGEST}


def test_the_verifier_of_the_vectors_agrees_with_a_real_one() -> None:
    """The test aid and the library judge the same signatures alike."""
    signed, signature = b"signed", bytes(64)

    assert accept(REAL, pinned(), p256.verify, NOW).refusal is None
    assert accept(sign("k1", by="thief"), pinned(), p256.verify, NOW).refusal == "BAD_SIGNATURE"
    assert not p256.verify(JWKS["k1"], signed, signature)
    assert not p256.verify({**JWKS["k1"], "y": JWKS["k2"]["y"]}, signed, signature)
    assert not p256.verify({}, signed, signature)
