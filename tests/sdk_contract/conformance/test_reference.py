"""The reference answers every case of the contract as expected."""

from __future__ import annotations

import pytest

from herenow_sdk.conformance import reference
from herenow_sdk.conformance.strict_json import same
from herenow_sdk.conformance.vectors import Suite, folder, load

SUITES = load(folder())


@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_a_suite(suite: Suite) -> None:
    """Each case of the suite, asked through JSON and back."""
    for case in suite.cases:
        assert same(reference.answer(suite.operation, case.given), case.expected), case.id


@pytest.mark.parametrize("operation", sorted({suite.operation for suite in SUITES}))
def test_an_operation_tells_its_steps(operation: str) -> None:
    """What an operation computes on its way is JSON by name, for every case there is of it."""
    for suite in SUITES:
        for case in suite.cases if suite.operation == operation else ():
            assert isinstance(reference.steps(operation, case.given), dict), case.id
