"""Fills a store with an example app the way two people would: one edits, another approves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from herenow.cli.folders import read_folder
from herenow.cli.offers import code_lines
from herenow.scope import Scope
from herenow.services import Services

EDITOR: Final = "asha"
OWNER: Final = "ravi"
KEY_LABEL: Final = "demo"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the demo needs to know of its store."""

    scope: Scope
    app: Mapping[str, Any]
    publishable_key: str


def seed(services: Services, folder: Path, environment: str = "production") -> Seeded:
    """Release, approve, import and publish the app in ``folder``; doing it again changes nothing.

    Raises ``Invalid`` when the folder is not a valid app.
    """
    documents = read_folder(folder)
    scope = documents.scope(environment)
    release = services.releases.create(scope, documents.files, by=EDITOR, note="The demo").release
    if release.approvals_needed.get(environment, 0):
        services.releases.approve(scope, release.number, by=OWNER)
    _import(services, scope, documents.app, documents.catalog)
    live = services.publishing.pointer(scope)
    if live is None or live.release != release.number:
        sequence = live.sequence if live else None
        services.going_live.publish(scope, release.number, by=OWNER, if_match=sequence)
    for offer, file in documents.pools.items():
        for codes in code_lines(file):
            services.offer_stock.add_codes(scope, offer, codes)
    return Seeded(scope, documents.app, _key(services, scope))


def _import(services: Services, scope: Scope, app: Mapping[str, Any], catalog: Path | None) -> None:
    if catalog is None:
        return
    with catalog.open("rb") as stream:
        services.going_live.import_catalog(
            scope, stream, by=EDITOR, format=catalog.suffix.lstrip("."), app=app
        )


def _key(services: Services, scope: Scope) -> str:
    """The demo's publishable key, made the first time."""
    for key in services.keys.list(scope):
        if key.label == KEY_LABEL and key.kind == "publishable" and key.revoked_at is None:
            return key.shown
    return services.keys.create(scope, "publishable", label=KEY_LABEL, by=OWNER)[1]
