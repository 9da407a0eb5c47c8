"""Which installation this device is: the id, and the secret that proves it.

They lie in two places on purpose. The id is among the app's files and comes back with a backup; the
secret does not. So an id without its secret is a restored backup, and a secret without an id a new install of
the app on a phone whose key store outlived the old one (SPEC 15.1.5, 15.1.6).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from herenow_sdk.client.settings import Settings
from herenow_sdk.client.store import Store
from herenow_sdk.core.device.cache import identity_key
from herenow_sdk.core.device.identity import Event
from herenow_sdk.core.device.strict_json import is_count

_ID: Final = "installation"
_SECRET: Final = "secret"  # noqa: S105 - the name of a record


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation and how far it got: known to the server, erased, who signed in, when it was made."""

    id: str
    secret: str
    made_at: int
    launched: bool = False
    erased: bool = False
    user: str | None = None

    def key(self, settings: Settings) -> str:
        """Whom records are made for."""
        return identity_key(settings.app, settings.environment, self.id)


class Credentials:
    """Reads, makes and keeps the installation."""

    def __init__(self, settings: Settings, files: Store, secrets: Store) -> None:
        self._host = settings.host
        self._files = files
        self._secrets = secrets

    def load(self) -> tuple[Installation | None, Event | None]:
        """The installation, and what is wrong with it; neither at the very first start.

        With ``SECRET_MISSING`` its secret is empty, with ``REINSTALLED`` there is none.
        """
        told, kept = self._files.read_json(_ID), self._secrets.read_json(_SECRET)
        if not isinstance(told.get("id"), str):
            return None, Event.REINSTALLED if kept else None
        if kept.get("id") != told["id"] or not isinstance(kept.get("secret"), str):
            return _installation(told, ""), Event.SECRET_MISSING
        return _installation(told, kept["secret"]), None

    def make(self, user: str | None = None) -> Installation:
        """A new installation. Its secret is on disk before its id is, so that no id is without one.

        On a full disk the old one is removed all the same: it was somebody else's, or is of no more use.
        """
        made = Installation(
            id=str(UUID(bytes=self._host.token_bytes(16), version=4)),
            secret=urlsafe_b64encode(self._host.token_bytes(32)).rstrip(b"=").decode(),
            made_at=int(self._host.clock()),
            user=user,
        )
        self._files.delete(_ID)
        if not self._secrets.keep_json(_SECRET, {"id": made.id, "secret": made.secret}):
            self._secrets.delete(_SECRET)
            return made
        return self.keep(made)

    def keep(self, installation: Installation) -> Installation:
        """Note how far it got."""
        told = {name: getattr(installation, name) for name in ("id", "made_at", "launched", "erased", "user")}
        self._files.keep_json(_ID, told)
        return installation

    def started(self, installation: Installation) -> Installation:
        """At a start: an installation made after an erasure may launch now (SPEC 15.1.4)."""
        return self.keep(replace(installation, erased=False)) if installation.erased else installation


def _installation(told: Mapping[str, Any], secret: str) -> Installation:
    user, made_at = told.get("user"), told.get("made_at")
    return Installation(
        told["id"],
        secret,
        made_at if is_count(made_at) else 0,
        launched=told.get("launched") is True,
        erased=told.get("erased") is True,
        user=user if isinstance(user, str) else None,
    )
