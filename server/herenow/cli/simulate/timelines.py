"""What three people got, day by day, and why not more: out of the ledger, and of what they did with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from herenow.cli.simulate.ledger import people_of
from herenow.cli.simulate.staging import Stage
from herenow.messaging.records import Record, records_of
from herenow.simulation.days import World
from herenow.simulation.lives import Life
from herenow.simulation.reacting import Shown
from herenow.simulation.wall_clock import wall

_LABEL: Final = 13
_MOST: Final = 10
"""Lines of what somebody got, and of why not more."""
_WIN_BACK: Final = "at_risk"
REASONS: Final[Mapping[str, str]] = {
    "SHOWN": "said",
    "SHOWN_SILENTLY": "said without a sound",
    "DISABLED": "the campaign is off",
    "UNKNOWN_CAMPAIGN": "the campaign is gone",
    "CANCELLED": "what they did called it off",
    "FOLLOWED": "they did it without being asked",
    "LATE_TRIGGER": "it was heard of too late",
    "DELAYED": "its delay",
    "AWAITING_EVENT": "it is seen whether they do it anyway",
    "AUDIENCE_MISMATCH": "it is not for them",
    "NOT_ELIGIBLE_AGAIN": "they had it already",
    "NO_OFFER": "none of its offers was to be had",
    "NO_CONSENT": "they do not allow its channels",
    "EXPIRED": "its time was over before they could be reached",
    "SCHEDULE_ENDED": "its schedule was over",
    "EXPIRES_HELD": "its time would be over before it may be said",
    "HOLDOUT": "they are held out of all messages, for comparison",
    "CONTROL_GROUP": "they are kept from it, for comparison",
    "CAPPED": "they had enough messages",
    "NOT_LEASED": "their phone had no slot of the cap",
    "QUIET_HOURS": "until quiet hours are over",
    "QUIET_DROPPED": "it was quiet",
    "ZONE_UNKNOWN": "nobody knew whether it was night",
    "OUTSIDE_SCHEDULE": "until its hours",
    "COOL_DOWN": "so soon after another message",
    "OUTRANKED": "another message was more urgent",
    "PACED": "others came first",
    "BEST_TIME": "until their best hour",
    "NO_ADDRESS": "there was no address",
    "NOTHING_FITS": "nothing was good enough for them",
}
"""Why, as a marketer says it, of every code of the contract's."""


@dataclass(frozen=True, slots=True)
class Story:
    """One person with all decisions about messages to them, the oldest first, and what they did with each."""

    life: Life
    records: Sequence[Record]
    reactions: Mapping[str, Shown]

    @property
    def said(self) -> list[Record]:
        """What was said to them."""
        return [each for each in self.records if each.told["outcome"] == "show"]

    @property
    def kept_back(self) -> bool:
        """Whether anything was kept from them for comparison."""
        return any(each.told["outcome"] == "control" for each in self.records)


def stories(stage: Stage, world: World) -> list[Story]:
    """Everybody of whom anything was decided and who is still there."""
    records: dict[int, list[Record]] = {}
    for number, person in people_of(stage, world):
        records.setdefault(number, []).extend(records_of(stage.services.documents, person))
    reactions = {each.message: each for each in world.shown}
    return [
        Story(life, sorted(records[number], key=lambda each: each.decided_at), reactions)
        for number, life in ((life.person.number, life) for life in world.lives)
        if records.get(number)
    ]


def three(told: Sequence[Story], winning: frozenset[str]) -> list[Story]:
    """Who was won back or should have been, who got most by most channels, and who was kept from something.

    ``winning`` are the campaigns that speak to people who are about to stay away.
    """
    chosen: list[Story] = []
    for wanted in (
        lambda each: (each.life.back, any(one.campaign in winning for one in each.said)),
        lambda each: (len({one.told.get("channel") for one in each.said}), len(each.said)),
        lambda each: (each.kept_back, len(each.records)),
    ):
        rest = [each for each in told if each not in chosen]
        chosen += sorted(rest, key=lambda each: (wanted(each), -each.life.person.number))[-1:]
    return chosen


def winning(campaigns: Mapping[str, Any]) -> frozenset[str]:
    """The campaigns that begin when somebody is at risk of staying away."""
    triggers = {name: each.get("trigger") for name, each in campaigns.items() if isinstance(each, Mapping)}
    return frozenset(name for name, each in triggers.items() if (each or {}).get("lifecycle") == _WIN_BACK)


def story_told(story: Story) -> Iterator[str]:
    """What somebody got and what they did with it, then why not more, the most frequent first."""
    life, zone = story.life, story.life.person.zone
    allowed = [name for name in ("push", "in_app", "local_notification", "email") if _allows(life, name)]
    name = click.style(life.person.name, bold=True)
    yield f"  {name}   allows {', '.join(allowed) or 'no channel'}{_past(life)}"
    for at, record in enumerate(story.said[:_MOST]):
        yield _line("got" if at == 0 else "", f"{_when(record, zone)}  {_said(record, story.reactions)}")
    if len(story.said) > _MOST:
        yield _line("", f"… and {len(story.said) - _MOST} more")
    for at, text in enumerate(list(_why_not(story, zone))[:_MOST]):
        yield _line("why not more" if at == 0 else "", text)


def _why_not(story: Story, zone: str) -> Iterator[str]:
    """Everything that was not said, one line a campaign and reason, with when that was first."""
    triggers: dict[tuple[str, str, str], dict[tuple[Any, Any], Record]] = {}
    for each in story.records:
        outcome, reason = each.told["outcome"], each.told["reason"]
        if outcome not in {"show", "entered", "left"} and reason not in {"AWAITING_EVENT", "DELAYED"}:
            of = triggers.setdefault((each.campaign, outcome, reason), {})
            of.setdefault((each.told.get("at"), each.told.get("place")), each)
    for (campaign, outcome, reason), of in sorted(
        triggers.items(), key=lambda each: (-len(each[1]), each[0])
    ):
        first = next(iter(of.values()))
        times = f"{len(of)} times, first" if len(of) > 1 else "once,"
        words = "waited" if outcome == "held" else "not said"
        yield f"{campaign:<14}{words}: {REASONS.get(reason, reason)} ({times} {_when(first, zone)})"


def _said(record: Record, reactions: Mapping[str, Shown]) -> str:
    told, did = record.told, reactions.get(str(record.told.get("message")))
    offer = f" with {told['offer']}" if told.get("offer") else ""
    return f"{record.campaign:<14}by {told.get('channel')}{offer}: {_reaction(did)}"


def _reaction(did: Shown | None) -> str:
    if did is None:
        return "not seen"
    return "taken up" if did.taken else "opened" if did.opened else "not opened"


def _allows(life: Life, channel: str) -> bool:
    return life.person.consent.get(channel) == "granted" and channel not in life.denied


def _past(life: Life) -> str:
    facts = ["has ordered for weeks already"] if life.person.contact.past else []
    facts += [f"took {channel} back" for channel in sorted(life.denied)]
    facts += ["stopped opening it, and came again"] if life.back else []
    return "".join(f" · {each}" for each in facts)


def _when(record: Record, zone: str) -> str:
    return f"{wall(record.decided_at, zone):%a %d %b %H:%M}"


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')}{text}".rstrip()
