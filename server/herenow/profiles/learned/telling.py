"""What was learned of a person, in sentences that they can read, each with what it stands on.

Nothing is stated below the threshold of a habit (``stated``), and a taste only when no single act can have
made it; what is not sure enough is not hinted at. What is kept of a taste is its weight in taps, not how many
acts there were: that is what its sentence says. A cell of the map is nothing a person can read, and is not
told. Sentences are English; each has a code and its figures beside it, so that an app can say it in another
language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.learning.model import Model
from herenow.learning.places import strength
from herenow.profiles.learned.about_habits import OFTEN
from herenow.profiles.learned.deriving import Derived, derived
from herenow.profiles.learned.document import APP, Learned
from herenow.profiles.learned.moment import LocalMoment
from herenow.profiles.learned.stated import Habit, habits
from herenow_sdk.core.clock import WEEKDAYS
from herenow_sdk.core.profile.decay import HALF_LIVES, MEDIUM, UNIT, decayed
from herenow_sdk.core.profile.tastes import affinities

LEAST_LIKED: Final = 6 * UNIT
"""The weight, decayed, that a stated taste stands on: more than one purchase, the heaviest act, has."""
LEAST_UNWANTED: Final = 4 * UNIT
"""The weight that a stated dislike stands on: more than one act against something has."""
LIKED: Final = 200
"""A share of 1024 from which on something is liked."""
_TASTES: Final = 5
_PLACES: Final = 3
_HABITS: Final = 3
_CELL: Final = re.compile("[0-9bcdefghjkmnp-z]{6}")
"""The geohash that is kept of a location without a place."""
_DAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_ASKED: Final = (
    "lifecycle.stage",
    "lifecycle.reason",
    "lifecycle.due_in_days",
    "lifecycle.silent_days",
    "habit.next_place",
    "best_time.app.hour",
    "best_time.app.weekday",
    "offer.form",
    "person.resident",
)
_STAGES: Final[Mapping[str, str]] = {
    "new": "You are new here",
    "activated": "You have bought something",
    "engaged": "You come back",
    "loyal": "You have come back for weeks",
    "at_risk": "You have been silent longer than is usual for you",
    "lapsed": "You have been away for long",
    "won_back": "You are back after a long while",
}
_FORMS: Final[Mapping[str, str]] = {
    "amount": "money off",
    "percentage": "a percentage off",
    "gift": "a gift",
    "points": "points",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, its code, and the figures in it."""

    code: str
    text: str
    args: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it is told."""
        return {"code": self.code, "text": self.text, "args": dict(self.args)}


def statements(
    learned: Learned, model: Model, moment: LocalMoment, installed_at: int | None
) -> list[Statement]:
    """Everything that may be stated now; nothing of somebody who is not known."""
    if not learned.knows:
        return []
    known = derived(learned, model, _ASKED, moment, installed_at)
    return [
        *_habits(learned, moment),
        *_tastes(learned, moment),
        *_places(learned, moment),
        *_standing(known, learned),
        *_reached(known, learned),
    ]


def _habits(learned: Learned, moment: LocalMoment) -> Iterator[Statement]:
    """Hours of one kind on several days are one sentence."""
    by_hour: dict[int, list[Habit]] = {}
    for habit in habits(learned.taught, moment.week):
        by_hour.setdefault(habit.hour, []).append(habit)
    for hour, found in list(by_hour.items())[:_HABITS]:
        days = [_DAYS[each.weekday] for each in sorted(found, key=lambda each: each.weekday)]
        least = min(found, key=lambda each: each.seen)
        evidence = f"{least.seen} of {least.weeks} weeks"
        opens = all(learned.engaged.get(APP, {}).get(each.cell, 0) >= each.seen for each in found)
        does = "often open the app" if opens else "are often active"
        text = f"You {does} on {_and(days)} {_around(hour)} — {evidence}"
        args = {"weekdays": [each.weekday for each in found], "hour": hour}
        yield Statement("HABIT", text, {**args, "seen": least.seen, "weeks": least.weeks})


def _tastes(learned: Learned, moment: LocalMoment) -> Iterator[Statement]:
    found = affinities(learned.taught, moment.day)
    told = [(liked, facet, value) for facet, values in found.items() for value, liked in values.items()]
    likes = [
        (-liked, facet, value, weight)
        for liked, facet, value in told
        if liked >= LIKED and (weight := _weights(learned, facet, value, moment.day)[0]) >= LEAST_LIKED
    ]
    unwanted = [
        (liked, facet, value, weight)
        for liked, facet, value in told
        if liked < 0 and (weight := _weights(learned, facet, value, moment.day)[1]) >= LEAST_UNWANTED
    ]
    for code, words, stated in (("LIKES", "like", likes), ("DISLIKES", "do not want", unwanted)):
        for _, facet, value, weight in sorted(stated)[:_TASTES]:
            text = f"You {words} {value} ({facet}) — what you did lately counts like {weight // UNIT} taps"
            yield Statement(code, text, {"facet": facet, "value": value, "taps": weight // UNIT})


def _weights(learned: Learned, facet: str, value: str, today: int) -> tuple[int, int]:
    """What speaks for a value and against it, as it counts today."""
    liked, against, day = learned.taught.affinity.get(facet, {}).get(value, (0, 0, today))
    age, table = today - day, HALF_LIVES[MEDIUM]
    return decayed(liked, age, table), decayed(against, age, table)


def _places(learned: Learned, moment: LocalMoment) -> Iterator[Statement]:
    visits = {
        name: strength(place.counter, moment.day) // UNIT for name, place in learned.places.places.items()
    }
    often = sorted(((-times, name) for name, times in visits.items() if times >= OFTEN))
    for times, name in [each for each in often if not _CELL.fullmatch(each[1])][:_PLACES]:
        text = f"You are often at {name} — about {-times} visits lately"
        yield Statement("USUAL_PLACE", text, {"place": name, "visits": -times})


def _standing(known: Derived, learned: Learned) -> Iterator[Statement]:
    stage, days = str(known.lifecycle.get("stage")), learned.goal().days
    if stage in _STAGES:
        bought = f"{days} {'day' if days == 1 else 'days'} with a purchase"
        yield Statement(
            "STAGE",
            f"{_STAGES[stage]} — {bought}",
            {"stage": stage, "reason": known.lifecycle.get("reason"), "purchases": days},
        )
    due = known.lifecycle.get("due_in_days")
    if due is not None and days >= OFTEN:
        yield Statement("DUE", f"By your own rhythm the next purchase {_due(due)}", {"days": due})


def _reached(known: Derived, learned: Learned) -> Iterator[Statement]:
    snapshots = {path: each["value"] for path, each in known.snapshots.items()}
    hour, weekday = snapshots.get("best_time.app.hour"), snapshots.get("best_time.app.weekday")
    if hour is not None and learned.sessions >= OFTEN + 2:
        day = _DAYS[WEEKDAYS.index(str(weekday))]
        text = f"The best time to reach you is on {day} {_around(hour)} — by {learned.sessions} sessions"
        yield Statement("BEST_TIME", text, {"weekday": weekday, "hour": hour, "sessions": learned.sessions})
    if (form := str(snapshots.get("offer.form"))) in _FORMS:
        shown = round(sum(times for times, _ in learned.offers.values()))
        text = f"You answer {_FORMS[form]} best — of {shown} offers shown"
        yield Statement("OFFER_FORM", text, {"form": form, "shown": shown})
    if snapshots.get("person.resident") is False:
        yield Statement("VISITOR", "You seem to be away from where you live", {})


def _due(days: int) -> str:
    if days == 0:
        return "is due today"
    if days == -1:
        return "was due yesterday"
    if days == 1:
        return "is due tomorrow"
    return f"is due in {days} days" if days > 0 else f"was due {-days} days ago"


def _around(hour: int) -> str:
    if hour == 12:
        return "at noon"
    return "at midnight" if hour == 0 else f"around {hour}:00"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
