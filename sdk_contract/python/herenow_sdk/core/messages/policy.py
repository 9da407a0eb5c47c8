"""What holds for every message of an app: caps, quiet hours, holdout, cool-down. Specification: 11.2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

from herenow_sdk.core import reading
from herenow_sdk.core.messages.durations import Period, optional_duration, period
from herenow_sdk.core.reading import Malformed, Record
from herenow_sdk.core.values import is_array
from herenow_sdk.core.windows import EVERY_DAY, Window, minute_of
from herenow_sdk.core.zones import Zone, parse_zone

CHANNELS: Final = ("in_app", "push", "local_notification", "email", "sms")
SOUNDING: Final = ("push", "local_notification", "sms")
"""The channels that quiet hours mean unless they name others."""

Value = TypeVar("Value")
Other = TypeVar("Other")
Report = Callable[[str, str], None]
"""Called with where in the part a record stands, and why it was left out."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``maximum`` messages in a period; ``rule`` is its place in the documents, its name in reasons.

    ``channel``, ``tag``, ``campaign`` narrow what is counted; ``each_place`` counts every place by itself.
    """

    rule: str
    maximum: int
    period: Period
    channel: str | None = None
    tag: str | None = None
    campaign: str | None = None
    each_place: bool = False
    of_policy: bool = True


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is disturbed; equal ends mean always. ``then`` is hold, drop or silent."""

    window: Window
    then: str = "hold"
    channels: frozenset[str] = frozenset(SOUNDING)


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole policy. ``holdout`` is a number of ten-thousandths, drawn with ``salt``.

    ``cool_down`` in seconds; ``zone`` is the app's, and so are ``locales``, the default first.
    """

    caps: tuple[Cap, ...] = ()
    quiet: QuietHours | None = None
    holdout: int = 0
    salt: str = ""
    cool_down: int = 0
    zone: Zone | None = None
    consent: Mapping[str, Any] | None = None
    locales: tuple[str, ...] = ()
    found: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was found out about campaigns under this policy, once for all decisions (see ``plans``)."""


def parse_policy(raw: Record, report: Report) -> Policy:
    """Compile the policy; a malformed member is left out alone, except that unreadable quiet hours never end.

    A device that cannot read when to be quiet is quiet.
    """
    holdout, salt = _or(lambda: _holdout(raw.get("holdout")), (0, ""), "holdout", report)
    return Policy(
        caps=parse_caps(raw.get("caps"), "policy/caps", report),
        quiet=_or(lambda: _quiet(raw.get("quiet_hours")), QuietHours(Window(0, 0)), "quiet_hours", report),
        holdout=holdout,
        salt=salt,
        cool_down=_or(lambda: optional_duration(raw.get("cool_down"), "cool_down"), 0, "cool_down", report)
        or 0,
        zone=parse_zone(raw.get("zone")),
        consent=_or(lambda: reading.members(raw, "consent"), {}, "consent", report),
        locales=tuple(each for each in _locales(raw.get("locales")) if isinstance(each, str)),
    )


def _locales(raw: Any) -> Sequence[Any]:
    return raw if is_array(raw) else ()


def parse_caps(raw: Any, where: str, report: Report) -> tuple[Cap, ...]:
    """Compile the policy's caps. A malformed one is left out alone."""
    caps: list[Cap] = []
    for index, each in enumerate(raw if isinstance(raw, (list, tuple)) else ()):
        cap = _or(partial(_cap, each, f"{where}/{index}"), None, f"caps/{index}", report)
        caps += [] if cap is None else [cap]
    return tuple(caps)


def campaign_caps(raw: Record, campaign: str) -> tuple[Cap, ...]:
    """The caps of a campaign's own, over its own messages. Raises ``Malformed``: it says nothing then."""
    return tuple(
        replace(
            _cap(each, f"campaigns/{campaign}/caps/{index}"),
            channel=None,
            tag=None,
            each_place=False,
            campaign=campaign,
            of_policy=False,
        )
        for index, each in enumerate(reading.array(raw, "caps"))
    )


def ten_thousandths(value: Any, what: str) -> int:
    """A percentage from 0 to 100 in hundredths of a percent, rounded down. Raises ``Malformed``."""
    percent = reading.optional_number({what: value}, what)
    if percent is None:
        return 0
    if not 0 <= percent <= 100:
        raise Malformed(f"'{what}' is no percentage")
    return int(percent * 100)


def window(source: Record, days: frozenset[int] = EVERY_DAY) -> Window:
    """From ``from`` to ``to`` on some days; an end that is not said is midnight. Raises ``Malformed``."""
    start, end = (0 if source.get(key) is None else minute_of(source.get(key)) for key in ("from", "to"))
    if start is None or end is None:
        raise Malformed("'from' or 'to' is no time of day such as 08:30")
    return Window(start, end, days)


def _cap(record: Any, rule: str) -> Cap:
    raw = reading.record(record, "a cap")
    maximum = reading.integer(raw, "max")
    if maximum < 0:
        raise Malformed("'max' is negative")
    per = period(raw.get("per"), raw.get("window"))
    channel = reading.optional_text(raw, "channel")
    if channel not in (None, "any", *CHANNELS):
        raise Malformed("'channel' is no channel")
    if raw.get("place") not in (None, "each"):
        raise Malformed("'place' is not 'each'")
    return Cap(
        rule,
        maximum,
        per,
        None if channel == "any" else channel,
        reading.optional_text(raw, "tag"),
        reading.optional_text(raw, "campaign"),
        raw.get("place") == "each",
    )


def _quiet(raw: Any) -> QuietHours | None:
    if raw is None:
        return None
    source = reading.record(raw, "'quiet_hours'")
    then = source.get("then", "hold")
    if then not in ("hold", "drop", "silent"):
        raise Malformed("'then' is none of hold, drop, silent")
    channels = reading.optional_array(source, "channels")
    named = frozenset(SOUNDING if channels is None else [each for each in channels if isinstance(each, str)])
    return QuietHours(window(source), then, named)


def _holdout(raw: Any) -> tuple[int, str]:
    if raw is None:
        return 0, ""
    source = reading.record(raw, "'holdout'")
    return ten_thousandths(source.get("percent"), "percent"), reading.optional_text(source, "salt") or ""


def _or(read: Callable[[], Value], otherwise: Other, where: str, report: Report) -> Value | Other:
    try:
        return read()
    except Malformed as problem:
        report(where, str(problem))
        return otherwise
