"""The app that messages are measured with: people whose phones tell what they do, campaigns, a courier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from herenow.beacons.model import Batch, Sender
from herenow.clock import iso_utc
from herenow.launch.newcomer import FirstLaunch
from herenow.messaging.people import Person
from herenow.messaging.seams import HandedOver, Result
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings

SCOPE: Final = Scope("talk", "production")
NOW: Final = 1_795_501_800
GRANTED: Final = dict.fromkeys(("analytics", "personalization", "in_app", "push"), "granted")


class Clock:
    """A clock that is moved."""

    now: float = NOW

    def __call__(self) -> float:
        """What it reads."""
        return self.now


class Couriers:
    """Carry everything at once."""

    def reach(self, _installation: Installation, _person: Person, _wanted: frozenset[str]) -> frozenset[str]:
        """Everybody by push."""
        return frozenset({"push"})

    def hand_off(self, *_: Any) -> HandedOver:
        """Taken."""
        return HandedOver(Result.HANDED)


class Ids:
    """UUIDs in their order, from a number on: processes that count from far apart never meet."""

    def __init__(self, first: int = 1) -> None:
        self._first = first
        self.given = 0

    def __call__(self) -> str:
        """The next."""
        self.given += 1
        return str(UUID(int=self._first + self.given))


def settings_in(folder: Path) -> Settings:
    """Of servers and workers over one store."""
    return Settings(data_dir=folder, secret="0" * 64, poll_interval_s=0, installations_per_minute=1_000_000)


def launch(ids: Ids) -> FirstLaunch:
    """A new phone."""
    return FirstLaunch(ids(), "s" * 40, {"time_zone": "Asia/Kolkata"}, {}, GRANTED)


def beacon(name: str, clock: Clock, ids: Ids) -> dict[str, Any]:
    """Something that somebody did just now."""
    properties = {"item": "patty"} if name == "item_tap" else {"items": [{"item": "patty"}]}
    told = {"id": ids(), "seq": ids.given, "type": "behavior", "name": name, "properties": properties}
    return {**told, "at": iso_utc(clock.now)}


def heard(services: Services, clock: Clock, phone: Any, ids: Ids) -> None:
    """Somebody bought something, and what that triggers waits."""
    services.beacons.accept(SCOPE, Sender(phone.id, GRANTED), Batch([beacon("purchase", clock, ids)]))
    services.messages.heard(SCOPE, phone)


def campaign(**members: Any) -> dict[str, Any]:
    """One that a purchase triggers."""
    return {
        "kind": "triggered",
        "trigger": {"event": "purchase"},
        "channels": ["in_app"],
        "eligible_again": "1s",
        "template": {"en": {"title": "Hello"}},
        **members,
    }


def campaigns(number: int, **members: Any) -> dict[str, Any]:
    """So many that wait for an hour."""
    more: dict[str, Any] = {"delay": "1h", "caps": [{"max": 1, "per": "week"}], "expires_after": "12h"}
    return {
        f"c{n}": campaign(**{**more, "cancel_on": [{"event": "rating"}], **members}) for n in range(number)
    }


def publish(services: Services, campaigns: dict[str, Any], *, a_day: int = 5) -> None:
    """A release with these campaigns, and a cap of so many messages a day."""
    documents = {
        "app.json": {
            "app": "talk",
            "name": "Talk",
            "time_zone": "Asia/Kolkata",
            "locales": ["en"],
            "catalog": {"id": "id", "fields": ["name"]},
            "capabilities": ["in_app", "push"],
        },
        "features.json": {"hello": {"type": "boolean", "default": True}},
        "policy.json": {
            "caps": [{"max": a_day, "per": "day"}],
            "quiet_hours": {"from": "21:30", "to": "08:30"},
            "approvals": {"production": 0},
        },
        "campaigns.json": campaigns,
    }
    files = {name: json.dumps(body).encode() for name, body in documents.items()}
    release = services.releases.create(SCOPE, files, by="bench").release
    live = services.publishing.pointer(SCOPE)
    sequence = live.sequence if live else None
    services.going_live.publish(SCOPE, release.number, by="bench", if_match=sequence)
    services.serving.refresh(SCOPE)
