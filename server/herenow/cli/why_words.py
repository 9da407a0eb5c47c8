"""Decisions about messages in words, with times by the clock of the person they are about.

Reads the JSON of ``why``, perhaps from a server of another version: what is missing reads as "…", an unknown
code or check as its name. Instants come as text in UTC, and inside arguments as epoch seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from herenow.cli.wording import joined
from herenow_sdk.core.reasons import MessageOutcome, MessageReason

Json = Mapping[str, Any]
_PERIODS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock on somebody's wall; ``zone`` is named where times are first told."""

    zone: tzinfo
    name: str

    @classmethod
    def of(cls, name: Any) -> Clock:
        """The clock of a zone; UTC's for what is none."""
        try:
            return cls(ZoneInfo(name), name) if isinstance(name, str) and name else cls(UTC, "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return cls(UTC, "UTC")

    def time(self, instant: Any) -> str:
        """``2026-11-24 12:11`` of epoch seconds or of an instant as text."""
        try:
            read = _instant(instant)
        except (ValueError, TypeError, OverflowError):
            return "…"
        return read.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")


Words = Callable[[Json, Clock], str]


def decision_words(decision: Json, clock: Clock) -> str:
    """``not said: purchase happened meanwhile [FOLLOWED]``, and by which channel, until when."""
    outcome, code = str(decision.get("outcome", "…")), str(decision.get("reason", "…"))
    args = decision.get("args")
    args = args if isinstance(args, Mapping) else {}
    why = REASONS[code](args, clock) if code in REASONS else code
    told = f"{OUTCOMES.get(outcome, outcome)}: {why}"
    told += f", by {decision['channel']}" if decision.get("channel") else ""
    told += f", at {decision['place']}" if decision.get("place") else ""
    told += f", with the offer {decision['offer']}" if decision.get("offer") else ""
    told += f"; asked again {clock.time(decision['until'])}" if decision.get("until") else ""
    return f"{told}  [{code}]"


def check_words(check: Json, clock: Clock) -> str:
    """One check and how it came out."""
    name = str(check.get("check", "…"))
    passed = bool(check.get("passed"))
    if name not in CHECKS:
        return name
    fine, wrong = CHECKS[name]
    return (fine if passed else wrong)(check, clock)


def length(seconds: Any) -> str:
    """``2 hours`` of seconds, in the largest unit that divides them."""
    if not isinstance(seconds, int | float):
        return "…"
    size, unit = next((each for each in _PERIODS if seconds % each[0] == 0), _PERIODS[-1])
    number = int(seconds // size)
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def _instant(value: Any) -> datetime:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _is(text: str) -> Words:
    return lambda _told, _clock: text


def _cap(told: Json) -> str:
    return (
        f"{told.get('counted', '…')} of {told.get('max', '…')} messages are used of {told.get('rule', '…')}"
    )


def _again(told: Json, clock: Clock) -> str:
    before = f"it was said {clock.time(told.get('shown_at'))}"
    again = f"may be said again {clock.time(told['again_at'])}" if told.get("again_at") else "is said once"
    return f"{before} and {again}"


def _consents(told: Json, _clock: Clock) -> str:
    channels = told.get("channels")
    asked = channels.items() if isinstance(channels, Mapping) else ()
    return f"the person allows none of its channels ({joined([f'{name}: {how}' for name, how in asked])})"


def _part(told: Json, whole: str) -> str:
    return f"bucket {told.get('bucket', '…')} of 10,000 is below the {whole}'s {told.get('below', '…')}"


def _held_back(told: Json, clock: Clock) -> str:
    held = REASONS.get(str(told.get("by")), _is("it is held"))({}, clock)
    return f"{held} until {clock.time(told.get('held_until'))}, and by then it has expired"


def _late(told: Json, _clock: Clock) -> str:
    life = length(told.get("life_s"))
    return f"it was heard of {length(told.get('late_s'))} late and is worth saying for {life}"


OUTCOMES: Final[Mapping[str, str]] = {
    MessageOutcome.SHOW: "said",
    MessageOutcome.HELD: "waits",
    MessageOutcome.SUPPRESSED: "not said",
    MessageOutcome.OUTRANKED: "waits",
    MessageOutcome.EXPIRED: "not said",
    MessageOutcome.NO_CONSENT: "not said",
    MessageOutcome.CONTROL: "kept back",
    "failed": "failed",
    "unknown": "perhaps sent",
    "entered": "entered the journey",
    "left": "left the journey",
}

REASONS: Final[Mapping[str, Words]] = {
    MessageReason.SHOWN: _is("nothing spoke against it"),
    MessageReason.SHOWN_SILENTLY: _is("without a sound, in quiet hours"),
    MessageReason.DISABLED: _is("it is switched off"),
    MessageReason.UNKNOWN_CAMPAIGN: _is("the live release has no such campaign"),
    MessageReason.CANCELLED: _is("an event called it off"),
    MessageReason.FOLLOWED: lambda args, _: f"{args.get('by', 'an event')} happened meanwhile",
    MessageReason.LATE_TRIGGER: _late,
    MessageReason.DELAYED: _is("its delay is not over"),
    MessageReason.AWAITING_EVENT: lambda args, _: f"{args.get('event', 'an event')} may still come",
    MessageReason.AUDIENCE_MISMATCH: _is("the person is not in its audience"),
    MessageReason.NOT_ELIGIBLE_AGAIN: _again,
    MessageReason.NO_OFFER: _is("none of its offers may be made to this person now"),
    MessageReason.NO_CONSENT: _consents,
    MessageReason.EXPIRED: _is("it is no longer worth saying"),
    MessageReason.SCHEDULE_ENDED: _is("its schedule has ended"),
    MessageReason.EXPIRES_HELD: _held_back,
    MessageReason.HOLDOUT: lambda args, _: (
        f"the person is held out of all campaigns ({_part(args, 'holdout')})"
    ),
    MessageReason.CONTROL_GROUP: lambda args, _: (
        f"the person is in its control group ({_part(args, 'campaign')})"
    ),
    MessageReason.CAPPED: lambda args, _: _cap(args),
    MessageReason.NOT_LEASED: lambda args, _: (
        f"the device used {args.get('used', '…')} of {args.get('slots', '…')} messages lent to it of "
        f"{args.get('rule', '…')}"
    ),
    MessageReason.QUIET_HOURS: _is("the person has quiet hours"),
    MessageReason.QUIET_DROPPED: _is("it fell into quiet hours, which drop it"),
    MessageReason.ZONE_UNKNOWN: _is("nobody knows what time it is for the person"),
    MessageReason.OUTSIDE_SCHEDULE: _is("it is outside its schedule"),
    MessageReason.COOL_DOWN: _is("another message was said a short while ago"),
    MessageReason.OUTRANKED: lambda args, _: f"'{args.get('by', '…')}' goes first",
    MessageReason.PACED: lambda args, _: (
        f"at most {args.get('max', '…')} of it leave in {length(args.get('per_s'))}, over everybody"
    ),
    MessageReason.BEST_TIME: _is("it waits for the person's best hour"),
    "AWAITING_APP": _is("it waits until the app is opened"),
    "ON_ITS_WAY": _is("a worker is handing it over"),
    "NEVER_TRIGGERED": _is("it never was triggered"),
    "NO_ADDRESS": _is("nothing is known of where to send it"),
    "WORKER_LOST": _is("the worker ended while it was handed over"),
    "NOTHING_FITS": _is("no item is good enough for this person"),
    "TEMPLATE_FAILED": _is("its text could not be filled: a name has no value"),
    "NO_TEMPLATE": _is("it has no text"),
    "OFFER_OVER": _is("its offer has ended"),
    "OFFER_HAD": _is("the person has had their share of its offer"),
    "BUDGET_SPENT": _is("the budget of its offer is spent"),
    "NO_CODE_LEFT": _is("the pool of its offer has no code left"),
    "OFFER_BUSY": _is("too many wanted its offer at the same moment"),
    "FINISHED": _is("its last step was done"),
    "SENT_AWAY": _is("an event of cancel_on ended it"),
    "WITHDRAWN": _is("the live release has it no more"),
    "ENTERED": _is("its trigger happened"),
}

CHECKS: Final[Mapping[str, tuple[Words, Words]]] = {
    "enabled": (_is("it is switched on"), _is("it is switched off")),
    "not_cancelled": (
        _is("nothing called it off"),
        lambda told, clock: f"it was called off {clock.time(told.get('cancelled_at'))}",
    ),
    "not_followed": (
        _is("what it asks for has not happened"),
        lambda told, _: f"{told.get('followed_by', 'an event')} happened meanwhile",
    ),
    "in_time": (_is("it was heard of in time"), _late),
    "delay": (_is("its delay is over"), lambda told, clock: f"its delay ends {clock.time(told.get('due'))}"),
    "awaited": (
        _is("nothing it waits for can still come"),
        lambda told, clock: f"it waits for an event until {clock.time(told.get('until'))}",
    ),
    "audience": (_is("the person is in its audience"), _is("the person is not in its audience")),
    "eligible_again": (_is("it may be said to the person again, or for the first time"), _again),
    "offer": (
        lambda told, _: f"the offer {told.get('offer') or '…'} can be made",
        _is("none of its offers may be made"),
    ),
    "consent": (_is("the person allows one of its channels"), _consents),
    "alive": (
        _is("it is still worth saying"),
        lambda told, clock: f"it expired {clock.time(told.get('expires_at'))}",
    ),
    "holdout": (_is("the person is not held out"), _is("the person is held out of all campaigns")),
    "control": (_is("the person is not in its control group"), _is("the person is in its control group")),
    "caps": (
        _is("every cap has room"),
        lambda told, _: (
            _cap(tight) if isinstance(tight := told.get("tightest"), Mapping) else "a cap has no room"
        ),
    ),
    "quiet_hours": (_is("it may be said at this hour"), _is("the person has quiet hours")),
    "schedule": (_is("it is within its schedule"), _is("it is outside its schedule")),
    "cool_down": (
        _is("no other message was said just now"),
        lambda told, clock: f"another message was said just now; wait until {clock.time(told.get('until'))}",
    ),
}
