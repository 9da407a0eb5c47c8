"""Campaigns and offers: what their kind needs is there, and nothing contradicts it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.documents.names import WEEKDAYS
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.journeys import said_by_journeys
from herenow.authoring.validation.moments import seconds
from herenow.authoring.validation.present import how_many, whom
from herenow.authoring.validation.select import records, texts

_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "mass": ("schedule", "channels", "template"),
    "triggered": ("trigger", "channels", "template"),
    "personal": ("candidates", "channels", "template"),
    "journey": ("steps",),
}
_ONLY_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "trigger": ("triggered", "journey", "personal"),
    "not_followed_by": ("triggered",),
    "delay": ("triggered",),
    "steps": ("journey",),
    "candidates": ("personal",),
}
_STARTS: Final = ("event", "sequence", "fence", "fence_group", "lifecycle")
_LESS_THAN_A_PUSH: Final = "a trigger, or the channel in_app"
_FORMS: Final = ("amount", "percentage", "gift", "points")


def check(folder: Folder) -> Iterator[Problem]:
    """Every campaign and every offer."""
    said = said_by_journeys(folder.document("campaigns"))
    for at, campaign in records(folder.document("campaigns"), "*"):
        yield from _kind(at, campaign, said)
        yield from _trigger(at, campaign.get("trigger", {}))
        yield from _expiry(at, campaign)
        yield from _hour(at, campaign.get("schedule", {}))
        yield from _reach(folder, at, campaign)
    for at, offer in records(folder.document("offers"), "*"):
        yield from _form(folder, at, offer)
        yield from _code(at, offer)
    yield from _unused_offers(folder)


def _kind(at: Path, campaign: Mapping[str, Any], said: Collection[str]) -> Iterator[Problem]:
    kind = campaign.get("kind")
    if kind is None:
        return
    for member in _NEEDED[kind]:
        if member not in campaign and not (member == "trigger" and at[-1] in said):
            yield Problem(
                "campaigns", at, Fault("MISSING_FIELD", f"a {kind} campaign needs {member}", member)
            )
    for member, kinds in _ONLY_FOR.items():
        if member in campaign and kind not in kinds:
            fault = Fault("WRONG_KIND", f"a {kind} campaign has no {member}", f"kind {' or '.join(kinds)}")
            yield Problem("campaigns", (*at, member), fault)


def _trigger(at: Path, trigger: Mapping[str, Any]) -> Iterator[Problem]:
    if not trigger:
        return
    where = (*at, "trigger")
    starts = [name for name in _STARTS if name in trigger]
    if len(starts) != 1:
        detail = f"{' and '.join(starts)} start it" if starts else "nothing starts it"
        yield Problem(
            "campaigns", where, Fault("WRONG_TRIGGER", detail, f"exactly one of: {', '.join(_STARTS)}")
        )
    at_fence = "fence" in trigger or "fence_group" in trigger
    if at_fence and "transition" not in trigger:
        fault = Fault("MISSING_FIELD", "what happens at the fence is missing", "transition")
        yield Problem("campaigns", where, fault)
    if "transition" in trigger and not at_fence:
        fault = Fault("WRONG_TRIGGER", "a transition happens at a fence", "fence or fence_group")
        yield Problem("campaigns", (*where, "transition"), fault)
    if "minutes" in trigger and trigger.get("transition", "dwell") != "dwell":
        fault = Fault("WRONG_TRIGGER", "only dwelling takes minutes", '"transition": "dwell"')
        yield Problem("campaigns", (*where, "minutes"), fault)
    if ("count" in trigger) != ("within" in trigger) and "sequence" not in trigger:
        fault = Fault("MISSING_FIELD", "a count needs a window, a window a count", "count and within")
        yield Problem("campaigns", where, fault)


def _expiry(at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    expires = campaign.get("expires_after")
    if expires is None and {"push", "sms", "email"} & set(campaign.get("channels", ())):
        fault = Fault(
            "NEVER_EXPIRES", "a message held back would be sent however late", 'expires_after, such as "12h"'
        )
        yield warning("campaigns", at, fault)
    if expires is not None and "delay" in campaign and seconds(campaign["delay"]) >= seconds(expires):
        detail = f"it is over ({expires}) before it is due ({campaign['delay']})"
        yield Problem(
            "campaigns", (*at, "expires_after"), Fault("EXPIRES_TOO_SOON", detail, "longer than the delay")
        )


def _hour(at: Path, schedule: Mapping[str, Any]) -> Iterator[Problem]:
    if "fallback" in schedule and not schedule.get("best_time"):
        fault = Fault("MISSING_FIELD", "a fallback is for those without a best time", '"best_time": true')
        yield Problem("campaigns", (*at, "schedule", "fallback"), fault)


def _reach(folder: Folder, at: Path, campaign: Mapping[str, Any]) -> Iterator[Problem]:
    """Out of context a push is rarely welcome, and one to everybody at once hardly ever."""
    if campaign.get("kind") == "mass" and "push" in campaign.get("channels", ()):
        often = _how_often(campaign.get("schedule", {}))
        detail = f"pushes to {whom(folder, campaign)} at once, {often}, whatever they are doing"
        number = how_many(folder.present.reach(), {**campaign, "channels": ["push"]})
        fault = Fault("MASS_PUSH", detail + (f": {number}" if number else ""), _LESS_THAN_A_PUSH)
        yield warning("campaigns", (*at, "channels"), fault)


def _how_often(schedule: Mapping[str, Any]) -> str:
    if "at" in schedule:
        return "once"
    days = len(schedule.get("days", WEEKDAYS))
    return "every day" if days == len(WEEKDAYS) else f"{days} {'day' if days == 1 else 'days'} a week"


def _form(folder: Folder, at: Path, offer: Mapping[str, Any]) -> Iterator[Problem]:
    form = offer.get("form")
    if form is None:
        return
    if form not in offer:
        yield Problem("offers", at, Fault("MISSING_FIELD", f"the form {form} needs {form}", form))
    for member in _FORMS:
        if member != form and member in offer:
            fault = Fault("WRONG_FORM", f"an offer of the form {form} has no {member}", f'"form": "{member}"')
            yield Problem("offers", (*at, member), fault)
    own = folder.document("app").get("currency")
    if form == "amount" and "currency" not in offer and own is None and "app" not in folder.unreadable:
        fault = Fault("MISSING_FIELD", "an amount needs a currency", "currency, here or in app.json")
        yield Problem("offers", at, fault)


def _code(at: Path, offer: Mapping[str, Any]) -> Iterator[Problem]:
    code = offer.get("code")
    if code is None:
        return
    if len(code) != 1:
        fault = Fault("WRONG_CODE", "a code is one for all, or one each", "exactly one of: fixed, pool")
        yield Problem("offers", (*at, "code"), fault)
    if "pool" in code and (code["pool"].startswith("/") or ".." in code["pool"].split("/")):
        fault = Fault("OUTSIDE_FOLDER", f"'{code['pool']}' leaves the folder", "a file in the folder")
        yield Problem("offers", (*at, "code", "pool"), fault)


def _unused_offers(folder: Folder) -> Iterator[Problem]:
    if "campaigns" in folder.unreadable:
        return
    used = {name for _, name in texts(folder.document("campaigns"), "*/offers/*")}
    for at, name in texts(folder.document("offers"), "~"):
        if name not in used:
            fault = Fault("UNUSED_OFFER", f"no campaign offers '{name}'", "a campaign that does")
            yield warning("offers", at, fault)
