"""Reasons as JSON, and the appendix of the specification that tells them all."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

import herenow_sdk
from herenow_sdk.core import reasons
from herenow_sdk.core.checks import CheckName
from herenow_sdk.core.reasons import ItemReason, PlacementReason, Reason

SPECIFICATION = Path(herenow_sdk.__file__).parents[2] / "SPEC.md"
SETS = {
    name: each
    for name, each in {**vars(reasons), "CheckName": CheckName}.items()
    if isinstance(each, type) and issubclass(each, StrEnum) and each is not StrEnum
}


def told() -> dict[str, list[tuple[str, str]]]:
    """The appendix: codes and meanings by set."""
    found: dict[str, list[tuple[str, str]]] = {}
    appendix = SPECIFICATION.read_text(encoding="utf-8").partition("\n## Appendix B")[2]
    for section in re.split(r"^### ", appendix, flags=re.MULTILINE)[1:]:
        name = section.split("\n", 1)[0].strip()
        found[name] = re.findall(r"^\| `([^`]+)` \| ([^|]*) \|", section, flags=re.MULTILINE)
    return found


def test_arguments_appear_only_when_there_are_any() -> None:
    """A bare code stays bare."""
    assert Reason(PlacementReason.POPULAR).as_json() == {"code": "POPULAR"}
    assert Reason(ItemReason.NEAR_PLACE, {"place": "Bandra", "distance_m": 640}).as_json() == {
        "code": "NEAR_PLACE",
        "args": {"place": "Bandra", "distance_m": 640},
    }


@pytest.mark.parametrize("name", SETS)
def test_the_appendix_tells_every_code(name: str) -> None:
    """Each closed set stands in the specification, code for code, each with its meaning."""
    entries = told()[name]
    assert {code for code, _ in entries} == {member.value for member in SETS[name]}
    assert all(len(meaning.strip()) > 2 for _, meaning in entries)


def test_the_appendix_tells_nothing_else() -> None:
    """A set that is gone from the code is gone from the specification."""
    assert told().keys() == SETS.keys()
