"""SPEC.md is held to its form, and to what shows it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from herenow_sdk.conformance import evidence, vectors
from herenow_sdk.conformance.specification import (
    citation_faults,
    form_faults,
    read_requirements,
    specification_path,
)
from herenow_sdk.core import reasons

TESTS = Path(__file__).parents[2]


@pytest.fixture(name="trees", scope="module")
def _trees() -> list[ast.AST]:
    """The syntax of all our tests."""
    return list(evidence.syntax_trees(TESTS))


@pytest.fixture(name="cases", scope="module")
def _cases() -> list[vectors.Case]:
    """All cases of the contract."""
    return [case for suite in vectors.load(vectors.folder()) for case in suite.cases]


CHAPTER = """
## 5 Hashing

`Status: Stable`

### 5.1 FNV-1a

`Status: Hardening`

> **5.1.1** An SDK MUST hash
> code units.

Prose.

> **5.1.2** It MAY cache.

```json example=hash
{"given": {"text": "a"}, "expect": 3826002220}
```
"""


def test_requirements_are_read_with_their_sections() -> None:
    """A requirement is its number, the heading it stands under, and its whole blockquote."""
    first, second = read_requirements(CHAPTER).values()

    assert (first.id, first.section, first.text) == ("5.1.1", "5.1 FNV-1a", "An SDK MUST hash code units.")
    assert second.id == "5.1.2"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("5.1.2", "5.2.2", "requirement 5.2.2 stands under section 5.1"),
        ("5.1.2", "5.1.1", "requirement 5.1.1 comes after 5.1.1"),
        ("`Status: Stable`", "", "'5 Hashing' states no status"),
        ("`Status: Hardening`", "", "'5.1 FNV-1a' states no status"),
        ("`Status: Hardening`", "`Status: Stable` `Status: Hardening`", "states more than one status"),
        ("json example=hash", "json", "'5.1 FNV-1a' has no example"),
        ("MAY cache", "caches", "requirement 5.1.2 uses no word of RFC 2119"),
    ],
)
def test_a_malformed_specification_is_told(old, new, fault) -> None:
    """Numbers, statuses, examples and wording are checked."""
    assert form_faults(CHAPTER) == []
    assert fault in " ".join(form_faults(CHAPTER.replace(old, new)))


def test_what_nothing_shows_is_told() -> None:
    """A requirement without a citation, and a citation without a requirement, are faults."""
    faults = citation_faults(read_requirements(CHAPTER), ["5.1.1"], ["9.9.9"])

    assert faults == [
        "requirement 5.1.2 (5.1 FNV-1a) is cited by no vector and no test",
        "there is no requirement 9.9.9, but something cites it",
    ]


def test_evidence_is_read_from_the_syntax_of_tests(tmp_path) -> None:
    """Marks count as citations; codes count when named or written, not in a comment."""
    (tmp_path / "test_one.py").write_text(
        "@pytest.mark.requirement('5.1.1')\ndef test_a():\n    assert f() is FeatureReason.SPLIT  # STATIC\n"
    )
    trees = list(evidence.syntax_trees(tmp_path))
    unasserted = evidence.unasserted_codes({"FeatureReason": reasons.FeatureReason}, [], trees)

    assert evidence.cited_requirements(trees) == {"5.1.1"}
    assert "FeatureReason.SPLIT" not in unasserted
    assert "FeatureReason.STATIC" in unasserted


def test_ours_is_well_formed() -> None:
    """Every number in place, every status stated, every section with an example, all in words of RFC 2119."""
    assert form_faults(specification_path().read_text()) == []


def test_every_requirement_is_shown(cases, trees) -> None:
    """Each requirement of ours is cited by a vector or a test, and nothing else is."""
    requirements = read_requirements(specification_path().read_text())
    cited = {case.requirement for case in cases}

    assert citation_faults(requirements, cited, evidence.cited_requirements(trees)) == []


def test_every_code_is_asserted(cases, trees) -> None:
    """Each code of each closed set is expected by a vector or asserted by a test."""
    assert evidence.unasserted_codes(evidence.codes_of(reasons), cases, trees) == []


def test_there_are_enough_cases(cases) -> None:
    """The contract is pinned by six hundred cases at least."""
    assert len(cases) >= 600
