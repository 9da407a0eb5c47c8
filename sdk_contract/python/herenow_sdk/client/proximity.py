"""What the app tells of positions, and asks of its operating system in return.

``Herenow.proximity`` is one of these. The app forwards what its system reports and registers what it is told;
all that is decided here is decided by the contract's core, offline as well. As everything an app may call, no
method raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from herenow_sdk.client.device import Device
from herenow_sdk.client.surroundings import NAMES, Registration, properties_of
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.place.transitions import Transition

Value = TypeVar("Value")
Json = Mapping[str, Any]
NOTHING: Final = Registration()


class On(Protocol):
    """Does something with the device under its lock, or answers the default where that fails."""

    def __call__(self, action: Callable[[Device], Value], default: Value) -> Value:
        """What the action answers."""


Record = Callable[[Device, str, str, Json], None]
"""Records a beacon: of a kind, a name, with properties."""


class Proximity:
    """Fences and beacon regions of one device."""

    def __init__(self, on: On, record: Record, wake: Callable[[], None]) -> None:
        self._on = on
        self._record = record
        self._wake = wake

    def watch(self, slots: int, host: int = 0, registered: Sequence[str] | None = None) -> Registration:
        """Take the system's budget: ``slots`` regions, of which the app itself uses ``host``.

        ``registered`` are the ids of ours that the system really watches, where the app can ask it (a system
        forgets some when it is restored). Answers what to register now; tell it again at every start.
        """

        def watched(device: Device) -> Registration:
            device.surroundings.granted(slots, host, registered)
            return self._settled(device)

        return self._changed(watched)

    def moved(self, lat: float, lon: float, accuracy_m: float | None = None) -> Registration:
        """Take a position in degrees, as exact as the system says; answers what to register now."""

        def taken(device: Device) -> Registration:
            fix: dict[str, Any] = {"at": device.device_now, "lat_e6": _micro(lat), "lon_e6": _micro(lon)}
            fix |= {} if accuracy_m is None else {"accuracy_m": max(int(accuracy_m + 0.5), 0)}
            return self._happened(device, device.surroundings.moved(device.fences, fix, device.device_now))

        return self._changed(taken)

    def heard(self, packets: Sequence[Json]) -> Registration:
        """Take what beacons said: ``{"kind", "uuid", "major", "minor", "at"}`` or its Eddystone likeness.

        Call it every few seconds while ranging, also with nothing heard: silence says that somebody left.
        """

        def taken(device: Device) -> Registration:
            told = device.surroundings.heard(device.fences, list(packets), device.device_now)
            return self._happened(device, told)

        return self._changed(taken)

    def tick(self) -> Registration:
        """Say that time has passed without a position: who stays somewhere may have dwelt."""

        def taken(device: Device) -> Registration:
            told = device.surroundings.passed(device.fences, device.device_now)
            return self._happened(device, told)

        return self._changed(taken)

    def _changed(self, action: Callable[[Device], Registration]) -> Registration:
        """The registration that follows; nothing is watched without consent or while fences are off."""

        def allowed(device: Device) -> Registration:
            return action(device) if is_allowed(device) else device.surroundings.forget()

        answered = self._on(allowed, NOTHING)
        if self._on(_wants_tiles, default=False):
            self._wake()
        return answered

    def _happened(self, device: Device, told: Sequence[Transition]) -> Registration:
        """Beacons first, then the state: what was told and not kept is told again, never the other way."""
        for each in told:
            self._record(device, "geo", NAMES[each.kind], properties_of(each))
        return self._settled(device)

    def _settled(self, device: Device) -> Registration:
        chosen = device.surroundings.chosen(device.fences, device.device_now)
        device.surroundings.keep()
        return chosen


def is_allowed(device: Device) -> bool:
    """Whether the device may know where it is: with consent, and unless fences are switched off."""
    return device.consent["location"] == "granted" and Switch.GEOFENCE not in device.rules.killed


def _wants_tiles(device: Device) -> bool:
    return is_allowed(device) and bool(device.surroundings.wanted_tiles(device.device_now))


def _micro(degrees: float) -> int:
    return int(degrees * 1_000_000 + (0.5 if degrees >= 0 else -0.5))
