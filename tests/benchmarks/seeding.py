"""A data folder as a marketer would leave it: documents released, a catalogue imported, both live."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.server import ROOT, THREADS, WORKERS
from tests.benchmarks.synthetic import catalog_csv

from herenow.authoring.pointer import Pointer
from herenow.bootstrap import build_services
from herenow.scope import Scope
from herenow.settings import Settings

DOCUMENTS: Final = ROOT / "examples" / "bites"
SCOPE: Final = Scope("bites", "staging")
"""An environment whose policy asks for no second person."""

_UNLIMITED: Final = 1_000_000_000
_WHO: Final = "benchmark"


@dataclass(frozen=True, slots=True)
class Seeded:
    """A folder that serves ``items`` items; what the import took, and a key to launch with."""

    settings: Settings
    items: int
    key: str
    pointer: Pointer
    import_s: float
    csv_bytes: int


def seed(folder: Path, items: int) -> Seeded:
    """Publish the example's documents over a synthetic catalogue of ``items`` items in ``folder``."""
    settings = Settings(
        data_dir=folder, workers=WORKERS, threads=THREADS, installations_per_minute=_UNLIMITED
    )
    rows = catalog_csv(items)
    services = build_services(settings)
    try:
        files = _documents()
        release = services.releases.create(SCOPE, files, by=_WHO).release
        started = time.perf_counter()
        services.going_live.import_catalog(
            SCOPE, io.BytesIO(rows), by=_WHO, format="csv", app=json.loads(files["app.json"])
        )
        import_s = time.perf_counter() - started
        pointer = services.going_live.publish(SCOPE, release.number, by=_WHO)
        _, key = services.keys.create(SCOPE, "publishable", label=_WHO, by=_WHO)
    finally:
        services.close()
    return Seeded(settings, items, key, pointer, import_s, len(rows))


def _documents() -> dict[str, bytes]:
    found = {name: DOCUMENTS / name for name in _DOCUMENT_NAMES}
    return {name: path.read_bytes() for name, path in found.items() if path.exists()}


_DOCUMENT_NAMES: Final = (
    *("app.json", "features.json", "audiences.json", "placements.json", "intents.json"),
    *("campaigns.json", "offers.json", "fences.geojson", "policy.json", "personas.json"),
)
