"""Names of events: one that nobody knows and that is written almost like one we know is doubted.

An app may tell events that it never declared, so an unknown name alone is no mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.conditions import tests_of
from herenow.authoring.validation.findings import Problem, nearest, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records, select, texts
from herenow.beacons.kinds import KINDS

_EVENTS: Final = (
    ("campaigns", "*/trigger/event"),
    ("campaigns", "*/trigger/sequence/*/event"),
    ("campaigns", "*/cancel_on/*/event"),
    ("campaigns", "*/not_followed_by/event"),
    ("campaigns", "*/steps/*/wait_for/event"),
    ("campaigns", "*/goal/event"),
    ("offers", "*/redemption/event"),
)
_CONDITIONS: Final = (
    ("audiences", "*/condition"),
    ("features", "*/rules/*/condition"),
    ("campaigns", "*/steps/*/condition"),
)
_COUNTED: Final = re.compile(r"events\.([A-Za-z][A-Za-z0-9_-]*)\.")
_ALIKE: Final = 0.8
"""From which likeness on a name is taken for a slip; ``item_shared`` and ``item_share`` come to 0.95."""


def check(folder: Folder) -> Iterator[Problem]:
    """Every name of an event, and triggers that keep themselves from speaking."""
    if "app" not in folder.unreadable:
        known = known_events(folder)
        for document, at, event in _named(folder):
            if likely := _slip(event, known):
                detail = f"nobody knows the event '{event}'"
                expected = f"'{likely}', or '{event}' declared among events of app.json"
                yield warning(document, at, Fault("UNKNOWN_EVENT", detail, expected, event, known))
    for at, campaign in records(folder.document("campaigns"), "*"):
        yield from _against_itself(at, campaign)


def known_events(folder: Folder) -> tuple[str, ...]:
    """Those of herenow and those that the app declares, sorted."""
    ours = {kind.name for kind in KINDS if kind.name is not None}
    return tuple(sorted({*ours, *folder.document("app").get("events", {})}))


def _named(folder: Folder) -> Iterator[tuple[str, Path, str]]:
    for document, path in _EVENTS:
        for at, event in texts(folder.document(document), path):
            yield document, at, event
    for document, path in _CONDITIONS:
        for at, condition in select(folder.document(document), path):
            for test in tests_of(condition, at):
                if found := _COUNTED.match(test.attribute):
                    yield document, test.attribute_path, found[1]


def _slip(event: str, known: tuple[str, ...]) -> str | None:
    likely = None if event in known else nearest(event, known)
    alike = likely and SequenceMatcher(None, event.casefold(), likely.casefold()).ratio() >= _ALIKE
    return likely if alike else None


def _against_itself(at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """What starts it must not be what keeps it from speaking: then only the very last time could."""
    trigger, missing = campaign.get("trigger", {}), campaign.get("not_followed_by", {})
    if "event" not in trigger or trigger["event"] != missing.get("event"):
        return
    if trigger.get("condition") == missing.get("condition"):
        detail = f"'{trigger['event']}' both starts it and keeps it from speaking"
        expected = f"another event; to wait until they end, '{trigger['event']}' in cancel_on, and a delay"
        fault = Fault("CONTRADICTS_TRIGGER", detail, expected)
        yield Problem("campaigns", (*at, "not_followed_by", "event"), fault)
