"""The present by the server's clock, as far as the server has told it (SPEC 14.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from herenow_sdk.client.store import Store
from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.device.refresh import server_now

_RECORD: Final = "server-time"


class ServerClock:
    """The device's clock, put right by what the server said last; that is kept on disk."""

    def __init__(self, host: Callable[[], float], files: Store) -> None:
        self._host = host
        self._files = files
        self._told_at: int | None = None
        self._server_time: int | None = None

    def open(self) -> None:
        """Know what was told before."""
        kept = self._files.read_json(_RECORD)
        self._told_at, self._server_time = kept.get("told_at"), kept.get("server_time")

    @property
    def now(self) -> int:
        """The present by the server's clock, epoch seconds."""
        return self.server_time_of(self.device_now)

    @property
    def device_now(self) -> int:
        """The present by the device's clock, epoch seconds."""
        return int(self._host())

    def server_time_of(self, instant: int) -> int:
        """An instant of the device's clock by the server's."""
        return server_now(instant, self._told_at, self._server_time)

    def learn(self, told: Any) -> None:
        """An answer said what time it is; what is no instant says nothing."""
        instant = read_instant(told)
        if instant is not None:
            self.told(instant // 1000)

    def told(self, server_time: int) -> None:
        """The server told its time."""
        self._told_at, self._server_time = self.device_now, server_time
        self._files.keep_json(_RECORD, {"told_at": self._told_at, "server_time": server_time})
