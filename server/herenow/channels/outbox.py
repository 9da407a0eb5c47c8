"""The local outbox: a courier that keeps what it is handed, for whoever develops or tries herenow.

What was handed lies in the partition of whose it is, for a week, so export and erasure cover it. A ring of
the last ``CAPACITY`` of an app and environment tells where; it is one query and never grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

import orjson

from herenow.channels.model import Address, Handed, Notice, Outcome, expired
from herenow.channels.payloads import TooLarge, payload
from herenow.clock import iso_utc
from herenow.identity.subjects import subject_partition
from herenow.scope import Scope
from herenow.storage.ports import Documents, Key, walk

CAPACITY: Final = 500
KEPT_S: Final = 7 * 86_400
MAX_FILE: Final = 16 * 1024 * 1024
"""Bytes at which the file becomes ``<name>.1``, in place of the one before."""

_COUNTER: Final = "counter"
_SLOT: Final = "slot#"
_BATCH: Final = 100


class Outbox:
    """Takes every notice of every channel. ``file`` gets a line of JSON each, when given.

    The file is for development: it holds addresses and texts, and erasure does not reach it.
    """

    def __init__(self, documents: Documents, file: Path | None = None) -> None:
        self._documents = documents
        self._file = file
        self._writing = Lock()

    def hand_off(self, scope: Scope, address: Address, notice: Notice, now: float) -> Handed:
        """Keep it. Refuses what a provider would refuse: expired, too large."""
        if notice.life_left(now) <= 0:
            return expired()
        told = _told(address, notice, now)
        if address.channel == "push":
            try:
                made = payload(address.platform or "android", notice, now)
            except TooLarge:
                return Handed(Outcome.REFUSED, "PAYLOAD_TOO_LARGE")
            told |= {"payload": made.document, "dropped": list(made.dropped)}
        number = self._documents.increment(Key(_ring(scope), _COUNTER), "handed")
        self._keep(scope, address, number, told, int(now) + KEPT_S)
        self._append({"scope": str(scope), "number": number, **told})
        return Handed(Outcome.HANDED, provider_id=f"outbox-{number}")

    def latest(self, scope: Scope, limit: int = 50) -> Sequence[dict[str, Any]]:
        """What was handed, newest first, with its ``number``; what was erased or is too old is not there."""
        slots = [each.value for each in walk(self._documents, _ring(scope), prefix=_SLOT, page=CAPACITY)]
        slots.sort(key=lambda slot: -int(slot["number"]))
        keys = [Key(scope.partition(slot["room"]), _sort(slot["number"])) for slot in slots]
        found: list[dict[str, Any]] = []
        for first in range(0, len(keys), _BATCH):
            batch = keys[first : first + _BATCH]
            held = self._documents.batch_get(batch)
            numbered = zip(slots[first : first + _BATCH], batch, strict=True)
            found += [{"number": slot["number"], **held[key].value} for slot, key in numbered if key in held]
            if len(found) >= limit:
                break
        return found[:limit]

    def _keep(self, scope: Scope, address: Address, number: int, told: dict[str, Any], until: int) -> None:
        room = _room(scope, address)
        self._documents.put_if(Key(scope.partition(room), _sort(number)), told, expires_at=until)
        slot = Key(_ring(scope), f"{_SLOT}{number % CAPACITY:04d}")
        self._documents.put_if(slot, {"number": number, "room": room}, expires_at=until)

    def _append(self, told: dict[str, Any]) -> None:
        if self._file is None:
            return
        line = orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
        with self._writing:
            if self._file.exists() and self._file.stat().st_size + len(line) > MAX_FILE:
                self._file.replace(self._file.with_name(self._file.name + ".1"))
            self._file.touch(mode=0o600)
            with self._file.open("ab") as stream:
                stream.write(line)


def _told(address: Address, notice: Notice, now: float) -> dict[str, Any]:
    told = {
        "at": iso_utc(now),
        "channel": address.channel,
        "to": address.value,
        "platform": address.platform,
        "message": notice.message_id,
        "campaign": notice.campaign,
        "title": notice.title,
        "body": notice.body,
        "link": notice.link,
        "image": notice.image,
        "unsubscribe": notice.unsubscribe,
        "expires_at": iso_utc(notice.expires_at),
        "collapse": notice.collapse,
        "silent": notice.silent,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _room(scope: Scope, address: Address) -> str:
    """The room of whose partition it is."""
    if address.subject is not None:
        return subject_partition(scope, address.subject).removeprefix(scope.partition(""))
    return f"installation#{address.installation}"


def _ring(scope: Scope) -> str:
    return scope.partition("outbox")


def _sort(number: int) -> str:
    return f"outbox#{number:012d}"
