"""The thread beside the app: one pass at a time, when one is due or asked for, until it is closed."""

from __future__ import annotations

import threading
from typing import Final

from herenow_sdk.client.device import Device
from herenow_sdk.client.guard import Guard
from herenow_sdk.client.sync import Synchroniser
from herenow_sdk.core.device.refresh import next_refresh_at

FLUSH_S: Final = 60
"""Beacons wait no longer than this for a pass while the app is in use."""
_LONGEST_WAIT_S: Final = 3600.0


class Worker:
    """Waits and passes. ``wake`` asks for a pass; ``passes`` counts those that ended."""

    def __init__(self, device: Device, synchroniser: Synchroniser, guard: Guard) -> None:
        self._device = device
        self._synchroniser = synchroniser
        self._guard = guard
        self._woken = threading.Event()
        self._closing = threading.Event()
        self._ended = threading.Condition()
        self._begun = self._passes = 0
        self._wanted = False
        self._thread: threading.Thread | None = None
        self.background = False

    def begin(self) -> None:
        """Start the thread, with a pass at once."""
        self._wanted = True
        self._thread = self._device.settings.host.spawn(self._run)
        self._thread.start()

    def wake(self, within_s: float = 0.0) -> bool:
        """Ask for a pass; with a time, wait for one that began after this call, and tell whether it ended."""
        if self._is_over:
            return False
        with self._ended:
            next_one = self._begun + 1
            self._wanted = True
            self._woken.set()
            return self._ended.wait_for(lambda: self._passes >= next_one, within_s) if within_s > 0 else False

    def close(self, within_s: float) -> None:
        """End the thread; it is left behind if it does not end in time."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(within_s)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._device.settings.host.wait(self._woken, self._guard.run(self._seconds_left, _LONGEST_WAIT_S))
            self._woken.clear()
            if not self._closing.is_set() and self._guard.run(self._seconds_left, _LONGEST_WAIT_S) <= 0:
                with self._ended:
                    self._wanted = False
                    self._begun += 1
                self._guard.run(self._synchroniser.run, None)
                with self._ended:
                    self._passes += 1
                    self._ended.notify_all()

    @property
    def _is_over(self) -> bool:
        """Whether nothing is sent before the next start."""
        return self._synchroniser.stopped or self._device.installation.erased

    def _seconds_left(self) -> float:
        """Until the next pass. Nobody's wish shortens a back-off."""
        device = self._device
        if self._is_over:
            return _LONGEST_WAIT_S
        now = device.now
        asked, waiting = device.asked, not device.mailbox.is_empty
        due = next_refresh_at(
            asked, now, min_interval_s=device.settings.min_interval_s, background=self.background
        )
        if asked.retry_at is None:
            if self._wanted:
                due = now
            elif waiting and not self.background:
                due = min(due, (asked.attempted_at or now) + FLUSH_S)
        return min(float(due - now), _LONGEST_WAIT_S)
