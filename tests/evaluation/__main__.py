"""Every evaluation on a folder of data: one table each, ours beside the baseline rerun on the same data.

Where a goal was set the table says it, and by how much ours misses it.

``python -m tests.evaluation [folder]``. A file that is missing is told, and the evaluation counts as not
run. The exit code is 1 when something of ours failed or nothing could be run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.evaluation import (
    best_time,
    conformance,
    content_order,
    flapping,
    intent_cities,
    intent_costs,
    intent_movies,
    intent_mumbai,
    intent_nlmaps,
    intent_restaurants,
    intent_tagger,
    next_place,
    offer_choice,
    purchases,
)
from tests.evaluation.folders import DEVELOPMENT
from tests.evaluation.reach import beside_goals

EVALUATIONS: tuple[ModuleType, ...] = (
    conformance,
    intent_restaurants,
    intent_nlmaps,
    intent_cities,
    intent_mumbai,
    intent_movies,
    intent_costs,
    intent_tagger,
    next_place,
    best_time,
    content_order,
    offer_choice,
    purchases,
    flapping,
)


def main(arguments: Sequence[str]) -> int:
    """Run all evaluations; the exit code."""
    folder = Path(arguments[0]) if arguments else DEVELOPMENT
    failed = ran = 0
    for evaluation in EVALUATIONS:
        name = evaluation.__name__.rpartition(".")[2]
        print(f"\n{name}: {(evaluation.__doc__ or '').splitlines()[0]}", flush=True)
        try:
            rows = beside_goals(name, evaluation.rows(folder))
        except FileNotFoundError as missing:
            print(f"  not run: {missing.filename} is missing")
            continue
        print(table(rows), flush=True)
        ran += 1
        failed += sum(row.get("failed", 0) for row in rows)
    return 1 if failed or not ran else 0


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows under their names, texts to the left and figures to the right."""
    names = list(rows[0])
    cells = [names, *([_shown(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(names))]
    text = [isinstance(rows[0][name], str) for name in names]
    lines = (
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, text, strict=True)
        )
        for line in cells
    )
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
