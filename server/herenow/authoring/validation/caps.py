"""Caps against caps: one that is said twice, and one that another never lets be reached.

Every cap is held against every other that counts at least the same messages: the policy's against each
other, a campaign's own against each other and against the policy's that count it, in whatever order they
stand. What another allows within one window of a cap is the most that can come; where that is no more than
the cap itself, the cap never binds. Calendar windows may be as long as a month with a clock set back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import records
from herenow_sdk.core.messages.durations import Period, period

_AGAIN: Final = "eligible_again"
HOUR_S: Final = 3600
DAY_S: Final = 24 * HOUR_S
_LONGEST_S: Final = {
    "hour": HOUR_S,
    "day": DAY_S + HOUR_S,
    "week": 7 * DAY_S + HOUR_S,
    "month": 31 * DAY_S + HOUR_S,
}
_SHORTEST_S: Final = {
    "hour": HOUR_S,
    "day": DAY_S - HOUR_S,
    "week": 7 * DAY_S - HOUR_S,
    "month": 28 * DAY_S - HOUR_S,
}
_WITHIN: Final = {
    ("hour", "day"): 25,
    ("hour", "week"): 7 * 24 + 1,
    ("hour", "month"): 31 * 24 + 1,
    ("day", "week"): 7,
    ("day", "month"): 31,
}
"""How many of the shorter a longer calendar unit holds at most; a week lies within no month."""


@dataclass(frozen=True, slots=True)
class Bound:
    """At most ``most`` messages in a period to one person, of those that it counts; ``None`` is all."""

    document: str
    path: Path
    most: int
    period: Period
    channel: str | None = None
    tag: str | None = None
    campaign: str | None = None
    each_place: bool = False

    @property
    def words(self) -> str:
        """Where it stands."""
        return f"{self.document}.json/{'/'.join(map(str, self.path))}"

    def covers(self, other: Bound) -> bool:
        """Whether it counts every message that the other counts."""
        narrow = (
            (self.channel, other.channel),
            (self.tag, other.tag),
            (self.campaign, other.campaign),
        )
        return all(own in (None, its) for own, its in narrow) and (other.each_place or not self.each_place)

    def same_as(self, other: Bound) -> bool:
        """Whether both say the same of the same messages, but for the number; two documents never do."""
        alike = self.document == other.document and self.period == other.period
        return alike and self.covers(other) and other.covers(self)

    def most_within(self, length: Period) -> int:
        """The most messages that it lets come in one window of a period."""
        return self.most * _windows(self.period, length)


def check(folder: Folder) -> Iterator[Problem]:
    """The policy's caps, then every campaign's own."""
    policy = tuple(bounds("policy", (), folder.document("policy")))
    own = {
        str(at[-1]): (campaign, tuple(_of_campaign(at, campaign)))
        for at, campaign in records(folder.document("campaigns"), "*")
    }
    for cap in policy:
        named = own.get(cap.campaign or "")
        yield from _judged(cap, (*policy, *(named[1] if named else ())))
    for campaign, caps in own.values():
        shared = () if campaign.get("ignore_caps") else tuple(_counting(policy, campaign))
        for cap in caps:
            if cap.path[-1] != _AGAIN:
                yield from _judged(cap, (*caps, *shared))


def bounds(
    document: str, at: Path, record: Mapping[str, Any], campaign: str | None = None
) -> Iterator[Bound]:
    """The caps of a record that can be read."""
    for path, cap in records(record, "caps/*"):
        if "max" in cap and "per" in cap:
            channel = cap.get("channel", "any")
            yield Bound(
                document,
                (*at, *path),
                int(cap["max"]),
                period(cap["per"], cap.get("window")),
                None if channel == "any" else channel,
                cap.get("tag"),
                campaign or cap.get("campaign"),
                "place" in cap,
            )


def _of_campaign(at: Path, campaign: Mapping[str, Any]) -> Iterator[Bound]:
    """A campaign's caps, and ``eligible_again``, which lets one message come in its length."""
    yield from bounds("campaigns", at, campaign, str(at[-1]))
    if _AGAIN in campaign:
        again = period(campaign[_AGAIN], "rolling")
        yield Bound("campaigns", (*at, _AGAIN), 1, again, campaign=str(at[-1]))


def _counting(policy: tuple[Bound, ...], campaign: Mapping[str, Any]) -> Iterator[Bound]:
    """The policy's caps that count every message of a campaign, as if they were over it alone."""
    channels, tags = set(campaign.get("channels", ())), set(campaign.get("tags", ()))
    for cap in policy:
        on_all = cap.channel is None or channels == {cap.channel}
        if on_all and (cap.tag is None or cap.tag in tags):
            yield Bound(
                cap.document, cap.path, cap.most, cap.period, None, None, cap.campaign, cap.each_place
            )


def _judged(cap: Bound, others: tuple[Bound, ...]) -> Iterator[Problem]:
    """What is doubtful about one cap. Of two that say the same, the later one is told."""
    before = True
    for other in others:
        if other.path == cap.path and other.document == cap.document:
            before = False
        elif other.same_as(cap):
            if before:
                detail = f"the same is already capped over the same period: {other.words}"
                yield warning(cap.document, cap.path, Fault("REPEATED_CAP", detail, "one cap"))
                return
        elif other.covers(cap) and (most := other.most_within(cap.period)) <= cap.most:
            if cap.covers(other) and not before and cap.most_within(other.period) <= other.most:
                continue
            detail = f"{other.words} never lets more than {most} come in its time"
            fault = Fault("CAP_NEVER_BINDS", detail, f"max below {most}" if most else "no cap of its own")
            yield warning(cap.document, cap.path, fault)
            return


def _windows(held: Period, length: Period) -> int:
    """How many windows of ``held`` one window of ``length`` can touch at most."""
    if held.unit is None:
        return ceil(_longest(length) / held.seconds)
    if length.unit == held.unit:
        return ceil(length.count / held.count)
    if length.unit is not None and length.count == 1 and (length.unit, held.unit) in _WITHIN:
        return 1
    units = _WITHIN.get((held.unit, length.unit or ""))
    if units is None:
        return ceil((ceil(_longest(length) / _SHORTEST_S[held.unit]) + 1) / held.count)
    return ceil(units * length.count / held.count)


def _longest(length: Period) -> int:
    return length.seconds if length.unit is None else _LONGEST_S[length.unit] * length.count
