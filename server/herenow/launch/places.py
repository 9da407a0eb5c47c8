"""Where devices listen: tiles for those that rank fences themselves, plans for those that do not.

A tile's shards are kept as blobs when the tile is first asked for, and marked as public: whoever holds an
index of some minutes ago still finds the shards that it names. An empty tile keeps nothing, so asking for
the whole globe fills no store. Of a plan nothing is kept at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from herenow.authoring.public_parts import PublicParts
from herenow.clock import Clock
from herenow.errors import Forbidden
from herenow.launch.here import device_place
from herenow.launch.serving import ServingSets
from herenow.proximity.planning import planned
from herenow.proximity.tiles import tile
from herenow.scope import Scope
from herenow.storage.ports import Blobs, Documents
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.place.shapes import Circle
from herenow_sdk.core.place.slots import (
    FETCH_AGE_S,
    FETCH_M,
    RANK_M,
    Budget,
    Plan,
    difference,
    next_action,
    standpoint,
)

_TILES_KEPT: Final = 4096
SLOTS: Final[Mapping[str, int]] = {"ios": 20, "android": 100}
"""Regions that each system watches for an app (Apple: CLLocationManager; Google: Geofencing)."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a thin client says of itself; ``state`` as SPEC 10.7.7 has it."""

    location: Mapping[str, Any]
    platform: str
    host: int = 0
    ours: int | None = None
    entered: tuple[str, ...] = ()
    registered: Mapping[str, Circle] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


class Places:
    """Tiles and plans of every scope's live fences."""

    def __init__(self, serving: ServingSets, documents: Documents, blobs: Blobs, *, clock: Clock) -> None:
        self._serving = serving
        self._documents = documents
        self._blobs = blobs
        self._public = PublicParts(documents)
        self._clock = clock
        self._kept: OrderedDict[tuple[Scope, int, str], dict[str, Any]] = OrderedDict()
        self._keeping = Lock()

    def tile(self, scope: Scope, name: str) -> dict[str, Any]:
        """The index of a tile. Raises ``BadRequest`` (INVALID_TILE), ``Unavailable`` (NOTHING_PUBLISHED)."""
        serving = self._serving.current(scope)
        key = (scope, serving.pointer.sequence, name)
        with self._keeping:
            known = self._kept.get(key)
        if known is not None:
            return known
        served = tile(serving.fences, name)
        self._publish(served.shards)
        with self._keeping:
            self._kept[key] = served.index
            while len(self._kept) > _TILES_KEPT:
                self._kept.popitem(last=False)
        return served.index

    def plan(self, scope: Scope, consent: Mapping[str, str], request: PlanRequest) -> dict[str, Any]:
        """What to watch, and what to change for it.

        Raises ``Forbidden`` (LOCATION_NOT_GRANTED), ``Unavailable`` (NOTHING_PUBLISHED).
        """
        serving = self._serving.current(scope)
        point = device_place(serving, {"location": request.location}, consent)
        if point is None:
            raise Forbidden(
                "the person has not granted location",
                code="LOCATION_NOT_GRANTED",
                detail="Ask the person, then PUT /v1/consent; until then fetch tiles and rank on the device.",
            )
        off = Switch.GEOFENCE in serving.pointer.kill
        budget = Budget(SLOTS[request.platform], request.host, 0 if off else request.ours)
        around = standpoint(request.state.get("ranked"), point)
        found = planned(serving.fences, point, budget, request.entered, around)
        action = next_action(request.state, point, budget, int(self._clock()))
        changes = difference(request.registered, found.circles)
        return {
            "action": action.value,
            **_plan_json(found),
            "standpoint": list(around),
            "remove": list(changes.remove),
            "add": list(changes.add),
            "again": {"rank_m": RANK_M, "fetch_m": FETCH_M, "fetch_age_s": FETCH_AGE_S},
        }

    def _publish(self, shards: Mapping[str, bytes]) -> None:
        """Keep what is not kept yet: a shard's digest tells."""
        new = self._public.marks(shards)
        for put in new:
            self._blobs.put(shards[put.key.sort])
        if new:
            self._documents.transact(new)


def _plan_json(plan: Plan) -> dict[str, Any]:
    regions = [
        {"id": name, "circle": [*circle.middle, circle.radius_m]} for name, circle in plan.circles.items()
    ]
    return {"regions": regions, "beacons": list(plan.beacons), "inside": list(plan.inside)}
