"""Conditions: the attributes they read exist, and what they ask of them can match."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.documents.conditions import LOGICAL, is_operators
from herenow.authoring.documents.faults import Fault, Path, shorten, unknown
from herenow.authoring.validation.attributes import (
    Attribute,
    Attributes,
    Kind,
    item_attributes,
    person_attributes,
    value_attributes,
)
from herenow.authoring.validation.findings import Problem, Severity, nearest, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.operands import operand_faults
from herenow.authoring.validation.select import records, select
from herenow.authoring.validation.strangers import stranger_fault
from herenow_sdk.core.patterns import SlowPattern, UnfitPattern, compile_pattern

_OF_PERSONS: Final = (
    ("audiences", "*/condition"),
    ("features", "*/rules/*/condition"),
    ("campaigns", "*/steps/*/condition"),
)
_OF_ITEMS: Final = (("placements", "*/candidates"), ("placements", "*/boosts/*/condition"))
_OF_EVENTS: Final = (
    "*/trigger/condition",
    "*/trigger/sequence/*/condition",
    "*/cancel_on/*/condition",
    "*/not_followed_by/condition",
    "*/goal/condition",
)
_KIND_OF_FEATURE: Final[dict[str, Kind]] = {"boolean": "flag", "string": "text", "number": "number"}
_COMPARED: Final = frozenset({"", "$eq", "$ne", "$in", "$nin", "$all"})


@dataclass(frozen=True, slots=True)
class Test:
    """One test inside a condition: ``operator`` ("" for a bare value) and operand on an attribute."""

    path: Path
    attribute_path: Path
    attribute: str
    operator: str
    operand: Any


def tests_of(condition: Any, at: Path) -> Iterator[Test]:
    """Every test inside a condition, without those on the elements of a list."""
    if not isinstance(condition, dict):
        return
    for key, value in condition.items():
        here = (*at, key)
        if key == "$not":
            yield from tests_of(value, here)
        elif key in LOGICAL:
            for index, nested in enumerate(value if isinstance(value, list) else ()):
                yield from tests_of(nested, (*here, index))
        elif not key.startswith("$"):
            yield from _tests_on(key, value, here, here)


def _tests_on(attribute: str, operand: Any, at: Path, top: Path) -> Iterator[Test]:
    if not is_operators(operand):
        if not isinstance(operand, dict):
            yield Test(at, top, attribute, "", operand)
        return
    for operator, value in operand.items():
        if operator == "$not":
            yield from _tests_on(attribute, value, (*at, operator), top)
        else:
            yield Test((*at, operator), top, attribute, operator, value)


def check(folder: Folder) -> Iterator[Problem]:
    """Every condition of every document."""
    if "app" not in folder.unreadable:
        yield from _check_with(folder, person_attributes(folder), _OF_PERSONS, folder.names("facet") or ())
        yield from _check_with(folder, item_attributes(folder), _OF_ITEMS, ())
    yield from _parent_conditions(folder)
    yield from _patterns(folder)


def _check_with(
    folder: Folder, attributes: Attributes, places: tuple[tuple[str, str], ...], facets: tuple[str, ...]
) -> Iterator[Problem]:
    for document, path in places:
        for at, condition in select(folder.document(document), path):
            yield from _check_one(folder, attributes, document, condition, at, facets)


def _check_one(
    folder: Folder, attributes: Attributes, document: str, condition: Any, at: Path, facets: tuple[str, ...]
) -> Iterator[Problem]:
    told: set[Path] = set()
    tests = list(tests_of(condition, at))
    for test in tests:
        attribute = attributes.find(test.attribute)
        if attribute is not None:
            yield from _check_test(folder, document, test, attribute)
            beside = {each.operator for each in tests if each.attribute_path == test.attribute_path}
            fault = stranger_fault(test.attribute, test.path, test.operator, test.operand, beside)
            yield from () if fault is None else (warning(document, test.path, fault),)
        elif test.attribute_path not in told:
            told.add(test.attribute_path)
            yield from unknown_attribute(document, test.attribute_path, test.attribute, attributes, facets)


def _check_test(folder: Folder, document: str, test: Test, attribute: Attribute) -> Iterator[Problem]:
    faults = list(operand_faults(test.attribute, attribute, test.operator, test.operand))
    for fault in faults:
        at = test.attribute_path if fault.code == "TAGS_NEED_IN" else test.path
        yield Problem(document, at, fault)
    if attribute.facet and not faults and test.operator in _COMPARED:
        yield from _unknown_values(folder, document, test, attribute.facet)


def _unknown_values(folder: Folder, document: str, test: Test, facet: str) -> Iterator[Problem]:
    values, known = folder.facet_values(facet)
    operands = test.operand if isinstance(test.operand, list) else [test.operand]
    for index, operand in enumerate(operands):
        if known and isinstance(operand, str) and operand not in known:
            at = (*test.path, index) if isinstance(test.operand, list) else test.path
            kind = f"item has '{facet}'"
            yield warning(document, at, unknown("UNKNOWN_FACET_VALUE", kind, operand, values))


def unknown_attribute(
    document: str, at: Path, name: str, attributes: Attributes, facets: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """An error below a reserved first step; otherwise a warning, when it looks like a misspelling."""
    facet = name.removeprefix("intent.")
    if facet != name and facet in facets:
        detail = f"searches are not matched against the facet '{facet}'"
        yield Problem(
            document, at, Fault("NOT_AN_INTENT_FACET", detail, f'"intent": true for {facet} in app.json')
        )
        return
    choices = attributes.choices(name)
    if attributes.is_reserved(name):
        code = "UNKNOWN_FACET" if attributes.closed and "id" in attributes.known else "UNKNOWN_ATTRIBUTE"
        kind = "facet" if code == "UNKNOWN_FACET" else "attribute"
        yield Problem(document, at, unknown(code, kind, name, choices))
        return
    likely = nearest(name, choices)
    expected = (
        f"{likely}, unless the app sends '{shorten(name)}'" if likely else "an attribute that the app sends"
    )
    fault = Fault(
        "UNKNOWN_ATTRIBUTE", f"'{shorten(name)}' is not one of our attributes", expected, name, choices
    )
    yield Problem(document, at, fault, Severity.WARNING)


def _parent_conditions(folder: Folder) -> Iterator[Problem]:
    features = folder.document("features")
    for at, parent in records(features, "*/rules/*/parentConditions/*"):
        feature = features.get(parent.get("id"))
        declared = feature.get("type") if isinstance(feature, dict) else None
        attributes = value_attributes(_KIND_OF_FEATURE.get(str(declared), "anything"))
        for test in tests_of(parent.get("condition"), (*at, "condition")):
            if test.attribute == "value":
                yield from _check_test(folder, "features", test, attributes.known["value"])
            elif not test.attribute.startswith("value."):
                yield from unknown_attribute("features", test.attribute_path, test.attribute, attributes)


def _patterns(folder: Folder) -> Iterator[Problem]:
    events = tuple(("campaigns", path) for path in _OF_EVENTS)
    parents = (("features", "*/rules/*/parentConditions/*/condition"),)
    for document, path in (*_OF_PERSONS, *_OF_ITEMS, *events, *parents):
        for at, condition in select(folder.document(document), path):
            for where, operator, source in _patterns_within(condition, at):
                if isinstance(source, str):
                    yield from (
                        Problem(document, where, fault) for fault in _pattern_faults(operator, source)
                    )


def _pattern_faults(operator: str, source: str) -> Iterator[Fault]:
    try:
        compile_pattern(source, ignore_case=operator == "$regexi")
    except SlowPattern as slow:
        detail = f"a text could make '{shorten(source)}' run for ever: {slow}"
        yield Fault("SLOW_REGEX", detail, "a simpler regular expression, $in, or several conditions")
    except UnfitPattern as unfit:
        yield Fault(
            "INVALID_REGEX",
            f"'{shorten(source)}' is not a regular expression that every device reads: {unfit}",
            "a regular expression of the portable subset",
        )


def _patterns_within(value: Any, at: Path) -> Iterator[tuple[Path, str, Any]]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key in {"$regex", "$regexi"}:
                yield (*at, key), key, below
            yield from _patterns_within(below, (*at, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _patterns_within(below, (*at, index))
