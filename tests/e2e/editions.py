"""A small app whose every release and catalogue can be told apart by what a phone gets of it.

Edition ``n`` of the documents titles the screen "Edition n" and shows ``size_of(n)`` items; print ``n``
of the catalogue names every item "… of print n". An answer that mixes two is seen at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from herenow.bootstrap import build_services
from herenow.scope import Scope
from herenow.settings import Settings

KIOSK = Scope("kiosk", "production")
ITEMS = 40
_APP = {
    "app": "kiosk",
    "name": "Kiosk",
    "time_zone": "UTC",
    "currency": "EUR",
    "locales": ["en"],
    "catalog": {"id": "id", "fields": ["name"], "separator": ";"},
    "facets": {
        "topic": {"type": "tags", "column": "topic", "intent": True},
        "stars": {"type": "number", "column": "stars", "role": "quality"},
    },
    "placements": ["shelf"],
    "capabilities": ["in_app"],
    "privacy": {"location": "none", "retention_days": 30, "erase_within_days": 30},
}


def documents(edition: int) -> dict[str, str]:
    """The documents of an edition by file name."""
    title = {"type": "string", "description": "Title of the screen", "default": f"Edition {edition}"}
    shelf = {"description": "The screen", "size": size_of(edition), "weights": {"quality": 100}}
    values = {"app.json": _APP, "features.json": {"title": title}, "placements.json": {"shelf": shelf}}
    return {name: json.dumps(value) for name, value in values.items()}


def catalog(number: int) -> bytes:
    """A print of the catalogue, as NDJSON."""
    rows = (
        {"id": f"item-{i:03d}", "name": f"Item {i} of print {number}", "topic": ["news"], "stars": i % 5}
        for i in range(ITEMS)
    )
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def size_of(edition: int) -> int:
    """How many items an edition shows."""
    return 5 + edition % 20


def edition_of(config: dict[str, Any]) -> tuple[int, int]:
    """Edition and print of an answer. Fails when it is not whole: made of one edition and one print."""
    shelf = config["placements"]["shelf"]["items"]
    edition = int(config["features"]["title"]["value"].removeprefix("Edition "))
    prints = {int(item["fields"]["name"].rpartition(" ")[2]) for item in shelf}
    assert len(shelf) == size_of(edition), config
    assert len(prints) == 1, config
    return edition, prints.pop()


def write_folder(folder: Path, edition: int) -> Path:
    """The documents of an edition as a marketer's folder."""
    folder.mkdir(exist_ok=True)
    for name, text in documents(edition).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def seed(data_dir: Path) -> tuple[str, str]:
    """Edition 1 and print 1 live in a new store; a publishable key, and a token of its owner."""
    services = build_services(Settings(data_dir=data_dir, poll_interval_s=0))
    try:
        services.admins.bootstrap("owner")
        files = {name: text.encode() for name, text in documents(1).items()}
        services.releases.create(KIOSK, files, by="owner")
        (data_dir / "print").write_bytes(catalog(1))
        with (data_dir / "print").open("rb") as rows:
            services.going_live.import_catalog(KIOSK, rows, by="owner", format="ndjson", app=_APP)
        services.going_live.publish(KIOSK, 1, by="owner")
        _, key = services.keys.create(KIOSK, "publishable", label="tests", by="owner")
        return key, services.tokens.for_admin("owner", 1, ttl_s=3600)
    finally:
        services.close()
