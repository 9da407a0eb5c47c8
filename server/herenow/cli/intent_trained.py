"""What training found, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click


def training_lines(told: Mapping[str, Any], scope: str) -> Iterator[str]:
    """Each type with and without the tagger on the share kept back, and what is in use now."""
    slots = told["slots"]
    width = max((len(each["slot"]) for each in slots), default=0)
    yield f"{told['searches']:,} searches, {told['held_back']:,} of them kept back to compare"
    yield click.style(f"{'':{width}}   spans   as it is   learned", dim=True)
    for each in slots:
        verdict = click.style("better", fg="green") if each["wins"] else "as it is"
        yield (
            f"{each['slot']:{width}} {each['spans']:>7,} {each['table_f1']:>10.3f} {each['tagger_f1']:>9.3f}"
            f"   {verdict}"
        )
    wins = [each["slot"] for each in slots if each["wins"]]
    if not wins:
        yield "Nothing was learned that reads better, so nothing changes."
    elif told.get("version") is None:
        yield f"It would be used for {', '.join(wins)}; nothing was kept."
    else:
        yield f"{told['version']} is kept for {scope}, for {', '.join(wins)}."
