"""What an app holds: answers at once from what is known, tells what happens, and is never in the way.

Every public method ends in ``Guard``: none raises, whatever is wrong with the disk, the network or herenow.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from herenow_sdk.client.calls import Calls
from herenow_sdk.client.device import Device
from herenow_sdk.client.guard import Guard
from herenow_sdk.client.messages import Messages
from herenow_sdk.client.proximity import Proximity
from herenow_sdk.client.settings import Settings
from herenow_sdk.client.sync import Synchroniser
from herenow_sdk.client.transport import Transport
from herenow_sdk.client.view import Explanation, Placement
from herenow_sdk.client.worker import Worker
from herenow_sdk.core.device.activation import Moment, is_new_session, start_wait_ms
from herenow_sdk.core.device.identity import Event
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.reasons import AnswerSource, FeatureReason

Value = TypeVar("Value")


class Herenow:
    """The client of one app on one device. ``start`` first, ``close`` when the app ends.

    Before ``start``, and when nothing is known, every default stands.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = Guard(settings.diagnostics)
        self._answered = threading.Event()
        self._transport = Transport(settings.url, settings.timeout_s)
        self._device: Device | None = None
        self._worker: Worker | None = None
        self._left_at: int | None = None
        self.proximity = Proximity(self._with, self._record, self._wake)
        self.messages = Messages(self._with, self._record)

    def start(
        self,
        context: Mapping[str, Any],
        acquisition: Mapping[str, Any] | None = None,
        consent: Mapping[str, str] | None = None,
    ) -> AnswerSource:
        """Show the best that is known, and ask the server beside it; who decided what is shown now.

        Waits only where nothing was made for this person yet, and at most the app's budget (SPEC 14.3.4).
        """
        return self._guard.run(lambda: self._start(context, acquisition, consent), AnswerSource.DEFAULT)

    @property
    def config(self) -> Mapping[str, Any]:
        """The whole config on display, in the shape of the server's answer; empty for the defaults."""
        return self._with(lambda device: device.view.shown, {})

    def feature(self, name: str, default: Value) -> Value:
        """The value of a feature, or the app's default where there is none of the default's kind."""
        value = self._with(lambda device: device.view.feature(name).get("value"), None)
        return value if value is not None and _is_like(value, default) else default

    def placement(self, name: str) -> Placement:
        """The items of a placement in order; empty where nothing is known of it."""
        return self._with(lambda device: device.view.placement(name), Placement())

    def explain(self, name: str) -> Explanation:
        """Why a feature or placement is as it is."""
        unknown = Explanation(AnswerSource.DEFAULT, FeatureReason.UNKNOWN_FEATURE.value)
        return self._with(lambda device: device.explain(name), unknown)

    def track(self, name: str, properties: Mapping[str, Any] | None = None, kind: str = "behavior") -> None:
        """Record that something happened; it is sent when consent and network allow. ``kind``: SPEC 13.1."""
        self._with(lambda device: self._record(device, kind, name, properties or {}), None)

    def exposure(self, name: str) -> None:
        """Record that a feature was shown to the person: once a session for the same value."""

        def exposed(device: Device) -> None:
            if Switch.FEATURES not in device.view.killed:  # what is off is not seen (SPEC 17.1.2)
                self._record(device, "exposure", name, _exposed(device, name))

        self._with(exposed, None)

    def set_consent(self, change: Mapping[str, str]) -> None:
        """Take what the person now says about some purposes; it holds from this moment on."""
        self._with(lambda device: device.change_consent(change), None)
        self._wake()

    def identify(self, user: str, token: str) -> None:
        """Say who signed in, with the token that the app's backend signed for them."""

        def signed_in(device: Device) -> None:
            device.happened({"kind": Event.IDENTIFIED, "user": user})
            device.identify_token = token

        self._with(signed_in, None)
        self._wake()

    def logout(self) -> None:
        """Say that the person signed out: from this moment nothing of theirs is shown."""

        def signed_out(device: Device) -> None:
            device.identify_token = None
            device.happened({"kind": Event.LOGGED_OUT})

        self._with(signed_out, None)
        self._wake()

    def erased(self) -> None:
        """Say that the server has confirmed an erasure; nothing is sent until the next start."""
        self._with(lambda device: device.happened({"kind": Event.ERASED}), None)

    def background(self) -> None:
        """The app is out of sight."""
        self._with(self._leave, None)

    def foreground(self) -> None:
        """The app is back; after half an hour a new session begins."""
        self._with(self._return, None)
        self._wake()

    def refresh(self, within_s: float = 0.0) -> bool:
        """Ask the server now, waits and floors permitting; whether a pass ended within so many seconds."""
        return self._guard.run(
            lambda: self._worker is not None and self._worker.wake(within_s), default=False
        )

    def flush(self, within_s: float = 0.0) -> bool:
        """Send what waits; as ``refresh``, which does it too."""
        return self.refresh(within_s)

    def close(self, within_s: float = 2.0) -> None:
        """Stop what runs beside the app. What was recorded is on disk."""
        self._guard.run(lambda: self._close(within_s), None)

    def _start(
        self,
        context: Mapping[str, Any],
        acquisition: Mapping[str, Any] | None,
        consent: Mapping[str, str] | None,
    ) -> AnswerSource:
        if self._device is not None:
            return self._device.view.source
        device = Device(self._settings)
        device.begin(context, acquisition, consent)
        self._device = device
        calls = Calls(self._settings, self._transport)
        self._worker = Worker(device, Synchroniser(device, calls, self._answered.set), self._guard)
        self._worker.begin()
        budget_ms = start_wait_ms(device.view.source, self._settings.budget_ms)
        if budget_ms:
            self._settings.host.wait(self._answered, budget_ms / 1000)
        with device.lock:
            device.moment = Moment.RUNNING
            return device.view.source

    def _record(self, device: Device, kind: str, name: str, properties: Mapping[str, Any]) -> None:
        identifier = str(UUID(bytes=self._settings.host.token_bytes(16), version=4))
        at = self._settings.host_instant()
        beacon = {"id": identifier, "type": kind, "name": name, "at": at, "properties": properties}
        fault = None
        try:
            fault = device.mailbox.add(beacon, device.consent)
        finally:  # a full disk keeps it in memory
            if fault is None:
                device.noticed(beacon)
        if fault is not None:
            self._settings.diagnostics(fault.value, {"beacons": 1})

    def _leave(self, device: Device) -> None:
        self._left_at = device.device_now
        if self._worker is not None:
            self._worker.background = True

    def _return(self, device: Device) -> None:
        away_s = 0 if self._left_at is None else device.device_now - self._left_at
        self._left_at = None
        if self._worker is not None:
            self._worker.background = False
        if is_new_session(away_s):
            device.new_session()

    def _wake(self) -> None:
        self._guard.run(lambda: self._worker is not None and self._worker.wake(), default=False)

    def _close(self, within_s: float) -> None:
        if self._worker is not None:
            self._transport.abort()
            self._worker.close(within_s)

    def _with(self, action: Callable[[Device], Value], default: Value) -> Value:
        """``action`` on the device under its lock; before a start, and on any failure, the default."""

        def locked() -> Value:
            device = self._device
            if device is None:
                return default
            with device.lock:
                return action(device)

        return self._guard.run(locked, default)


def _is_like(value: Any, default: Any) -> bool:
    """Whether the app can use the value where it expects something like its default."""
    if default is None or isinstance(value, bool) or isinstance(default, bool):
        return default is None or type(value) is type(default)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))


def _exposed(device: Device, name: str) -> dict[str, Any]:
    told = device.view.feature(name)
    return {member: told[member] for member in ("value", "reason", "rule") if member in told}
