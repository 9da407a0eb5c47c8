"""An expected failure as a person reads it: what is wrong, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

import click

from herenow.cli.findings import finding_lines
from herenow.errors import HerenowError

_NEXT: Final[Mapping[str, str]] = {
    "APPROVAL_MISSING": "Somebody else says:  herenow approve N --publish",
    "SELF_APPROVAL": "Ask a colleague to approve it; on this machine --as NAME says who you are.",
    "NOTHING_PUBLISHED": "Publish a folder first:  herenow publish FOLDER",
    "NOTHING_TO_ROLL_BACK": "`herenow releases` shows what was live.",
    "UNKNOWN_RELEASE": "`herenow releases` lists them.",
    "NO_TOKEN": "Pass --token, or set HERENOW_TOKEN; `herenow admin token NAME` makes one.",
    "INVALID_TOKEN": "An owner makes a new one:  herenow admin token NAME",
    "EXPIRED_TOKEN": "An owner makes a new one:  herenow admin token NAME",
    "REVOKED_TOKEN": "An owner makes a new one:  herenow admin token NAME",
    "PRECONDITION_FAILED": "Look again with `herenow diff`, then repeat.",
}
"""What to do next, by code, where the error itself does not say it in terms of commands."""


class FailureTold(click.ClickException):
    """Renders a ``HerenowError`` on standard error; exit code 1. ``color`` as click has it."""

    exit_code = 1

    def __init__(self, error: HerenowError, *, color: bool | None = None) -> None:
        super().__init__(error.title)
        self.error = error
        self.color = color

    def show(self, file: IO[Any] | None = None) -> None:
        """The sentence, then each fault it carries, then the way on."""
        click.secho(f"herenow: {self.error.title}.", fg="red", err=file is None, file=file, color=self.color)
        for line in _details(self.error):
            click.echo(f"  {line}", err=file is None, file=file, color=self.color)


def _details(error: HerenowError) -> Iterator[str]:
    for fault in error.extra.get("errors", ()):
        yield from finding_lines(fault)
    report = error.extra.get("report", {})
    for row in report.get("rejections", ())[:10]:
        yield f"line {row['line']}: {row['detail']}  [{row['code']}]"
    if error.detail:
        yield error.detail
    if error.code in _NEXT:
        yield _NEXT[error.code]
