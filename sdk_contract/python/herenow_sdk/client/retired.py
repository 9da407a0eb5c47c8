"""Installations that were replaced and still have beacons to send, by their own credentials (SPEC 15.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from herenow_sdk.client.credentials import Installation
from herenow_sdk.client.mailbox import Mailbox
from herenow_sdk.client.settings import Settings
from herenow_sdk.client.store import Store

MAX_RETIRED: Final = 4
"""Beyond this the oldest is given up: a device that many people share must not fill up."""
_PREFIX: Final = "retired-"


class Retired:
    """Those that are left, oldest first."""

    def __init__(self, files: Store, secrets: Store, settings: Settings) -> None:
        self._files = files
        self._secrets = secrets
        self._settings = settings

    def add(self, installation: Installation, mailbox: Mailbox, consent: Mapping[str, str]) -> None:
        """Keep what may still be sent of an installation; nothing, if nothing may or nobody knows it."""
        mailbox.retire(consent)
        if mailbox.is_empty or not installation.launched:
            mailbox.delete()
            return
        name = f"{_PREFIX}{int(self._settings.host.clock()):012d}-{installation.key(self._settings)[:16]}"
        if not self._secrets.keep_json(name, {"id": installation.id, "secret": installation.secret}):
            mailbox.delete()  # nobody could send it
        for old in self._secrets.names(_PREFIX)[:-MAX_RETIRED]:
            self._delete(old)

    def left(self) -> list[tuple[str, Installation, Mailbox]]:
        """The record, the installation and its beacons, of each."""
        found = []
        for name in self._secrets.names(_PREFIX):
            told = self._secrets.read_json(name)
            if isinstance(told.get("id"), str) and isinstance(told.get("secret"), str):
                installation = Installation(told["id"], told["secret"], 0, launched=True)
                found.append((name, installation, Mailbox(self._files, installation.key(self._settings))))
        return found

    def delete(self) -> None:
        """Forget all of them."""
        for name in self._secrets.names(_PREFIX):
            self._delete(name)

    def done(self, name: str) -> None:
        """Forget one, because nothing of it is left or nothing of it can be sent."""
        self._delete(name)

    def _delete(self, name: str) -> None:
        for each, _, mailbox in self.left():
            if each == name:
                mailbox.delete()
        self._secrets.delete(name)
