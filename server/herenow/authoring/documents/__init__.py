"""The config documents: one module a document, one vocabulary of fields for all.

``DOCUMENTS`` is the closed list. A document's *name* is what the code calls it, its *file* what a marketer
edits. Most are objects from names to records; ``app``, ``intents``, ``policy`` and ``fences`` are records.
Everything here judges one document by itself; what crosses documents is in ``herenow.authoring.validation``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from herenow.authoring.documents import (
    app,
    audiences,
    campaigns,
    features,
    fences,
    intents,
    offers,
    personas,
    placements,
    policy,
)
from herenow.authoring.documents.structures import MapOf, RecordOf


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document: its name, its file, and the field that judges it."""

    name: str
    file: str
    root: RecordOf | MapOf


DOCUMENTS: Final = tuple(
    Document(name, f"{name}.geojson" if name == "fences" else f"{name}.json", module)
    for name, module in (
        ("app", app.DOCUMENT),
        ("features", features.DOCUMENT),
        ("audiences", audiences.DOCUMENT),
        ("placements", placements.DOCUMENT),
        ("intents", intents.DOCUMENT),
        ("fences", fences.DOCUMENT),
        ("campaigns", campaigns.DOCUMENT),
        ("offers", offers.DOCUMENT),
        ("policy", policy.DOCUMENT),
        ("personas", personas.DOCUMENT),
    )
)
BY_NAME: Final = {document.name: document for document in DOCUMENTS}
BY_FILE: Final = {document.file: document for document in DOCUMENTS}
