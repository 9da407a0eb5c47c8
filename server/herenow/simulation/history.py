"""The time before: what the app's own systems tell of people who have ordered for weeks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from herenow.simulation.lives import Surroundings, user_id
from herenow.simulation.living import PRICE
from herenow.simulation.people import Person
from herenow.simulation.phones import RefusedByServer
from herenow.simulation.scenery import Scenery

DAY_S: Final = 86_400
_AT_ONCE: Final = 200
_OK: Final = 300


def tell_history(around: Surroundings, people: Iterable[Person], begins: float) -> int:
    """Import everybody's purchases from before ``begins`` (epoch seconds); how many were taken.

    All are told, also those of people who do not allow it. Raises ``RefusedByServer`` for any other refusal.
    """
    rows = [_row(around.scenery, each, begins) for each in people if each.contact.past]
    taken = 0
    for first in range(0, len(rows), _AT_ONCE):
        body = json.dumps({"customers": rows[first : first + _AT_ONCE]}).encode()
        headers = {"Authorization": f"Bearer {around.secret}", "Content-Type": "application/json"}
        status, told = around.door("POST", "/v1/server/customers", body, headers)
        refused = {each["code"] for each in told.get("rejected", ())} - {"CONSENT_DENIED"}
        if status >= _OK or refused:
            raise RefusedByServer(f"the time before could not be told: {status} {sorted(refused)}")
        taken += told["purchases"]
    return taken


def _row(scenery: Scenery, person: Person, begins: float) -> Mapping[str, Any]:
    zone, item = ZoneInfo(scenery.zone), scenery.items[person.favourite]
    line = {"item": item.id, "quantity": 1, "price": item.price or PRICE}
    bought = [
        {
            "id": f"{user_id(person)}-{number}",
            "at": datetime.fromtimestamp(begins - before * DAY_S + second, zone).isoformat(),
            "items": [line],
            "value": line["price"],
            "currency": scenery.currency,
        }
        for number, (before, second) in enumerate(person.contact.past)
    ]
    return {"user_id": user_id(person), "consent": dict(person.consent), "purchases": bought}
