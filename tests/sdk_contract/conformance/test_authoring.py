"""Vectors come and go through the tool alone."""

from __future__ import annotations

import json

import pytest

from herenow_sdk.conformance import authoring
from herenow_sdk.conformance.vectors import BadVectors, load

from .conftest import SUITE

pytestmark = pytest.mark.usefixtures("toy_reference")

LETTER, EMPTY = SUITE["cases"]


def test_ids_are_given_in_order(root, draft) -> None:
    """Cases are numbered from one, in the order of the draft, and the index names their suite."""
    assert authoring.add(draft(), root) == ["HSH-0001", "HSH-0002"]

    (suite,) = load(root)
    assert [case.id for case in suite.cases] == ["HSH-0001", "HSH-0002"]


def test_an_id_is_never_given_twice(root, draft) -> None:
    """The number of a case that retired is not given to another."""
    authoring.add(draft(), root)
    authoring.remove("HSH-0002", "it was ambiguous", root)

    assert authoring.add(draft(cases=[EMPTY]), root) == ["HSH-0003"]


def test_the_reference_has_to_agree(root, draft) -> None:
    """A case whose expectation the reference does not give is not added, nor are its neighbours."""
    with pytest.raises(BadVectors, match="the reference does not give the expectation"):
        authoring.add(draft(cases=[LETTER, EMPTY | {"expect": 7}]), root)

    assert load(root) == ()


def test_a_refusal_is_an_expectation(root, draft) -> None:
    """What an operation refuses is expected by its code."""
    refused = {
        "requirement": "5.1.1",
        "description": "a number is no text",
        "given": {"text": 1},
        "expect_error": {"code": "NOT_A_TEXT"},
    }

    assert authoring.add(draft(cases=[refused], notes={}), root) == ["HSH-0001"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"cases": [{**LETTER, "id": "HSH-0009"}]}, "a draft has no ids"),
        ({"cases": [{**LETTER, "flags": ["edge:new"]}]}, "has no note"),
        ({"cases": [LETTER, LETTER], "notes": {}}, "asks what HSH-0001 asks"),
        ({"cases": [{**LETTER, "expect_error": {"code": "X"}}], "notes": {}}, "exactly one of"),
        ({"cases": [{**LETTER, "comment": "hello"}], "notes": {}}, "'comment' is not known here"),
        ({"suite": "other"}, "the file must be named"),
        ({"notes": {"edge:empty": "short"}}, "must have"),
        ({"capability": "telepathy"}, "must be one of"),
    ],
)
def test_a_malformed_draft_is_told(root, draft, changes, fault) -> None:
    """Whatever does not fit is named, and nothing is written."""
    with pytest.raises(BadVectors) as bad:
        authoring.add(draft(**changes), root)

    assert fault in str(bad.value)
    assert load(root) == ()


def test_a_question_is_asked_once(root, draft) -> None:
    """A later draft cannot ask what the suite already asks, however its members are ordered."""
    authoring.add(draft(), root)

    with pytest.raises(BadVectors, match="HSH-0001 asks the same"):
        authoring.add(draft(cases=[LETTER], notes={}), root)


def test_a_suite_keeps_its_head(root, draft) -> None:
    """A draft for an existing suite must agree with its operation, capability and prefix."""
    authoring.add(draft(), root)

    with pytest.raises(BadVectors, match="prefix is 'HSH' in the suite"):
        authoring.add(
            draft(prefix="XYZ", notes={}, cases=[{**LETTER, "given": {"text": "b"}, "expect": 0}]), root
        )


def test_a_prefix_belongs_to_one_suite(root, draft) -> None:
    """Two suites cannot give out the same ids."""
    authoring.add(draft(), root)
    second = root / "v1" / "02-again.json"
    second.write_text(
        (root / "v1" / "01-hash.json").read_text().replace('"suite": "hash"', '"suite": "again"')
    )

    with pytest.raises(BadVectors, match="belongs to an earlier suite"):
        authoring.index_text(root)


def test_removing_needs_a_case_and_a_reason(root, draft) -> None:
    """There is no removing of what is not there, nor without a reason."""
    authoring.add(draft(), root)

    with pytest.raises(BadVectors, match="there is no case HSH-0009"):
        authoring.remove("HSH-0009", "no such thing", root)
    with pytest.raises(BadVectors, match="why"):
        authoring.remove("HSH-0001", "", root)


def test_a_suite_edited_by_hand_is_written_anew(root, draft) -> None:
    """Layout is the tool's: it does not matter how an editor left the file."""
    authoring.add(draft(), root)
    path = root / "v1" / "01-hash.json"
    written = path.read_text()
    path.write_text(json.dumps(json.loads(written)))

    authoring.rewrite(root)

    assert path.read_text() == written
