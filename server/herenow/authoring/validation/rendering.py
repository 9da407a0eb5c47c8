"""Findings as text for a terminal: the place first, as compilers do, so that editors can jump to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from herenow.authoring.validation.findings import Finding, Severity


def rendered(findings: Sequence[Finding]) -> str:
    """All findings and their count; one sentence when there is none."""
    blocks = [_block(finding) for finding in findings]
    return "\n".join([*blocks, summary(findings)])


def summary(findings: Sequence[Finding]) -> str:
    """How many errors and warnings, in words."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    warnings = len(findings) - errors
    if not findings:
        return "The documents are valid."
    counted = [_count(errors, "error")] if errors else []
    counted += [_count(warnings, "warning")] if warnings else []
    return f"The documents have {' and '.join(counted)}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _block(finding: Finding) -> str:
    return "\n".join(_lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    place = f"{finding.file}:{finding.line}:{finding.column}"
    yield f"{place}: {finding.severity}: {finding.detail}  [{finding.code}]"
    if finding.pointer:
        yield f"    at        {finding.pointer}"
    if finding.expected:
        yield f"    expected  {finding.expected}"
    if finding.nearest:
        yield f"    nearest   {finding.nearest}"
