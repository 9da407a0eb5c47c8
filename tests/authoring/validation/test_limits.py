import pytest

from herenow.authoring.validation import Severity
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.limits import MAX_MEMBERS, MAX_RECORDS, MAX_TEXT
from herenow_sdk.core.values import MAX_DEPTH


def nested(levels):
    """Arrays within each other."""
    value = []
    for _ in range(levels - 1):
        value = [value]
    return value


TOO_MUCH = {
    f"a text of more than {MAX_TEXT} characters": ["x" * (MAX_TEXT + 1)],
    f"more than {MAX_MEMBERS} members": [0] * (MAX_MEMBERS + 1),
}


@pytest.mark.parametrize("bound", TOO_MUCH)
def test_what_a_phone_would_drop_is_told_with_record_and_bound(folder, bound):
    """An error at the record, for exactly what the evaluator drops."""
    feature = {"type": "json", "description": "All of it", "default": TOO_MUCH[bound]}
    (finding,) = folder.put("features.json", "whale", feature).findings("OVER_LIMIT")
    assert (finding.file, finding.pointer, finding.severity) == ("features.json", "/whale", Severity.ERROR)
    assert "'whale'" in finding.detail
    assert bound in finding.detail
    assert parse_bundle({"features": {"features": {"whale": feature}}})[0].features == {}


def test_what_is_just_within_the_bounds_is_published(folder):
    """One less of each is no finding, and is read."""
    within = ["x" * MAX_TEXT, [0] * MAX_MEMBERS, nested(MAX_DEPTH - 2)]
    feature = {"type": "json", "description": "Much", "default": within}
    assert folder.put("features.json", "big", feature).findings("OVER_LIMIT") == []
    assert "big" in parse_bundle({"features": {"features": {"big": feature}}})[0].features


def test_too_many_records_are_told_of_the_document(folder):
    """A part is read up to a number of records; the rest would not be there."""
    feature = {"type": "boolean", "description": "One of many", "default": True}
    for number in range(MAX_RECORDS + 1):
        folder.put("features.json", f"f{number}", feature)
    assert [finding.file for finding in folder.findings("WRONG_LENGTH")] == ["features.json"]


def test_what_nests_too_deep_is_no_document(folder):
    """The reader of documents refuses it before anything is judged."""
    feature = {"type": "json", "description": "All of it", "default": nested(MAX_DEPTH)}
    folder.put("features.json", "well", feature)
    assert [finding.file for finding in folder.findings("MALFORMED_JSON")] == ["features.json"]
    assert parse_bundle({"features": {"features": {"well": feature}}})[0].features == {}
