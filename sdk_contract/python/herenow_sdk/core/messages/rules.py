"""Everything configured about messages, compiled once: campaigns, offers, policy. Specification: 11.2.

A malformed campaign or offer is left out alone, with a report; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from herenow_sdk.core import reading
from herenow_sdk.core.clock import WEEKDAYS
from herenow_sdk.core.conditions import Condition, compile_condition
from herenow_sdk.core.messages.durations import optional_duration
from herenow_sdk.core.messages.patterns import (
    EventPattern,
    MissingEvent,
    Trigger,
    parse_event,
    parse_missing,
    parse_trigger,
)
from herenow_sdk.core.messages.policy import (
    CHANNELS,
    Cap,
    Policy,
    campaign_caps,
    parse_policy,
    ten_thousandths,
    window,
)
from herenow_sdk.core.messages.wording import Wording, read_wording
from herenow_sdk.core.reading import Malformed, Record
from herenow_sdk.core.values import is_truthy
from herenow_sdk.core.windows import EVERY_DAY, Window
from herenow_sdk.core.zones import Zone, parse_zone

MAX_PRIORITY: Final = 100
MAX_KEPT: Final = 8
"""Properties of an event that a message keeps."""

Compiled = TypeVar("Compiled")
PartReport = Callable[[str, str, str], None]
"""Called with a part, where in it a record stands, and why it was left out."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a campaign may speak: between two instants, while the window is open in the zone.

    ``zone`` is ``user`` (the person's own), ``app``, a zone itself, or a name that nobody resolved.
    """

    start: int | None = None
    end: int | None = None
    window: Window | None = None
    zone: Zone | str = "user"


@dataclass(frozen=True, slots=True)
class Offer:
    """An inducement: who may have it, until when, and how often one person may."""

    id: str
    audience: Condition | None = None
    until: int | None = None
    per_person: int | None = None
    reserved: bool = False
    """It has a budget or codes, which are counted in one place: only a server can promise it."""
    told: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Its record, for texts that name it."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One thing a marketer wants said. Lengths in seconds; ``control`` in ten-thousandths.

    ``alone`` says that a device can say it without the server (SPEC 11.13.2).
    """

    id: str
    channels: tuple[str, ...]
    enabled: bool = True
    audience: Condition | None = None
    trigger: Trigger | None = None
    delay: int = 0
    cancel_on: tuple[EventPattern, ...] = ()
    not_followed_by: MissingEvent | None = None
    schedule: Schedule | None = None
    expires_after: int | None = None
    caps: tuple[Cap, ...] = ()
    eligible_again: int | None = None
    priority: int = 0
    tags: frozenset[str] = frozenset()
    ignore_caps: bool = False
    control: int = 0
    offers: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    """Properties of the event that starts it, for its texts."""
    wording: Wording = field(default_factory=Wording, compare=False, repr=False)
    alone: bool = True


@dataclass(frozen=True, slots=True)
class MessageRules:
    """All campaigns and offers by id, the policy, and the attribute paths that conditions of persons read."""

    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    paths: frozenset[str] = frozenset()
    found: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was found out about these rules once, for all decisions by them."""

    @property
    def caps(self) -> Iterator[Cap]:
        """Every cap there is: the policy's, then those of campaigns."""
        yield from self.policy.caps
        for campaign in self.campaigns.values():
            yield from campaign.caps


def parse_messages(
    parts: Mapping[str, Any], saved_groups: Mapping[str, Any], report: PartReport
) -> MessageRules:
    """Compile the parts ``campaigns``, ``offers`` and ``policy``, each ``{name: body}``. Never raises."""

    def to(part: str) -> Callable[[str, str], None]:
        return lambda where, problem: report(part, where, problem)

    campaigns = _each(_body(parts, "campaigns", report), _campaign, saved_groups, to("campaigns"))
    offers = _each(_body(parts, "offers", report), _offer, saved_groups, to("offers"))
    campaigns = {name: replace(each, alone=_is_alone(each, offers)) for name, each in campaigns.items()}
    audiences = [each.audience for each in campaigns.values()] + [each.audience for each in offers.values()]
    paths = frozenset[str]().union(*(audience.paths for audience in audiences if audience is not None))
    return MessageRules(campaigns, offers, parse_policy(_body(parts, "policy", report), to("policy")), paths)


def _each(
    records: Mapping[str, Any],
    parse: Callable[[str, Record, Mapping[str, Any]], Compiled],
    groups: Mapping[str, Any],
    report: Callable[[str, str], None],
) -> dict[str, Compiled]:
    """Every record that can be read. A journey is none of the device's: the server walks it."""
    compiled = {}
    for name, raw in records.items():
        try:
            source = reading.record(raw, "a record")
            if source.get("kind") != "journey":
                compiled[name] = parse(name, source, groups)
        except Malformed as problem:
            report(name, str(problem))
    return compiled


def _campaign(name: str, raw: Record, groups: Mapping[str, Any]) -> Campaign:
    control = ten_thousandths(raw.get("control_percent"), "control_percent")
    delay = optional_duration(raw.get("delay"), "delay")
    enabled = raw.get("enabled")
    return Campaign(
        id=name,
        channels=_channels(raw),
        enabled=True if enabled is None else is_truthy(enabled),
        audience=_audience(raw, groups),
        trigger=parse_trigger(raw.get("trigger"), groups),
        delay=delay or 0,
        cancel_on=tuple(parse_event(each, groups) for each in reading.array(raw, "cancel_on")),
        not_followed_by=parse_missing(raw.get("not_followed_by"), groups),
        schedule=_schedule(raw.get("schedule")),
        expires_after=optional_duration(raw.get("expires_after"), "expires_after"),
        caps=campaign_caps(raw, name),
        eligible_again=optional_duration(raw.get("eligible_again"), "eligible_again"),
        priority=min(max(reading.integer(raw, "priority", 0), 0), MAX_PRIORITY),
        tags=frozenset(_texts(raw, "tags")),
        ignore_caps=is_truthy(raw.get("ignore_caps")),
        control=control,
        offers=tuple(_texts(raw, "offers")),
        keeps=tuple(dict.fromkeys(_texts(raw, "keeps")))[:MAX_KEPT],
        wording=read_wording(raw),
    )


def _offer(name: str, raw: Record, groups: Mapping[str, Any]) -> Offer:
    per_person = None if raw.get("per_person") is None else reading.integer(raw, "per_person")
    until = None if raw.get("valid_until") is None else reading.integer(raw, "valid_until")
    return Offer(name, _audience(raw, groups), until, per_person, is_truthy(raw.get("reserved")), raw)


def _is_alone(campaign: Campaign, offers: Mapping[str, Offer]) -> bool:
    """Whether texts and offers of a campaign need nothing that only a server has."""
    promised = (offers[each] for each in campaign.offers if each in offers)
    return campaign.wording.is_plain and not any(each.reserved for each in promised)


def _channels(raw: Record) -> tuple[str, ...]:
    """The channels we know, in order of preference, each once; one that came later is passed over."""
    known = [each for each in reading.array(raw, "channels") if isinstance(each, str) and each in CHANNELS]
    if not known:
        raise Malformed("'channels' names no channel")
    return tuple(dict.fromkeys(known))


def _audience(raw: Record, groups: Mapping[str, Any]) -> Condition | None:
    """The condition; one that cannot be understood matches nobody (see ``conditions``)."""
    condition = raw.get("audience")
    return None if condition is None else compile_condition(condition, groups)


def _schedule(raw: Any) -> Schedule | None:
    if raw is None:
        return None
    source = reading.record(raw, "'schedule'")
    named = reading.optional_array(source, "days")
    if named is not None and (not named or any(day not in WEEKDAYS for day in named)):
        raise Malformed("'days' are not days of the week")
    start = source.get("at") if source.get("start") is None else source.get("start")
    days = EVERY_DAY if named is None else frozenset(map(WEEKDAYS.index, named))
    windowed = days != EVERY_DAY or source.get("from") is not None or source.get("to") is not None
    return Schedule(
        start=None if start is None else reading.integer({"start": start}, "start"),
        end=None if source.get("end") is None else reading.integer(source, "end"),
        window=window(source, days) if windowed else None,
        zone=_zone(source.get("zone")),
    )


def _zone(raw: Any) -> Zone | str:
    """The zone itself as a release compiles it; ``user`` when absent; a name stays a name."""
    if raw is None or isinstance(raw, str):
        return raw or "user"
    zone = parse_zone(raw)
    if zone is None:
        raise Malformed("'zone' is no zone")
    return zone


def _texts(raw: Record, key: str) -> list[str]:
    return [each for each in reading.array(raw, key) if isinstance(each, str)]


def _body(parts: Any, part: str, report: PartReport) -> Mapping[str, Any]:
    outer = parts.get(part) if isinstance(parts, Mapping) else None
    inner = outer.get(part) if isinstance(outer, Mapping) else None
    empty = isinstance(outer, Mapping) and outer.get(part) is None
    if outer is not None and not empty and not isinstance(inner, Mapping):
        report(part, "", "the part is not an object of records")
    return inner if isinstance(inner, Mapping) else {}
