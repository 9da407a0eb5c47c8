"""Where the item, the place and the offer of a text come from: a text that names one needs a source of it.

A message is about a place when a fence starts it, about an item when its event tells one or when it is
personal, and has an offer when its campaign lists one. A step of a journey brings none of them. Without a
source the name never has a value, so the message is never said; a text that says what to say then is
only doubted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path, shorten, unknown
from herenow.authoring.event_names import event_of
from herenow.authoring.validation.event_texts import properties_of
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.templates.compiled import Template

_GEO_EVENTS: Final = ("fence_entered", "fence_exited", "fence_dwelled", "fence_crossed")
_EXTRA: Final = "extra."


@dataclass(frozen=True, slots=True)
class Sources:
    """What a campaign's message is about: roots of names that have a value, and its own extra values."""

    roots: frozenset[str]
    extra: tuple[str, ...]

    @classmethod
    def of(cls, folder: Folder, campaign: Mapping[str, Any]) -> Sources:
        """The sources of a campaign."""
        told = {"place": _place(campaign), "item": _item(folder, campaign), "offer": "offers" in campaign}
        extra = tuple(sorted(campaign.get("extra", {})))
        return cls(frozenset(root for root, there in told.items() if there), extra)


_EXPECTED: Final[Mapping[str, tuple[str, str]]] = {
    "place": ("no place starts this campaign", "a trigger with fence or fence_group"),
    "item": ("this campaign is about no item", "an event with an item, or a personal campaign"),
    "offer": ("this campaign makes no offer", "an offer of offers.json among its offers"),
}


def check_sources(at: Path, template: Template, sources: Sources) -> Iterator[Problem]:
    """One text: each root without a source once, each extra value that is not there."""
    told = set()
    for name in template.names:
        root = name.path.partition(".")[0]
        if root in _EXPECTED and root not in sources.roots and root not in told:
            told.add(root)
            why, expected = _EXPECTED[root]
            detail = f"{why}, so '{shorten(name.path)}' never has a value"
            problem = Problem("campaigns", at, Fault("NAME_WITHOUT_SOURCE", detail, expected))
            yield warning("campaigns", at, problem.fault) if _says_otherwise(template) else problem
        key = name.path.removeprefix(_EXTRA)
        if key != name.path and key not in sources.extra:
            choices = tuple(f"{_EXTRA}{each}" for each in sources.extra)
            yield Problem("campaigns", at, unknown("UNKNOWN_ATTRIBUTE", "extra value", name.path, choices))


def _says_otherwise(template: Template) -> bool:
    """Whether the text may be said without the value: by a default, or by asking first."""
    return "default" in template.filters or bool(template.tags)


def _place(campaign: Mapping[str, Any]) -> bool:
    trigger = campaign.get("trigger", {})
    return "transition" in trigger or event_of(campaign) in _GEO_EVENTS


def _item(folder: Folder, campaign: Mapping[str, Any]) -> bool:
    if campaign.get("kind") == "personal":
        return True
    event = event_of(campaign)
    known = () if event is None else properties_of(folder, event)
    return event is not None and (not known or "item" in known)
