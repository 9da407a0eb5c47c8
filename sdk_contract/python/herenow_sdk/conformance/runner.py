"""Puts every indexed case to a shim and judges each answer.

A case passes, fails, or is skipped; a skip counts only for a capability that the shim declared as lacking,
with its reason, before the first case. So a run cannot look complete without being it: whatever was not
answered has failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from herenow_sdk.conformance.shim import Description, Shim, ShimFailure
from herenow_sdk.conformance.strict_json import same
from herenow_sdk.conformance.vectors import Answer, Case, Suite


class Verdict(StrEnum):
    """What became of one case."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One case with its verdict; ``answered`` is ``None`` where no answer came, ``why`` what is wrong."""

    suite: Suite
    case: Case
    verdict: Verdict
    answered: Answer | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """All judgements of a suite."""

    suite: Suite
    judgements: tuple[Judgement, ...]

    def count(self, verdict: Verdict) -> int:
        """How many cases came out so."""
        return sum(each.verdict is verdict for each in self.judgements)


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run. ``faults`` are wrongs of the run itself, of no single case."""

    description: Description
    results: tuple[SuiteResult, ...]
    faults: tuple[str, ...] = ()

    @property
    def judgements(self) -> Iterator[Judgement]:
        """Every case in order."""
        return (each for result in self.results for each in result.judgements)

    @property
    def conforms(self) -> bool:
        """Whether every case passed or was rightly skipped, and at least one passed."""
        verdicts = [each.verdict for each in self.judgements]
        return not self.faults and Verdict.FAILED not in verdicts and Verdict.PASSED in verdicts


Progress = Callable[[SuiteResult], None]


def run(
    suites: Sequence[Suite], shim: Shim, description: Description, progress: Progress
) -> tuple[SuiteResult, ...]:
    """Ask everything, in order; ``progress`` is told after each suite. ``description`` is the shim's own."""
    results = []
    for suite in suites:
        judgements = tuple(judge(suite, case, shim, description) for case in suite.cases)
        results.append(SuiteResult(suite, judgements))
        progress(results[-1])
    return tuple(results)


def declaration_faults(description: Description, spec: str, capabilities: frozenset[str]) -> Iterator[str]:
    """What is wrong with what a shim declares; ``capabilities`` are all there are."""
    declared = description.capabilities | description.unsupported.keys()
    for name in sorted(declared - capabilities):
        yield f"it declares the capability {name!r}, which does not exist"
    for name in sorted(description.capabilities & description.unsupported.keys()):
        yield f"it declares the capability {name!r} as present and as lacking"
    for name in sorted(capabilities - declared):
        yield f"it declares the capability {name!r} neither as present nor as lacking"
    if description.spec.partition(".")[0] != spec.partition(".")[0]:
        yield f"it implements specification {description.spec}; these vectors pin {spec}"


def judge(suite: Suite, case: Case, shim: Shim, description: Description) -> Judgement:
    """Ask one case."""
    question = {"id": case.id, "op": suite.operation, "given": case.given, "capability": suite.capability}
    try:
        answer = shim.ask(question)
    except ShimFailure as failure:
        return Judgement(suite, case, Verdict.FAILED, None, str(failure))
    if "unsupported" in answer:
        return _skipped(suite, case, answer, description)
    if same(case.expected, answer):
        return Judgement(suite, case, Verdict.PASSED, answer)
    return Judgement(suite, case, Verdict.FAILED, answer, "another answer was expected")


def _skipped(suite: Suite, case: Case, answer: Mapping[str, Any], description: Description) -> Judgement:
    if suite.capability is None:
        why = "what has no capability is for every SDK to answer"
    elif answer["unsupported"] != suite.capability:
        why = f"the capability of this suite is {suite.capability!r}"
    elif suite.capability not in description.unsupported:
        why = f"it did not declare {suite.capability!r} as lacking"
    else:
        return Judgement(suite, case, Verdict.SKIPPED, answer, description.unsupported[suite.capability])
    return Judgement(suite, case, Verdict.FAILED, answer, f"'unsupported' is no answer here: {why}")
