"""Gathers what promises are checked by: what reached people, the documents, and who is kept back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from herenow.cli.simulate.ledger import people_of
from herenow.cli.simulate.staging import Stage
from herenow.messaging.records import records_of
from herenow.simulation.days import World
from herenow.simulation.evidence import EVERY, Evidence, Whose

_HOLDOUT: Final = "HOLDOUT"


def gathered(stage: Stage, world: World) -> Evidence:
    """Everything there is to look into."""
    return Evidence(
        world.lives,
        world.said,
        world.letters,
        policy=_document(stage.folder / "policy.json"),
        campaigns=_document(stage.folder / "campaigns.json"),
        offers=_document(stage.folder / "offers.json"),
        kept_back=kept_back(stage, world),
        redeemed=frozenset(each.message for each in world.shown if each.taken and each.form),
    )


def kept_back(stage: Stage, world: World) -> dict[Whose, frozenset[str]]:
    """Whom the ledger says to be kept from what."""
    kept: dict[Whose, frozenset[str]] = {}
    for number, person in people_of(stage, world):
        life = world.lives[number]
        alone = person.installation_id
        whose = ("user", life.user) if alone is None else ("phone", alone)
        for record in records_of(stage.services.documents, person):
            told = record.as_json()
            if told["outcome"] == "control":
                what = EVERY if told["reason"] == _HOLDOUT else record.campaign
                kept[whose] = kept.get(whose, frozenset()) | {what}
    return kept


def _document(path: Path) -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return document
