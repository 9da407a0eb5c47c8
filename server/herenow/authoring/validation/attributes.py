"""The attributes that conditions and templates may read: which there are, and of what kind.

Two tables: a *person's* attributes (derived by the evaluator, see ``herenow_sdk.core.attributes``, and by
the profile) and an *item's* (the facets of the catalogue). A first step such as ``intent`` or ``now`` is
reserved: below it everything is known, so a misspelling is an error. Any other name may be an attribute
that the app itself sends: it draws a warning, with ours that it may be a misspelling of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from herenow.authoring.documents.names import CHANNELS, CONSENT, PURPOSES, STAGES, WEEKDAYS
from herenow.authoring.validation.folder import Folder
from herenow_sdk.core.profile.attributes import slug

Kind = Literal["text", "number", "flag", "list", "version", "date", "anything"]

KIND_OF_FACET: Final[Mapping[str, Kind]] = {
    "tags": "list",
    "text": "text",
    "place": "text",
    "number": "number",
    "boolean": "flag",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """What is known of one attribute: kind, the closed set of its values, the facet whose values it holds."""

    kind: Kind
    values: tuple[str, ...] = ()
    facet: str | None = None


_DEVICE: Final[Mapping[str, Attribute]] = {
    **dict.fromkeys(
        ("id", "user_id", "locale", "language", "country", "time_zone", "network"), Attribute("text")
    ),
    "platform": Attribute("text", ("android", "ios", "web")),
    "os_version": Attribute("version"),
    "app_version": Attribute("version"),
    "capabilities": Attribute("list"),
    "device.class": Attribute("text"),
    "device.model": Attribute("text"),
    "device.screen.width": Attribute("number"),
    "device.screen.height": Attribute("number"),
    "device.screen.density": Attribute("number"),
}
_DERIVED: Final[Mapping[str, Attribute]] = {
    "now.hour": Attribute("number"),
    "now.minute": Attribute("number"),
    "now.minute_of_day": Attribute("number"),
    "now.weekday": Attribute("text", WEEKDAYS),
    "now.date": Attribute("text"),
    "lifecycle.days_since_install": Attribute("number"),
    "lifecycle.stage": Attribute("text", STAGES),
    "lifecycle.reason": Attribute("text"),
    **dict.fromkeys(
        (
            "lifecycle.silent_days",
            "lifecycle.due_in_days",
            "lifecycle.frequency",
            "lifecycle.monetary",
            "churn.risk",
            "habit.usual_hour",
        ),
        Attribute("number"),
    ),
    "habit.usual_weekday": Attribute("text", WEEKDAYS),
    "habit.at_usual_place": Attribute("flag"),
    "offer.form": Attribute("text", ("amount", "percentage", "gift", "points")),
    "funnel.stage": Attribute("text", ("seen", "viewed", "carted", "bought")),
    "person.resident": Attribute("flag"),
    **{f"best_time.{channel}.hour": Attribute("number") for channel in ("app", *CHANNELS)},
    **{f"best_time.{channel}.weekday": Attribute("text", WEEKDAYS) for channel in ("app", *CHANNELS)},
    "intent.label": Attribute("text"),
    "intent.confidence": Attribute("number"),
    "intent.place.name": Attribute("text"),
    "acquisition.status": Attribute("text", ("resolved", "pending", "none", "withheld")),
    "acquisition.source": Attribute("text"),
    "acquisition.medium": Attribute("text"),
    "acquisition.campaign": Attribute("text"),
    "acquisition.confidence": Attribute("number"),
    **{f"consent.{purpose}": Attribute("text", CONSENT) for purpose in PURPOSES},
    "here.zones": Attribute("list"),
    "habit.usual_now": Attribute("flag"),
    "habit.next_place": Attribute("text"),
    "person.visiting": Attribute("anything"),
}
DERIVED_ROOTS: Final = frozenset({path.partition(".")[0] for path in _DERIVED} | {"affinity", "events"})
"""First steps below which only herenow knows anything; whatever else there is an app can say itself."""
_LEARNED: Final = ("habit", "here", "person")  # below these the profile may know more than is listed
_COUNT: Final = re.compile(r"events\.[A-Za-z][A-Za-z0-9_-]*\.count_[1-9][0-9]{0,2}[dh]")
_AFFINITY: Final = re.compile(r"affinity\.([a-z][a-z0-9_]*)\.[a-z0-9][a-z0-9_-]*")
_ANYTHING: Final = Attribute("anything")


@dataclass(frozen=True)
class Attributes:
    """A table of attributes. ``closed`` means that nothing else exists, ``reserved`` are first steps."""

    known: Mapping[str, Attribute]
    reserved: frozenset[str] = frozenset()
    closed: bool = False
    facets: frozenset[str] = field(default=frozenset())

    def find(self, path: str) -> Attribute | None:
        """The attribute at a dotted path, None when there is none."""
        if path in self.known:
            return self.known[path]
        if path.partition(".")[0] in _LEARNED and not self.closed and path.count("."):
            return _ANYTHING
        if self.closed:
            return None
        affinity = _AFFINITY.fullmatch(path)
        if _COUNT.fullmatch(path) or (affinity and affinity.group(1) in self.facets):
            return Attribute("number")
        return _ANYTHING if any(name.startswith(path + ".") for name in self.known) else None

    def is_reserved(self, path: str) -> bool:
        """Whether everything below the path's first step is known, so that ``path`` must be wrong."""
        return self.closed or path.partition(".")[0] in self.reserved

    def choices(self, path: str) -> tuple[str, ...]:
        """What may have been meant, best guesses in: paths of the same beginning, or else all."""
        root = path.partition(".")[0]
        candidates = list(self.known)
        candidates += [
            f"affinity.{facet}.{slug(path.rpartition('.')[2])}" for facet in self.facets if root == "affinity"
        ]
        if path.startswith("events."):
            candidates.append(f"events.{path.split('.')[1]}.count_30d")
        below = sorted(name for name in candidates if name.startswith(root + "."))
        return tuple(below or sorted(candidates))


def person_attributes(folder: Folder) -> Attributes:
    """The attributes of a person, a device and a moment."""
    intents = {
        f"intent.{name}": Attribute("list", facet=name)
        for name, facet in folder.facets.items()
        if facet.get("intent")
    }
    known = {**_DEVICE, **_DERIVED, **intents}
    roots = {path.partition(".")[0] for path in known if "." in path} | {"affinity", "events"}
    return Attributes(known, frozenset(roots), facets=frozenset(folder.names("facet") or ()))


def item_attributes(folder: Folder) -> Attributes:
    """The attributes of an item: its id and its facets."""
    facets = {name: _of_facet(name, facet.get("type", "")) for name, facet in folder.facets.items()}
    undecided = {name: _ANYTHING for name in folder.names("facet") or () if name not in facets}
    return Attributes({"id": Attribute("text"), **facets, **undecided}, closed=True)


def value_attributes(kind: Kind) -> Attributes:
    """The one attribute ``value``: another feature's value."""
    return Attributes({"value": Attribute(kind)}, closed=True)


def _of_facet(name: str, facet_type: str) -> Attribute:
    kind = KIND_OF_FACET.get(facet_type, "anything")
    return Attribute(kind, facet=name if kind in {"list", "text"} else None)
