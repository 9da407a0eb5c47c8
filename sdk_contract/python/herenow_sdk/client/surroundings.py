"""Where this device is, as far as the device itself knows: fences it is in, regions to register, tiles.

Positions come in and never leave (SPEC 10). What leaves is a beacon that names a fence, where the person
granted ``location``. The state is one record on disk, kept for the installation alone and gone with the
consent; a device that was killed goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.client.store import Store
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.hearing import listen
from herenow_sdk.core.place.shapes import Circle, Point, read_point
from herenow_sdk.core.place.slots import Budget, difference, left_standpoint, next_action, plan, standpoint
from herenow_sdk.core.place.tiles import Tile, read_tile, tile_of, tiles_around
from herenow_sdk.core.place.transitions import Advance, Transition, advance, tick
from herenow_sdk.core.reasons import SlotAction
from herenow_sdk.core.values import is_whole

Json = Mapping[str, Any]
RECORD: Final = "place"
_TILE: Final = "tile-"
NAMES: Final = {
    "enter": "fence_entered",
    "exit": "fence_exited",
    "dwell": "fence_dwelled",
    "cross": "fence_crossed",
}
"""What a transition is called as a beacon."""
KINDS: Final = {name: kind for kind, name in NAMES.items()}
"""Which transition a beacon tells of."""


@dataclass(frozen=True, slots=True)
class Region:
    """A circle for the operating system to watch."""

    id: str
    lat_e6: int
    lon_e6: int
    radius_m: int


@dataclass(frozen=True, slots=True)
class Registration:
    """What the app asks of its system: regions to remove, then to add in this order; beacons to range.

    ``beacons`` are all beacon fences that are to be listened for, not only new ones.
    """

    remove: tuple[str, ...] = ()
    add: tuple[Region, ...] = ()
    beacons: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be changed."""
        return not self.remove and not self.add


@dataclass(slots=True)
class Surroundings:
    """The place record of one installation. Its owner locks, and says what consent and kill switch allow."""

    store: Store
    identity: str
    state: dict[str, Any] = field(default_factory=dict)
    tiles: dict[str, Tile] = field(default_factory=dict)
    outdated: bool = True
    """Whether fences or slots may be others than those that regions were chosen from."""

    @classmethod
    def opened(cls, store: Store, identity: str) -> Surroundings:
        """What was kept, or nothing; tiles are nobody's and stay for whoever comes."""
        tiles = {name: _read_tile(store, name) for name in _kept_tiles(store)}
        return cls(store, identity, dict(store.read_json(RECORD, identity)), tiles)

    def forget(self) -> Registration:
        """Know nothing of where the device was, and watch nothing."""
        removed = Registration(remove=tuple(sorted(self._registered)))
        self._only("slots")
        return removed

    def become(self, identity: str) -> None:
        """Belong to another installation from now on; what is registered is removed with its next choice."""
        self._only("slots", "registered")
        self.identity = identity
        self.keep()

    def granted(self, slots: int, host: int, registered: Sequence[str] | None) -> None:
        """The system's budget; ``registered`` are the regions it really watches, where the app can tell."""
        self.state["slots"] = {"slots": slots, "host": host}
        self.outdated = True
        held = self._registered
        if registered is not None and not held.keys() <= set(registered):
            self._register({name: circle for name, circle in held.items() if name in registered})

    def moved(self, fences: Mapping[str, Fence], fix: Json, now: int) -> tuple[Transition, ...]:
        """What a position means; transitions that are to be told."""
        return self._advanced(advance(fences, self.state, fix, now))

    def heard(self, fences: Mapping[str, Fence], packets: Any, now: int) -> tuple[Transition, ...]:
        """What packets of beacons mean; none of them means that beacons are silent."""
        return self._advanced(listen(fences, self.state, packets, now))

    def passed(self, fences: Mapping[str, Fence], now: int) -> tuple[Transition, ...]:
        """What time alone means: somebody stays where they are."""
        return self._advanced(tick(fences, self.state, now))

    def chosen(self, fences: Mapping[str, Fence], now: int, *, ours: int | None = None) -> Registration:
        """What to register now; nothing changes while the device does not know where it is.

        A tile that cannot be fetched is no reason to choose again: a device offline would move its refresh
        fence with every position, and miss the crossing that the fence is for (SPEC 10.7.8).
        """
        budget, point, ranked = self._budget(ours), self.point, self.state.get("ranked")
        if budget is None or point is None or not (self.outdated or left_standpoint(ranked, point)):
            return Registration(beacons=tuple(self.state.get("beacons", ())))
        around = standpoint(ranked, point)
        planned = plan(fences, point, budget, self._inside(), around=around)
        change = difference(self._registered, planned.circles)
        self._register(planned.circles)
        self.state["beacons"] = list(planned.beacons)
        self.outdated = False
        if left_standpoint(ranked, point):
            self.state["ranked"] = {"at": now, "point": list(point)}
        added = tuple(_region(name, planned.circles[name]) for name in change.add)
        return Registration(change.remove, added, planned.beacons)

    def wanted_tiles(self, now: int, *, ours: int | None = None) -> tuple[str, ...]:
        """The tiles to fetch now; none while those at hand do, and for a device without a budget."""
        budget, point = self._budget(ours), self.point
        if budget is None or point is None or next_action(self.state, point, budget, now) != SlotAction.FETCH:
            return ()
        return tiles_around(point)

    def fetched(self, tiles: Mapping[str, Sequence[Json]], now: int) -> None:
        """The documents of tiles around the device: they replace those of before, and are kept on disk."""
        point = self.point
        for name in set(self.tiles) - set(tiles):
            self.store.delete(_TILE + name)
        for name, documents in tiles.items():
            self.store.keep_json(_TILE + name, {"documents": list(documents)})
        self.tiles = {name: read_tile(name, documents) for name, documents in tiles.items()}
        if point is not None and all(tile.complete for tile in self.tiles.values()):
            self.state["fetched"] = {"at": now, "point": list(point)}
        self.outdated = True

    def around(self, fences: Mapping[str, Fence]) -> dict[str, Fence]:
        """All fences that are known here: of the tiles, and those of the release, which go before them."""
        known: dict[str, Fence] = {}
        for name in sorted(self.tiles):
            known = {**self.tiles[name].fences, **known}
        return {**known, **fences}

    def keep(self) -> None:
        """Write the record, if the disk allows."""
        self.store.keep_json(RECORD, self.state, self.identity)

    @property
    def point(self) -> Point | None:
        """The last position that could be used."""
        track = self.state.get("track")
        last = track.get("last") if isinstance(track, Mapping) else None
        return read_point([last.get("lat_e6"), last.get("lon_e6")]) if isinstance(last, Mapping) else None

    @property
    def watched(self) -> tuple[str, ...]:
        """The regions that the system watches for us, by the ids of their fences."""
        return tuple(sorted(self._registered))

    @property
    def tile(self) -> str | None:
        """The tile the device is in."""
        return None if self.point is None else tile_of(self.point)

    def _only(self, *members: str) -> None:
        self.state = {name: self.state[name] for name in members if name in self.state}
        self.store.delete(RECORD)

    def _advanced(self, step: Advance) -> tuple[Transition, ...]:
        self.state = {**self.state, **step.state}
        return tuple(each for each in step.transitions if each.silence is None)

    def _inside(self) -> Iterator[str]:
        known = self.state.get("fences")
        for name, each in known.items() if isinstance(known, Mapping) else ():
            if isinstance(each, Mapping) and each.get("inside") is True:
                yield name

    def _budget(self, ours: int | None) -> Budget | None:
        told = self.state.get("slots")
        slots, host = (told.get(name) if isinstance(told, Mapping) else None for name in ("slots", "host"))
        if slots is None or not is_whole(slots):
            return None
        return Budget(int(slots), int(host) if host is not None and is_whole(host) else 0, ours)

    @property
    def _registered(self) -> dict[str, Circle]:
        told = self.state.get("registered")
        return {
            name: Circle((circle[0], circle[1]), circle[2])
            for name, circle in (told.items() if isinstance(told, Mapping) else ())
            if isinstance(circle, list) and len(circle) == 3 and all(map(is_whole, circle))
        }

    def _register(self, circles: Mapping[str, Circle]) -> None:
        self.state["registered"] = {
            name: [*circle.middle, circle.radius_m] for name, circle in circles.items()
        }


def properties_of(transition: Transition) -> dict[str, Any]:
    """What a beacon tells of a transition: the fence, and for how long the device was inside."""
    seconds = max(transition.at - transition.since, 0)
    return {"fence": transition.fence} | ({} if transition.kind == "enter" else {"seconds": seconds})


def read_documents(body: bytes) -> list[Json]:
    """The documents of a tile's answer; none of one that is no JSON object."""
    try:
        told = json.loads(body)
    except ValueError:
        return []
    documents = told.get("documents", [told]) if isinstance(told, Mapping) else []
    return [each for each in documents if isinstance(each, Mapping)] if isinstance(documents, list) else []


def _region(name: str, circle: Circle) -> Region:
    return Region(name, *circle.middle, circle.radius_m)


def _kept_tiles(store: Store) -> list[str]:
    return [each.removeprefix(_TILE) for each in store.names(_TILE)]


def _read_tile(store: Store, name: str) -> Tile:
    return read_tile(name, store.read_json(_TILE + name).get("documents"))
