"""What reading a search costs: latency, memory and build time over a catalogue of 100,000 items.

The listing of ``mumbai/restaurants.csv`` eight times over, each item with a name of its own that a search may
name too, so that the phrases are many and real. In a fresh process *build* compiles the phrases from
the opened catalogue, the world's vocabulary included; *open* is what a worker does with phrases that were
compiled before; *memory* is what the process grew by from before the phrases were opened until after 1,000
searches (the world's vocabulary is not in it: only who compiles needs it). A search's time is the least of
three, on the wall clock of one core.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tests.evaluation.intent_mumbai import APP, FILE, Query, queries, slip

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.build import build_catalog
from herenow.catalog.imports import read_rows
from herenow.intent.compiled import CompiledPhrases
from herenow.intent.parser import parse
from herenow.intent.reader import Reader

ITEMS = 100_000
SEARCHES = 500
NAMED = {**APP, "facets": {**APP["facets"], "name": {"type": "text", "column": "name", "intent": True}}}
_TRIES = 3
_MEGABYTE = 1024


def rows(folder: Path) -> list[dict[str, Any]]:
    """Measured in a process of its own. Raises ``FileNotFoundError`` without the file."""
    if not (folder / FILE).exists():
        raise FileNotFoundError(2, "no such file", str(folder / FILE))
    told = subprocess.run(
        [sys.executable, "-m", __name__, str(folder)], capture_output=True, text=True, check=True
    )
    return [
        {"measure": measure, "n": n, "ours": figure, "reach": reach}
        for measure, n, figure, reach in json.loads(told.stdout)
    ]


def measure(folder: Path) -> Iterator[tuple[str, int, float, str]]:
    """Measure, size, figure, and what is to be reached."""
    catalog = Catalog.open(memoryview(build_catalog(*_listing(folder / FILE))))
    compiled, build_s = _timed(lambda: CompiledPhrases.compile(catalog, {}))
    content = compiled.to_bytes()
    phrases = len(compiled.entries)
    del compiled
    gc.collect()
    before = _resident()
    reader, open_s = _timed(lambda: Reader.of(CompiledPhrases.from_bytes(content), catalog.schema, {}))
    asked = list(islice(_asked(catalog), SEARCHES))
    misspelt = [slip(text, _draw(at), 1) for at, text in enumerate(asked)]
    clean, wrong = _spent(asked, reader), _spent(misspelt, reader)
    yield "build, s", phrases, build_s, "≤ 10"
    yield "open, s", phrases, open_s, ""
    yield "artefact, MB", phrases, len(content) / 1e6, ""
    yield "memory, MB", phrases, (_resident() - before) / _MEGABYTE, "≤ 120"
    for name, spent in (("as written", clean), ("one slip", wrong)):
        yield f"{name}, p50 ms", SEARCHES, float(np.percentile(spent, 50)), ""
        yield f"{name}, p95 ms", SEARCHES, float(np.percentile(spent, 95)), "≤ 0.3"


def _listing(path: Path) -> tuple[CatalogSchema, Any]:
    """The schema and the rows: each copy under other names."""
    with path.open(encoding="utf-8") as stream:
        known = list(csv.DictReader(stream))
    told = io.StringIO()
    writer = csv.DictWriter(told, fieldnames=list(known[0]))
    writer.writeheader()
    for copy in range(-(-ITEMS // len(known))):
        for at, row in enumerate(known):
            other = known[(at * 7 + copy * 101) % len(known)]
            name = row["name"] if copy == 0 else f"{row['name']} {other['name'].split(' ')[0]}"
            writer.writerow({**row, "id": f"{row['id']}-{copy}", "name": name})
    schema = CatalogSchema.from_app(NAMED)
    return schema, read_rows(io.BytesIO(told.getvalue().encode()), "csv", None, schema)


def _asked(catalog: Catalog) -> Iterator[str]:
    """Two of three by category and place, one by a name."""
    names = catalog.facet_values("name")
    for at, query in enumerate(_endless(catalog)):
        yield query.text if at % 3 else names[(at * 7919) % len(names)].lower()


def _endless(catalog: Catalog) -> Iterator[Query]:
    seed = 0
    while True:
        yield from queries(catalog, seed)
        seed += 1


def _draw(at: int) -> random.Random:
    return random.Random(at)


def _spent(texts: list[str], reader: Reader) -> list[float]:
    """Milliseconds of each text."""
    for text in texts:
        parse(text, reader)
    return [
        min(_timed(lambda text=text: parse(text, reader))[1] for _ in range(_TRIES)) * 1000 for text in texts
    ]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    done = work()
    return done, time.perf_counter() - started


def _resident() -> int:
    """Kilobytes of this process in memory now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(measure(Path(sys.argv[1])))))
