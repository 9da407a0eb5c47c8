"""How often people could be spoken to: caps that silence, campaigns that could reach everybody hourly.

What one person could get of a campaign in a day is the least that its limits allow: its own caps, the
policy's that count it, ``eligible_again``, how often it can begin; without limits of its own a campaign says
its message once. An audience makes it fewer people and not fewer messages, so only one that lists people one
by one is quiet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.moments import seconds
from herenow.authoring.validation.present import how_many, whom
from herenow.authoring.validation.select import records

DAY_S: Final = 86_400
HOURLY: Final = 24
"""Messages a day and person from which on a campaign to everybody is doubted."""
_ONE_BY_ONE: Final = ("id", "user_id")
_LISTS: Final = frozenset({"$eq", "$in"})
_PERIODS: Final = {"hour": "1h", "day": "1d", "week": "1w", "month": "30d"}


def check(folder: Folder) -> Iterator[Problem]:
    """The caps of the policy and of every campaign."""
    caps = [cap for _, cap in records(folder.document("policy"), "caps/*")]
    yield from _silencing("policy", (), folder.document("policy"))
    for at, campaign in records(folder.document("campaigns"), "*"):
        yield from _silencing("campaigns", at, campaign)
        yield from _hourly(folder, at, campaign, caps)


def a_day(name: str, campaign: Mapping[str, Any], policy_caps: list[dict[str, Any]]) -> float | None:
    """The most messages of a campaign that one person could get in a day; ``None`` when it is one ever."""
    own = [_rate(cap) for cap in campaign.get("caps", ()) if "max" in cap and "per" in cap]
    again = [DAY_S / seconds(campaign["eligible_again"])] if "eligible_again" in campaign else []
    if not own and not again:
        return None
    counted = (
        [] if campaign.get("ignore_caps") else [cap for cap in policy_caps if _counts(cap, name, campaign)]
    )
    return min([*own, *again, *map(_rate, counted), *_started(campaign)])


def _started(campaign: Mapping[str, Any]) -> Iterator[float]:
    """What its beginnings allow.

    A personal one is considered once a day, a stage begins once a day, and while one waits at a place no
    other begins there.
    """
    trigger = campaign.get("trigger", {})
    if campaign.get("kind") == "personal" or "lifecycle" in trigger:
        yield 1.0
    waits = [campaign.get("delay"), campaign.get("not_followed_by", {}).get("within")]
    longest = max((seconds(each) for each in waits if each), default=0)
    if longest and ("transition" not in trigger or "fence" in trigger):
        yield DAY_S / longest


def _hourly(
    folder: Folder, at: Path, campaign: Mapping[str, Any], policy_caps: list[dict[str, Any]]
) -> Iterator[Problem]:
    if campaign.get("kind") not in {"triggered", "personal"} or _names_people(folder, campaign):
        return
    most = a_day(str(at[-1]), campaign, policy_caps)
    if most is None or most < HOURLY:
        return
    often = f"up to {most:,.0f} messages a day to each person"
    detail = f"{whom(folder, campaign)} could get it every hour: {often}"
    reach = folder.present.reach()
    if reach is not None:
        number = reach.by(campaign.get("channels", ()))
        detail += f", {most * number:,.0f} in all to {how_many(reach, campaign)}"
    fault = Fault("EVERYBODY_HOURLY", detail, "a stricter cap, the policy's caps, or a longer eligible_again")
    where = (*at, "ignore_caps") if campaign.get("ignore_caps") else at
    yield warning("campaigns", where, fault)


def _names_people(folder: Folder, campaign: Mapping[str, Any]) -> bool:
    """Whether its audience lists people one by one, so that it cannot be everybody."""
    audiences, name = folder.document("audiences"), campaign.get("audience")
    for _ in range(len(audiences) if isinstance(audiences, Mapping) else 0):
        audience = audiences.get(name, {})
        if _lists_people(audience.get("condition", {})):
            return True
        name = audience.get("audience")
    return False


def _lists_people(condition: Any) -> bool:
    if not isinstance(condition, Mapping):
        return False
    if any(_lists_people(each) for each in condition.get("$and", ())):
        return True
    named = [condition[each] for each in _ONE_BY_ONE if each in condition]
    return any(
        isinstance(each, str) or (isinstance(each, Mapping) and _LISTS & each.keys()) for each in named
    )


def _silencing(document: str, at: Path, record: Mapping[str, Any]) -> Iterator[Problem]:
    for path, cap in records(record, "caps/*"):
        if cap.get("max") == 0:
            whom = _silenced(cap) if document == "policy" else "this campaign"
            fault = Fault("CAP_SILENCES", f"0 messages are allowed: it silences {whom}", "a max above 0")
            yield warning(document, (*at, *path, "max"), fault)


def _silenced(cap: Mapping[str, Any]) -> str:
    if "campaign" in cap:
        return f"the campaign '{cap['campaign']}'"
    if "tag" in cap:
        return f"everything tagged '{cap['tag']}'"
    return "every campaign" if cap.get("channel", "any") == "any" else f"everything on {cap['channel']}"


def _rate(cap: Mapping[str, Any]) -> float:
    """Messages a day."""
    return float(cap["max"]) * DAY_S / seconds(_PERIODS.get(cap["per"], cap["per"]))


def _counts(cap: Mapping[str, Any], name: str, campaign: Mapping[str, Any]) -> bool:
    """Whether a cap of the policy bounds the campaign on every channel that it has."""
    if "max" not in cap or "per" not in cap or "place" in cap:
        return False
    on_all = cap.get("channel", "any") == "any" or set(campaign.get("channels", ())) == {cap["channel"]}
    tagged = "tag" not in cap or cap["tag"] in campaign.get("tags", ())
    return on_all and tagged and cap.get("campaign", name) == name
