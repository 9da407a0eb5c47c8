"""The moment of a decision: the person's attributes, what they allow, their clock, how to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from herenow.authoring.zones import contract_zone
from herenow.launch.decision import prepared_for
from herenow.launch.local_time import named_zone
from herenow.launch.serving import ServingSet
from herenow.launch.subjects import subject_of
from herenow.messaging.asking import Moment
from herenow.messaging.following import Following
from herenow.messaging.journeys.compiled import journeys_of
from herenow.messaging.people import Person
from herenow.profiles.installation import Installation
from herenow.profiles.learned.document import NOTHING, Learned
from herenow_sdk.core.messages import LocalClock
from herenow_sdk.core.windows import is_open, next_opening
from herenow_sdk.core.zones import Zone, parse_zone

ALONE: Final = frozenset({"offline", "messages"})
"""The capabilities of a device that is lent slots (SPEC 11.6)."""
DEFAULT_LIFE_S: Final = 86_400
"""How long a courier may try to deliver a message that does not say when it expires."""


def moment_of(
    serving: ServingSet,
    installation: Installation,
    person: Person,
    now: int,
    *,
    reach: frozenset[str],
    present: bool,
    learned: Learned = NOTHING,
    consent: Mapping[str, str] | None = None,
) -> Moment:
    """The moment ``now`` for somebody, by what one installation of theirs last told.

    ``consent`` is what the person allows; without it, what was said on this installation.
    """
    context = installation.context
    prepared = prepared_for(serving, context, subject_of(installation, now, learned), now)
    zone = named_zone(context.get("time_zone"))
    return Moment(
        person=person.seed,
        rules=serving.bundle.messages,
        attributes=prepared.attributes,
        consent=installation.consent if consent is None else consent,
        clock=LocalClock(now, zone_in_contract(zone) if zone else None),
        reach=reach,
        present=present,
        alone=decides_alone(context),
        kill=tuple(serving.pointer.kill),
        journeys=journeys_of(serving),
    )


def following_of(serving: ServingSet, installation: Installation) -> Following:
    """Follows the messages of whoever has this installation, by its clock, else by the app's."""
    rules, zone = serving.bundle.messages, named_zone(installation.context.get("time_zone"))
    known = (zone_in_contract(zone) if zone else None) or rules.policy.zone
    return Following(serving.goals, rules.campaigns, known)


def decides_alone(context: Mapping[str, Any]) -> bool:
    """Whether a device decides about messages by itself, online and offline: it says that it can both."""
    return ALONE.issubset(context.get("capabilities", ()))


@lru_cache(maxsize=1024)
def zone_in_contract(zone: ZoneInfo) -> Zone | None:
    """A named zone as the contract reads it."""
    return parse_zone(contract_zone(zone))


def arrives_until(moment: Moment, channel: str, expires_at: int | None) -> int:
    """When a message must not arrive any more: its expiry, or the beginning of quiet hours before that."""
    now, quiet = moment.clock.now, moment.rules.policy.quiet
    ends = now + DEFAULT_LIFE_S if expires_at is None else expires_at
    zone = moment.clock.zone or moment.rules.policy.zone
    if quiet is None or channel not in quiet.channels or quiet.then == "silent" or zone is None:
        return ends
    if is_open((quiet.window,), zone, now):
        return now
    opens = next_opening((quiet.window,), zone, now)
    return ends if opens is None else min(ends, opens)
