"""Campaigns for phones, and what people do about them."""

from typing import Any

from tests.sdk_contract.client.apps import launched
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED, Backend, Phones

from herenow_sdk.client import Herenow

CAPABLE = ("features", "placements", "messages", "geofence")
AGREED = {**GRANTED, "in_app": "granted", "local_notification": "granted"}
INSIDE = (19.2098, 72.83151)


def campaign(title: str = "Hello", **changes: Any) -> dict[str, Any]:
    """A campaign on the screen after a tap, once ever; ``changes`` to it."""
    return {
        "kind": "triggered",
        "trigger": {"event": "tap"},
        "channels": ["in_app"],
        "expires_after": "12h",
        "template": {"en": {"title": title}},
        **changes,
    }


def publish(backend: Backend, campaigns: dict[str, Any], **policy: Any) -> None:
    """Put these campaigns live, and a policy of nothing but what is named."""

    def policed(document: dict[str, Any]) -> None:
        for name in ("caps", "quiet_hours", "holdout"):
            document.pop(name, None)
        document.update(policy)

    def said(document: dict[str, Any]) -> None:
        document.clear()
        document.update(campaigns)

    backend.publish({"campaigns.json": said, "policy.json": policed})


def talking(phones: Phones, name: str = "phone", **changes: Any) -> Herenow:
    """An app that shows messages by itself, launched, with its rules."""
    app = launched(phones, name, **{"capabilities": CAPABLE, **changes})
    app.set_consent(AGREED)
    assert app.refresh(within_s=10)
    return app


def reopened(phones: Phones, name: str = "phone") -> Herenow:
    """The app opened again after it was killed."""
    app = phones.open(name, capabilities=CAPABLE)
    app.start(CONTEXT, FOUND)
    return app


def titles(app: Herenow, slot: str | None = None) -> list[str]:
    """What is shown now."""
    return [each.content["title"] for each in app.messages.due(slot)]


def reasons(app: Herenow) -> list[str]:
    """Why, the latest last."""
    return [each["reason"] for each in app.messages.why()]


def shown_beacons(app: Herenow) -> list[dict[str, Any]]:
    """The properties of what waits to be told of shown messages."""
    waiting = [each.beacon for each in app._device.mailbox.outbox.queued]
    return [each["properties"] for each in waiting if (each["type"], each["name"]) == ("message", "shown")]
