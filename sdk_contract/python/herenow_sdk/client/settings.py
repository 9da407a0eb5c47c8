"""What an app tells the client once, and what the client takes from its platform."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from herenow_sdk.core.device.jws import Jwk, Verifier

Diagnostics = Callable[[str, Mapping[str, Any]], None]
"""Called with a code of the contract and counts or pointers: nothing of a person (SPEC 16.4.1)."""


@dataclass(frozen=True, slots=True)
class Host:
    """The platform: its clock (epoch seconds), 32 random bits, and how to run something beside the app.

    ``wait`` sleeps until the event is set, at most so many seconds, and says whether it was set.
    """

    clock: Callable[[], float] = time.time
    random: Callable[[], int] = lambda: secrets.randbits(32)
    token_bytes: Callable[[int], bytes] = secrets.token_bytes
    wait: Callable[[threading.Event, float], bool] = lambda event, seconds: event.wait(seconds)
    spawn: Callable[[Callable[[], None]], threading.Thread] = lambda run: threading.Thread(
        target=run, name="herenow", daemon=True
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """One app and environment on one device.

    ``key`` is the publishable key. ``folder`` keeps what may be lost; ``secrets`` (by default a folder in it)
    must lie where backups of the device do not reach. Without ``verify`` and pinned ``keys`` the client uses
    the server's answers but never decides by rules of its own. ``package`` is what the build exported
    (``herenow_sdk.core.device.package``), ``capabilities`` are the parts and switches it understands,
    ``budget_ms`` how long a start may wait, ``activation`` when the app wishes answers to apply.
    """

    url: str
    key: str
    app: str
    environment: str
    folder: Path
    secrets: Path | None = None
    keys: Sequence[Jwk] = ()
    verify: Verifier | None = None
    package: Mapping[str, Any] | None = None
    capabilities: tuple[str, ...] = ("features", "placements", "profile")
    app_version: str = ""
    budget_ms: int | None = None
    activation: str | None = None
    min_interval_s: int = 0
    timeout_s: float = 10.0
    diagnostics: Diagnostics = lambda _code, _about: None
    host: Host = field(default_factory=Host)

    @property
    def secret_folder(self) -> Path:
        """Where the installation's secret lies."""
        return self.secrets or self.folder / "secrets"

    def host_instant(self) -> str:
        """The present by the device's clock as RFC 3339 in UTC, milliseconds."""
        milliseconds = int(self.host.clock() * 1000)
        whole = datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{whole}.{milliseconds % 1000:03d}Z"
