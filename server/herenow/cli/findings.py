"""Findings of validation for a terminal: the place first, as compilers do, so that editors can jump to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

_COLOURS: Final = {"error": "red", "warning": "yellow"}


def finding_lines(finding: Mapping[str, Any]) -> Iterator[str]:
    """One finding in JSON as lines. What a finding does not say is left out."""
    severity = finding.get("severity", "error")
    place = ":".join(str(finding[name]) for name in ("file", "line", "column") if name in finding)
    mark = click.style(severity, fg=_COLOURS.get(severity))
    where = place or finding.get("pointer", "")
    yield f"{where}: {mark}: {finding.get('detail', 'invalid')}  [{finding.get('code', 'INVALID')}]"
    for name, label in (("pointer", "at"), ("expected", "expected"), ("nearest", "nearest")):
        if finding.get(name):
            yield f"    {label:<9} {finding[name]}"


def summary(findings: Sequence[Mapping[str, Any]]) -> str:
    """How many errors and warnings, in words."""
    errors = sum(each["severity"] == "error" for each in findings)
    counted = [_count(errors, "error")] if errors else []
    warnings = len(findings) - errors
    counted += [_count(warnings, "warning")] if warnings else []
    return f"The documents have {' and '.join(counted)}." if counted else "The documents are valid."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def tell_warnings(verdict: Mapping[str, Any]) -> None:
    """Warnings beside what is being done, which they do not stop."""
    for finding in verdict["findings"]:
        if finding["severity"] == "warning":
            for line in finding_lines(finding):
                click.echo(line)
