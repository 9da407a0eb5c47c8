"""The examples of SPEC.md are asked, one by one: what they state is what the reference answers."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import pytest

from herenow_sdk.conformance import reference, vectors
from herenow_sdk.conformance.specification import Example, read_examples, specification_path
from herenow_sdk.conformance.strict_json import parse
from herenow_sdk.core.values import is_truthy, to_number, to_text
from herenow_sdk.growthbook import GrowthBook

TEXT = specification_path().read_text(encoding="utf-8")
EXAMPLES = read_examples(TEXT)
ASKED = [each for each in EXAMPLES if each.kind == "example"]
QUOTED = [each for each in EXAMPLES if each.kind == "vector"]


def redirect(given: Mapping[str, Any]) -> Any:
    """What 7.12 shows, which no vector asks for: where a page leads."""
    payload = {"experiments": given["experiments"]}
    return GrowthBook(payload, given["attributes"], url=given["url"]).redirects()


def answered(example: Example, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reference's ``{"result"}`` or ``{"error"}``."""
    if example.name == "redirect":
        return {"result": redirect(given)}
    return reference.answer(example.name, given)


def decoded(text: str) -> Any:
    """A compact JWS as ``{"header", "payload"}``; JSON as its value; any other text as it is."""
    segments = text.split(".")
    try:
        if len(segments) != 3:
            return parse(text)
        header, payload = (parse(urlsafe_b64decode(each + "==").decode()) for each in segments[:2])
    except ValueError:
        return text
    return {"header": header, "payload": payload}


def holds(shown: Any, whole: Any) -> bool:
    """Whether a part is shown truly: members may be left out, elements may not, ``null`` may be absent."""
    if isinstance(whole, str) and not isinstance(shown, str):
        whole = decoded(whole)
    if isinstance(shown, dict) and isinstance(whole, dict):
        return all(holds(value, whole.get(name)) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(whole, list):
        return len(shown) == len(whole) and all(map(holds, shown, whole))
    return bool(shown == whole)


@pytest.fixture(name="cases", scope="module")
def _cases() -> dict[str, tuple[str, vectors.Case]]:
    """Every case by its id, with its operation."""
    suites = vectors.load(vectors.folder())
    return {case.id: (suite.operation, case) for suite in suites for case in suite.cases}


@pytest.mark.parametrize("example", ASKED, ids=lambda each: each.section.split()[0])
def test_an_example_states_what_is_answered(example: Example) -> None:
    """Question and answer stand as the reference gives them, in whole or in the members shown."""
    told = parse(example.text)
    answer = answered(example, told.pop("given"))
    ((kind, stated),) = told.items()

    if kind == "shows":
        assert stated.items() <= {name: answer["result"].get(name) for name in stated}.items()
    else:
        assert answer == {{"expect": "result", "expect_error": "error"}[kind]: stated}


@pytest.mark.parametrize("example", QUOTED, ids=lambda each: each.section.split()[0])
def test_a_quoted_vector_is_quoted_truly(example: Example, cases) -> None:
    """What is shown of a vector is in it, and the reference answers the vector as it expects."""
    operation, case = cases[example.name]
    told = parse(example.text)
    answer = reference.answer(operation, case.given)

    assert holds(told.pop("given"), case.given)
    ((kind, stated),) = told.items()
    assert holds(stated, answer["error" if kind == "expect_error" else "result"])


def test_a_quotation_that_is_not_in_the_vector_is_told() -> None:
    """Another value, a missing member and a shorter list are no quotation."""
    whole = {"a": [1, {"b": 2, "c": 3}], "t": '{"n": 1}'}

    assert holds({"a": [1, {"b": 2, "x": None}], "t": {"n": 1}}, whole)
    for wrong in ({"a": [1]}, {"a": [1, {"b": 3}]}, {"x": 1}, {"t": {"n": 2}}):
        assert not holds(wrong, whole)


def test_redirects_need_patterns_and_absolute_addresses() -> None:
    """What 7.12 says beside its example: a relative target, and no patterns."""
    example = next(each for each in ASKED if each.name == "redirect")
    given = parse(example.text)["given"]
    (experiment,) = given["experiments"]
    relative = experiment | {"variations": [{}, {"urlRedirect": "/b"}]}
    anywhere = {name: value for name, value in experiment.items() if name != "urlPatterns"}

    assert redirect(given | {"experiments": [relative]}) == [{"inExperiment": False}]
    assert redirect(given | {"experiments": [anywhere]}) == []


def test_every_operation_is_described(cases) -> None:
    """Some section says what an operation is given, by every member that any of its vectors has."""
    given: dict[str, set[str]] = {}
    for operation, case in cases.values():
        given.setdefault(operation, {operation}).update(case.given)
    sections = re.split(r"^(?=##)", TEXT, flags=re.MULTILINE)

    assert [
        operation
        for operation, names in given.items()
        if not any(all(re.search(rf"`{name}\??[`:]", each) for name in names) for each in sections)
    ] == []


def rows_under(head: str) -> list[list[str]]:
    """The rows of the table with this head, cell by cell, without the marks of code."""
    _, _, after = TEXT.partition(f"{head}\n")
    lines = after.partition("\n\n")[0].splitlines()[1:]
    cells = ([cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines)
    return [[cell.replace("\\|", "|") for cell in row] for row in cells]


def test_the_table_of_coercions_is_right() -> None:
    """Text, number and truth of each value of 1.2 are what a condition sees."""
    rows = rows_under("| value | text | number | truthy |")

    assert len(rows) == 8
    for value, text, number, truthy in rows:
        seen = json.loads(value)
        told = (to_text(seen), to_number(seen), "yes" if is_truthy(seen) else "no")
        assert (told[0], told[2]) == (text, truthy)
        assert told[1] == float(number) or (told[1] != told[1] and number == "NaN")


def test_the_table_of_patterns_is_right() -> None:
    """Choices, power and longest text of each pattern of 6.4 are what the bound makes of it."""
    rows = rows_under("| pattern | choices | power | longest text |")

    assert len(rows) == 5
    for pattern, *bounds in rows:
        choices, power, longest = (int(each.replace(",", "")) for each in bounds)
        told = {"choices": choices, "power": power, "longest": longest}
        assert reference.answer("regex-bound", {"pattern": pattern}) == {"result": told}
