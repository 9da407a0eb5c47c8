"""The last answer of the server, as it is kept: the config, its tag, when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from herenow_sdk.core.device.instants import read_instant
from herenow_sdk.core.device.strict_json import is_count

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A config of the server's; ``made_at`` in epoch seconds by its clock."""

    config: Json
    made_at: int
    etag: str | None = None

    @property
    def valid_until(self) -> int:
        """Until when time alone does not change it; its making when it does not say."""
        told = read_instant(self.config.get("valid_until"))
        return self.made_at if told is None else told // 1000

    @property
    def activation(self) -> Any:
        """When the server asks that it takes effect."""
        return self.config.get("activation")

    @property
    def poll_after_ms(self) -> Any:
        """When to ask again for an acquisition that is pending, ``None`` when none is."""
        acquisition = self.config.get("acquisition")
        pending = isinstance(acquisition, Mapping) and acquisition.get("status") == "pending"
        return acquisition.get("poll_after_ms") if pending and isinstance(acquisition, Mapping) else None

    def offline(self, member: str) -> Any:
        """What the server told for deciding without it (SPEC 14.6)."""
        told = self.config.get("offline")
        return told.get(member) if isinstance(told, Mapping) else None

    def kept(self) -> dict[str, Any]:
        """The JSON to keep, for ``read_answer``."""
        return {"config": dict(self.config), "made_at": self.made_at, "etag": self.etag}


def read_answer(kept: Json) -> Answer | None:
    """The answer that was kept, ``None`` when there is none to use."""
    config, made_at, etag = (kept.get(name) for name in ("config", "made_at", "etag"))
    if not isinstance(config, Mapping) or not is_count(made_at):
        return None
    return Answer(config, made_at, etag if isinstance(etag, str) else None)


def received(config: Json, etag: str | None, now: int) -> Answer:
    """An answer that has just come; ``now`` stands in where it does not say when it was made."""
    told = read_instant(config.get("server_time"))
    return Answer(config, now if told is None else told // 1000, etag)
