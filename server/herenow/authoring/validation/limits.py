"""The bounds of what a device reads: whatever it would drop is told before it is published.

The bounds are the evaluator's own (``herenow_sdk.core.limits``, SPEC 4.4). What nests too deep is no
document to begin with, and how many records one may hold is a bound of its schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from herenow.authoring.documents.faults import Fault
from herenow.authoring.validation.findings import Problem
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records
from herenow_sdk.core.limits import excess

_RECORDS: Final = {
    "features": "*",
    "placements": "*",
    "campaigns": "*",
    "offers": "*",
    "fences": "features/*",
}


def check(folder: Folder) -> Iterator[Problem]:
    """Every record of every document that becomes a part."""
    for document, path in _RECORDS.items():
        for at, record in records(folder.document(document), path):
            name = str(record.get("id") if document == "fences" else at[-1])
            if problem := excess(name, record):
                detail = f"a phone would drop '{name[:60]}': {problem}"
                yield Problem(document, at, Fault("OVER_LIMIT", detail, "a smaller record"))
