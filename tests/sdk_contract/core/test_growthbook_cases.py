"""The third-party conformance cases, all sections of them.

The file is read where a development checkout has it; none of it is kept in this repository.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from tests.sdk_contract.growthbook.aes import aes_cbc

from herenow_sdk.growthbook.cases import Section, run_cases

CASES = Path(__file__).parents[4] / "shared/data/conformance/growthbook_cases.json"
SECTIONS = (
    "evalCondition",
    "hash",
    "getBucketRange",
    "feature",
    "run",
    "chooseVariation",
    "getQueryStringOverride",
    "inNamespace",
    "getEqualWeights",
    "decrypt",
    "stickyBucket",
    "urlRedirect",
    "contextualBandit",
)

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not CASES.exists(), reason="conformance/growthbook_cases.json is not in the data folder"
    ),
]


@cache
def outcomes() -> dict[str, Section]:
    """All sections, run once."""
    return run_cases(json.loads(CASES.read_text()), aes_cbc)


def test_every_section_is_run() -> None:
    """The file has the sections listed here and no other, so none is overlooked."""
    assert set(outcomes()) == set(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_section(section: str) -> None:
    """Every case of a section comes out as GrowthBook's SDK has it."""
    assert outcomes()[section].verdicts
    assert outcomes()[section].failures == []
