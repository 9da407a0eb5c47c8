"""What several commands print alike: JSON for programs, moments for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

FOLDER = click.Path(file_okay=False)
"""A folder of documents; whether it is there is told by the command, with a way on."""

json_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, for programs."
)


def print_json(document: Any) -> None:
    """Indented, in any script."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def moment(epoch_s: int) -> str:
    """A time as people read it, in UTC."""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M UTC")


def count(number: int, what: str) -> str:
    """``1 item``, ``2 items``, ``12,000 items``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
