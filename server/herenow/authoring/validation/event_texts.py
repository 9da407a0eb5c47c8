"""What texts may name of the event that starts their campaign: ``{{event.price}}``, by the event's schema.

Only single values are kept with a message, and no text of a search: lists, places and ``query`` cannot be
named. An event that nobody declared may have any property, so there a name is doubted, not refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path, shorten, unknown
from herenow.authoring.event_names import ROOT, event_of, named_of_event
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.beacons.kinds import KINDS
from herenow.beacons.properties import Either, Many, Members, Rule
from herenow_sdk.core.messages.rules import MAX_KEPT

CODE: Final = "UNKNOWN_EVENT_PROPERTY"
_NEVER: Final = frozenset({"query"})
"""What somebody searched for is kept for its own purpose, not repeated in messages."""
_LISTS: Final = frozenset({"texts"})


def check_name(folder: Folder, at: Path, path: str, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """A name below ``event``."""
    event = event_of(campaign)
    if event is None:
        detail = f"no event starts this campaign, so '{shorten(path)}' never has a value"
        yield Problem("campaigns", at, Fault(CODE, detail, "a trigger with an event or a sequence"))
        return
    name = path.removeprefix(ROOT)
    known = properties_of(folder, event)
    if name in known:
        return
    if not known:
        detail = f"nothing is known of the properties of '{event}'"
        expected = f"'{shorten(name)}' declared among events.{event}.properties of app.json"
        yield warning("campaigns", at, Fault(CODE, detail, expected))
        return
    choices = tuple(f"{ROOT}{each}" for each in known)
    fault = unknown(CODE, f"single value of '{event}'", path, choices)
    expected = f"{fault.expected}; others are declared among events of app.json"
    yield Problem("campaigns", at, Fault(CODE, fault.detail, expected, path, choices))


def check_number(at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """No campaign names more than a message keeps."""
    named = named_of_event(campaign)
    if len(named) > MAX_KEPT:
        detail = f"the texts name {len(named)} properties of the event"
        yield Problem("campaigns", at, Fault("TOO_MANY_NAMED", detail, f"at most {MAX_KEPT}"))


def properties_of(folder: Folder, event: str) -> tuple[str, ...]:
    """The single values of an event, sorted: as herenow knows it, and as the app declares it."""
    declared = folder.document("app").get("events", {}).get(event, {}).get("properties", {})
    names = {name for name, told in declared.items() if told.get("type") not in _LISTS}
    for kind in KINDS:
        if kind.name == event:
            names |= {name for name, each in kind.members.by_name.items() if _is_single(each.rule)}
    return tuple(sorted(names - _NEVER))


def _is_single(rule: Rule) -> bool:
    return not isinstance(rule, Many | Either | Members)
