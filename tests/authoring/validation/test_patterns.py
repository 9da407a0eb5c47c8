"""Regular expressions in documents: every device can read them, in bounded time."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("(a+)+$", "SLOW_REGEX"),
        (r"^(\w+\s?)*$", "SLOW_REGEX"),
        ("a*a*a*b", "SLOW_REGEX"),
        ("foo(bar", "INVALID_REGEX"),
        ("(?<=x)y", "INVALID_REGEX"),
        (r"(a)\1", "INVALID_REGEX"),
    ],
)
@pytest.mark.parametrize("operator", ["$regex", "$regexi"])
def test_what_devices_cannot_read_is_told(findings_for, operator: str, source: str, code: str) -> None:
    """Before it is published: a pattern that is none everywhere, or that a text could make run for ever."""
    assert code in findings_for({"device.model": {operator: source}})


@pytest.mark.parametrize(
    "source",
    [
        "^Kandivali",
        r"^SM-[A-Z]\d{3}[A-Z]?$",
        "Pixel (6|7|8|9)( Pro)?",
        r"^\d+\.\d+\.\d+$",
        "(foo|bar)+",
        ".*burger.*mumbai",
        "^.*a.*b.*$",
        "^(news|mail)-.*-[a-z]+$",
        "",
        "a{3}(b{2}){4}",
    ],
)
def test_what_marketers_write_passes(findings_for, source: str) -> None:
    """Ordinary patterns are fine."""
    assert not findings_for({"device.model": {"$regexi": source}}) & {"SLOW_REGEX", "INVALID_REGEX"}


@pytest.fixture(name="findings_for")
def _findings_for(folder):
    """The codes found for an audience with this condition."""

    def find(condition) -> set[str]:
        folder.put("audiences.json", "some", {"description": "Somebody", "condition": condition})
        return {finding.code for finding in folder.findings()}

    return find
