"""When the kill switch takes effect on a device."""

from __future__ import annotations

import pytest

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.device.trust import accept, reopen
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.reasons import FeatureReason

from .signing import ISSUED, pinned, sign, verify

NOW = ISSUED + 60


@pytest.mark.requirement("17.2.1")
def test_it_counts_from_acceptance_until_the_next_manifest() -> None:
    """Old parts decide on, without what the accepted manifest switches off, until a newer one allows it."""
    bundle, _ = parse_bundle({"features": {"features": {"title": {"default": "Hello"}}}})
    trust = accept(sign(), pinned(), verify, NOW).trust
    reasons = []
    for sequence, kill in ((8, ["features"]), (9, [])):
        trust = accept(sign(sequence=sequence, kill=kill), trust, verify, NOW).trust
        accepted = reopen(trust.accepted, trust, verify)
        assert accepted is not None
        assert trust.active is None  # its parts were never fetched
        evaluation = evaluate(bundle, {}, {}, {"kill": list(accepted.kill)}, {}, NOW)
        reasons.append(evaluation.features["title"].reason)
    assert reasons == [FeatureReason.DISABLED, FeatureReason.STATIC]
