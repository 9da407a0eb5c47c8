"""A run as a document that machines compare (``report.schema.json``) and as lines that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from herenow_sdk.conformance import reference
from herenow_sdk.conformance.runner import Judgement, Run, SuiteResult, Verdict
from herenow_sdk.conformance.shim import Description
from herenow_sdk.conformance.specification import Requirement
from herenow_sdk.conformance.strict_json import dump
from herenow_sdk.conformance.vectors import Answer, Case, Suite, digest

MAX_FAILURES_TOLD: Final = 50
_BAR: Final = 20
_MAX_SHOWN: Final = 600

Requirements = Mapping[str, Requirement]


def report_json(run: Run, root: Path, spec: str, requirements: Requirements) -> dict[str, Any]:
    """The report; the same run gives the same document."""
    told = run.description
    return {
        "conforms": run.conforms,
        "spec": spec,
        "index_sha256": digest(root / "index.json"),
        "sdk": {"name": told.sdk, "version": told.version, "spec": told.spec},
        "capabilities": sorted(told.capabilities),
        "unsupported": dict(sorted(told.unsupported.items())),
        "totals": _totals(list(run.judgements)),
        "suites": [_suite_json(result) for result in run.results],
        "faults": list(run.faults),
        "failures": [
            _failure_json(each, requirements) for each in run.judgements if each.verdict is Verdict.FAILED
        ],
    }


def _totals(judgements: list[Judgement]) -> dict[str, int]:
    return {
        "cases": len(judgements),
        **{verdict.value: sum(each.verdict is verdict for each in judgements) for verdict in Verdict},
    }


def _suite_json(result: SuiteResult) -> dict[str, Any]:
    suite = result.suite
    head = {"suite": suite.name, "operation": suite.operation, "capability": suite.capability}
    return head | _totals(list(result.judgements))


def _failure_json(judgement: Judgement, requirements: Requirements) -> dict[str, Any]:
    case = judgement.case
    return {
        "id": case.id,
        "suite": judgement.suite.name,
        "requirement": case.requirement,
        "section": _section(case, requirements),
        "why": judgement.why,
        "given": case.given,
        "expected": case.expected,
        "answered": judgement.answered,
    }


def _section(case: Case, requirements: Requirements) -> str:
    found = requirements.get(case.requirement)
    return found.section if found else ""


def greeting(told: Description, spec: str) -> str:
    """Who is being asked."""
    lacking = f"; lacks {', '.join(sorted(told.unsupported))}" if told.unsupported else ""
    return f"{told.sdk} {told.version}, specification {told.spec} (vectors {spec}){lacking}"


def progress_line(result: SuiteResult) -> str:
    """One suite: a bar, the counts, and how many failed or were skipped."""
    total = len(result.judgements)
    failed, skipped = result.count(Verdict.FAILED), result.count(Verdict.SKIPPED)
    passed = result.count(Verdict.PASSED)
    bar = "#" * (passed * _BAR // total if total else _BAR)
    told = f"  {result.suite.file[3:-5]:<26} {bar:<{_BAR}} {passed:>4} of {total}"
    return (
        told
        + (f"  {failed} FAILED" if failed else "")
        + (f"  {skipped} skipped: {_why(result)}" if skipped else "")
    )


def _why(result: SuiteResult) -> str:
    return next(each.why for each in result.judgements if each.verdict is Verdict.SKIPPED)


def failure_lines(run: Run, requirements: Requirements) -> Iterator[str]:
    """What failed, each with its requirement, and how to look closer."""
    yield from (f"\n  {fault}" for fault in run.faults)
    failures = [each for each in run.judgements if each.verdict is Verdict.FAILED]
    for each in failures[:MAX_FAILURES_TOLD]:
        yield from _failure(each, requirements)
    if len(failures) > MAX_FAILURES_TOLD:
        yield f"\n  … and {len(failures) - MAX_FAILURES_TOLD} more; --report FILE has them all"
    if failures:
        yield f"\n  Look closer with:  --only {failures[0].case.id} --explain"


def _failure(judgement: Judgement, requirements: Requirements) -> Iterator[str]:
    case = judgement.case
    yield f"\n{case.id}  {case.description}"
    yield f"  requirement  {case.requirement}, section {_section(case, requirements) or 'unknown'}"
    yield f"  wrong        {judgement.why}"
    yield f"  expected     {_short(case.expected)}"
    if judgement.answered is not None:
        yield f"  answered     {_short(judgement.answered)}"


def closing_line(run: Run) -> str:
    """The verdict in one line."""
    totals = _totals(list(run.judgements))
    counts = f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped"
    verdict = "conforms" if run.conforms else "does not conform"
    return f"\n{run.description.sdk} {verdict}: {counts} of {totals['cases']} cases"


def explanation(
    suite: Suite, case: Case, answered: Answer | None, requirements: Requirements
) -> Iterator[str]:
    """One case in full: the rule, the question, the answers, and what the reference computes on its way."""
    requirement = requirements.get(case.requirement)
    yield f"{case.id}  {case.description}"
    yield f"  requirement  {case.requirement}" + (f", section {requirement.section}" if requirement else "")
    if requirement:
        yield f"               {requirement.text}"
    yield from (f"  beware       {flag}: {suite.notes[flag]}" for flag in case.flags)
    yield f"  operation    {suite.operation}"
    yield f"  given        {dump(case.given)}"
    yield f"  expected     {dump(case.expected)}"
    if answered is not None:
        yield f"  answered     {dump(answered)}"
    yield f"  reference    {dump(reference.answer(suite.operation, case.given))}"
    yield "  on its way"
    for name, value in reference.steps(suite.operation, case.given).items():
        yield f"    {name:<22} {dump(value)}"


def _short(value: Any) -> str:
    text = dump(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + " …"
