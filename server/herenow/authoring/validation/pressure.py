"""How often people could be spoken to: caps that silence, campaigns that could reach everybody hourly.

What one person could get of a campaign in a day is the least that its limits allow: its own caps, the
policy's that count it, ``eligible_again``; a campaign without any says its message once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.moments import seconds
from herenow.authoring.validation.select import records

DAY_S: Final = 86_400
HOURLY: Final = 24
"""Messages a day and person from which on a campaign to everybody is doubted."""
_PERIODS: Final = {"hour": "1h", "day": "1d", "week": "1w", "month": "30d"}


def check(folder: Folder) -> Iterator[Problem]:
    """The caps of the policy and of every campaign."""
    caps = [cap for _, cap in records(folder.document("policy"), "caps/*")]
    yield from _silencing("policy", (), folder.document("policy"))
    for at, campaign in records(folder.document("campaigns"), "*"):
        yield from _silencing("campaigns", at, campaign)
        yield from _hourly(at, campaign, caps)


def a_day(name: str, campaign: Mapping[str, Any], policy_caps: list[dict[str, Any]]) -> float | None:
    """The most messages of a campaign that one person could get in a day; ``None`` when it is one ever."""
    own = [_rate(cap) for cap in campaign.get("caps", ()) if "max" in cap and "per" in cap]
    again = [DAY_S / seconds(campaign["eligible_again"])] if "eligible_again" in campaign else []
    if not own and not again:
        return None
    counted = (
        [] if campaign.get("ignore_caps") else [cap for cap in policy_caps if _counts(cap, name, campaign)]
    )
    return min([*own, *again, *map(_rate, counted)])


def _hourly(at: Path, campaign: Mapping[str, Any], policy_caps: list[dict[str, Any]]) -> Iterator[Problem]:
    if campaign.get("kind") not in {"triggered", "personal"} or "audience" in campaign:
        return
    most = a_day(str(at[-1]), campaign, policy_caps)
    if most is not None and most >= HOURLY:
        detail = f"everybody could get it every hour: up to {most:,.0f} messages a day to each person"
        fault = Fault("EVERYBODY_HOURLY", detail, "an audience, a stricter cap, or the policy's caps")
        where = (*at, "ignore_caps") if campaign.get("ignore_caps") else at
        yield warning("campaigns", where, fault)


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
