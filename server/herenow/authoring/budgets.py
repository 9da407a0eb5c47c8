"""Size budgets: what a phone on a poor network is asked to fetch (gzip'ed, as it travels).

Checked when a release is made, never later: a release that exists can be served. The error names the
records that weigh most, because those are what its reader can do something about.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from herenow.authoring.parts import Part
from herenow.authoring.positions import pointer_of
from herenow.canonical import canonical_json
from herenow.errors import Invalid

MANIFEST_BUDGET: Final = 4 * 1024
PART_BUDGETS: Final[Mapping[str, int]] = {
    "features": 100 * 1024,
    "placements": 64 * 1024,
    "campaigns": 64 * 1024,
    "offers": 64 * 1024,
    "policy": 4 * 1024,
    "fences": 512 * 1024,  # the whole collection; what a device fetches is a tile of it
}
_CULPRITS: Final = 3


def travelling_size(content: bytes) -> int:
    """Bytes after gzip at its default level, the same on every run."""
    return len(gzip.compress(content, compresslevel=6, mtime=0))


def require_within_budget(parts: Iterable[Part]) -> None:
    """Raises ``Invalid`` (OVER_BUDGET) pointing at the largest records of each part that is too large."""
    errors = [error for part in parts for error in _errors(part)]
    if errors:
        files = ", ".join(sorted({error["file"] for error in errors}))
        raise Invalid(
            f"too large to send to a phone: {files}",
            code="OVER_BUDGET",
            detail="Shorten or remove the records named first; they weigh most.",
            extra={"errors": errors},
        )


def _errors(part: Part) -> list[dict[str, Any]]:
    budget = PART_BUDGETS[part.name]
    size = travelling_size(part.content)
    if size <= budget:
        return []
    weights = {pointer: len(canonical_json(record)) for pointer, record in _records(part)}
    heaviest = sorted(weights, key=lambda pointer: (-weights[pointer], pointer))[:_CULPRITS]
    return [
        {
            "file": part.source,
            "pointer": pointer,
            "code": "OVER_BUDGET",
            "detail": f"{part.name} is {size:,} bytes gzip'ed; this record is {weights[pointer]:,} bytes",
            "expected": f"at most {budget:,} bytes gzip'ed in all",
        }
        for pointer in heaviest
    ]


def _records(part: Part) -> Iterator[tuple[str, Any]]:
    """The records that make up a part, each with its JSON pointer in the source document."""
    if part.name == "fences":
        for index, fence in enumerate(part.body.get("features", ())):
            yield f"/features/{index}", fence
        return
    for name, record in part.body.items():
        yield pointer_of((name,)), record
