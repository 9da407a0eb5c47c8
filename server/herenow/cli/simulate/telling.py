"""What a simulation prints: what people did, what the server made of it, and what it learned of three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import click
import numpy as np

from herenow.cli.output import count
from herenow.cli.simulate.ledger import Ledger
from herenow.cli.simulate.messages_told import checks_told, messages_told
from herenow.cli.simulate.timelines import Story, story_told
from herenow.simulation.auditing import Audited
from herenow.simulation.checking import Check
from herenow.simulation.comparing import BANDS, MANY, TOP_HOURS, Aggregate, Judged, aggregate
from herenow.simulation.days import World
from herenow.simulation.learned import Known, StatedHabit
from herenow.simulation.outcomes import Week, weekly
from herenow.simulation.people import Fate, Person
from herenow.simulation.scenery import Scenery
from herenow.simulation.timetable import DAY_HOURS, WEEKDAYS
from herenow.simulation.usual_hours import usual_hours

_LABEL: Final = 13
MUCH: Final = 0.1
"""A share of taste from which something is liked enough to be missed."""
LITTLE: Final = 0.02
"""A share of taste below which something is hardly liked."""
_GROUPS: Final = {False: "personal order", True: "what is popular"}
_FATES: Final = {
    Fate.LEAVES: "stop opening it",
    Fate.VISITS: "are in town for some days only",
    Fate.ERASES: "have themselves erased",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked up when all was over: consent, records left of erased people, promises."""

    consent: Audited
    erased: int
    left: int
    promises: Sequence[Check] = ()


def told(
    app_name: str,
    world: World,
    days: int,
    seed: int,
    checked: Checked,
    judged: Sequence[Judged],
    ledger: Ledger,
    chosen_stories: Sequence[Story] = (),
) -> Iterator[str]:
    """The report, line by line."""
    people = [life.person for life in world.lives]
    lived = f"{_people(len(people))} live {count(days, 'day')} on {app_name}"
    yield f"  {lived}. All of them are made up, with seed {seed}."
    yield ""
    yield from _population(people)
    yield from _beacons(world)
    yield from _kept(checked)
    yield ""
    yield from _weeks(weekly(world.outcomes))
    yield ""
    yield from messages_told(ledger)
    yield ""
    yield from checks_told(checked.promises)
    for story in chosen_stories:
        yield ""
        yield from story_told(story)
    yield ""
    yield from _over_all(aggregate(judged))
    for each in chosen(judged):
        yield ""
        yield from _one(world.around.scenery, each)


def _population(people: Sequence[Person]) -> Iterator[str]:
    fates = Counter(each.fate for each in people)
    yield _line(
        "people",
        f"{sum(each.arrival.search is not None for each in people)} came by a search · "
        f"{sum(each.devices > 1 for each in people)} have two devices · "
        f"{sum(each.control for each in people)} are shown what is popular, for comparison",
    )
    yield _line(
        "",
        f"{sum(bool(each.contact.past) for each in people)} have ordered for weeks already · "
        f"{sum(each.contact.tires is not None for each in people)} deny push one day · "
        f"{sum(each.contact.email for each in people)} tell an e-mail address",
    )
    yield _line("", " · ".join(f"{fates[fate]} {words}" for fate, words in _FATES.items()))


def _beacons(world: World) -> Iterator[str]:
    told = [phone.told for life in world.lives for phone in life.phones]
    refused: Counter[str] = Counter()
    for each in told:
        refused.update(each.refused)
    reasons = ", ".join(f"{number:,} {code}" for code, number in sorted(refused.items())) or "none"
    bought = sum(each.came.bought for each in world.outcomes)
    yield _line(
        "did", f"{count(len(world.outcomes), 'visit')} · {count(bought, 'purchase')} in the first placement"
    )
    yield _line(
        "beacons",
        f"{sum(each.accepted for each in told):,} stored · {world.past:,} of before · "
        f"{sum(each.duplicates for each in told):,} sent again and recognised · refused: {reasons}",
    )


def _kept(checked: Checked) -> Iterator[str]:
    consent = checked.consent
    yield _line(
        "consent",
        f"of {consent.people} people who deny something {consent.beacons:,} beacons are kept, "
        f"{consent.violations} of them against their will",
    )
    yield _line("erased", f"of {checked.erased} people who asked for it {checked.left} records are left")


def _weeks(weeks: Sequence[Week]) -> Iterator[str]:
    heads = ("visits", "with a tap, %", "taps an impression, %", "came to buy and found it, %")
    yield _line("week by week", f"{'':<25}{heads[0]:>7}  {heads[1]:>14}  {heads[2]:>22}  {heads[3]:>28}")
    for week in weeks:
        name = f"week {week.week + 1}" if not week.control else ""
        yield _line(
            "",
            f"{name:<8}{_GROUPS[week.control]:<17}{week.visits:>7,}  {week.tapped.told():>14}  "
            f"{week.through.told():>22}  {week.satisfied.told():>28}",
        )
    yield _line(
        "",
        "± is a 95 % interval, by people. 'Found it': bought out of the first placement, without a search.",
    )


def _over_all(total: Aggregate) -> Iterator[str]:
    """How right it is about everybody of whom something may be learned."""
    yield _line("learned", f"of {_people(total.people)}, against what they really are")
    bands = zip(BANDS, total.tastes, strict=True)
    told = [f"{mean:.2f} ({_people(n)}, {_evidence(band)})" for band, (n, mean) in bands if n]
    yield _fact("tastes", f"correlation {' · '.join(told) or 'of nobody yet'}")
    yield _fact("", f"what all like on average would reach {total.everybody:.2f}")
    yield _fact("", f"what is said to be liked best is among their true three: {total.first.told()}")
    yield _fact("habits", f"stated hours in which they are mostly there: {total.habits_right.told()}")
    yield _fact("", f"hours of habits that are stated: {total.habits_found.told()}")
    yield _fact("best hour", f"among their {TOP_HOURS} likeliest of 168: {total.best_hour.told()}")
    yield _fact("places", f"likeliest place in a habit's hour is the habit's: {total.places.told()}")
    yield _fact("offers", f"the form said to be answered best is the one: {total.form.told()}")
    yield _fact("size", f"the largest profile takes {total.largest:,} bytes of 4,096")


def _one(scenery: Scenery, judged: Judged) -> Iterator[str]:
    """One person: what they really are, what was learned, where it errs."""
    person, known = judged.person, judged.known
    yield f"  {click.style(person.name, bold=True)}   {_who(person, known)}"
    yield _fact("likes", f"really   {likes(scenery, person)}")
    yield _fact("", f"learned  {_liked(known) or 'nothing yet'}")
    really = [f"{habit.told()} ({habit.kept:.0%})" for habit in person.timetable.habits]
    yield from _facts("habits", "really", really)
    yield from _facts("", "learned", list(stated_hours(known.habits)) or ["none that would be stated"])
    yield from _facts("", "says", list(known.sentences))
    yield from _facts("errs", "", list(errors(scenery, judged)))


def chosen(judged: Sequence[Judged]) -> list[Judged]:
    """Three to tell of: who gave most evidence, with two devices if anybody has, and who is known worst."""
    known = [each for each in judged if each.taste is not None]
    by_evidence = sorted(known, key=lambda each: (-each.known.evidence, each.person.number))
    most = by_evidence[:1]
    double = [each for each in by_evidence[1:] if each.person.devices > 1][:1] or by_evidence[1:2]
    rest = [each for each in by_evidence if each not in most + double and each.known.evidence >= BANDS[1][0]]
    worst = sorted(rest, key=lambda each: (each.taste or 0.0, each.person.number))[:1]
    return most + double + worst


def errors(scenery: Scenery, judged: Judged) -> Iterator[str]:
    """Where what was learned is not so, or not all."""
    person, known = judged.person, judged.known
    true = usual_hours(scenery, person)
    chance = [each for each in known.habits if each.cell not in true]
    if chance:
        yield f"chance, no habit: {'; '.join(stated_hours(chance))}"
    if judged.habits_true > judged.habits_found:
        missed = judged.habits_true - judged.habits_found
        yield f"{missed} of {judged.habits_true} hours of habits are not stated"
    overrated = (
        [value for value in _best(known) if person.taste[scenery.values.index(value)] < LITTLE]
        if known.tastes
        else []
    )
    if overrated:
        yield f"{', '.join(overrated)}: hardly liked in truth"
    best = np.argsort(-person.taste)[:3]
    likes_too = [scenery.values[index] for index in best if person.taste[index] >= MUCH]
    silent = [value for value in likes_too if value not in _best(known)]
    if silent:
        yield f"{', '.join(silent)}: liked in truth, and not among what is said"


def _who(person: Person, known: Known) -> str:
    facts = [f'searched "{person.arrival.search}"' if person.arrival.search else "came without a search"]
    facts += ["two devices"] if person.devices > 1 else []
    facts += ["shown what is popular"] if person.control else []
    facts += [_FATES[person.fate]] if person.fate is not Fate.STAYS else []
    facts.append(f"{known.evidence} things touched or bought")
    return " · ".join(facts)


def _best(known: Known, most: int = 4) -> list[str]:
    """The values said to be liked best."""
    liked = [value for value in known.tastes if known.tastes[value] > 0]
    return sorted(liked, key=lambda value: (-known.tastes[value], value))[:most]


def _liked(known: Known) -> str:
    return ", ".join(f"{value} {known.tastes[value]:.2f}" for value in _best(known))


def stated_hours(habits: Sequence[StatedHabit]) -> Iterator[str]:
    """Hours of the week, those of one hour and strength together: ``Mon, Fri at 12:00 (3 of 3 weeks)``."""
    together: dict[tuple[int, int, int], list[str]] = {}
    for each in habits:
        day, hour = divmod(each.cell, DAY_HOURS)
        together.setdefault((hour, each.weeks, each.of), []).append(WEEKDAYS[day])
    for (hour, weeks, of), days in sorted(together.items()):
        yield f"{', '.join(days)} at {hour}:00 ({weeks} of {of} weeks)"


def _evidence(band: tuple[int, int]) -> str:
    low, high = band
    return f"{low} or more things" if high > MANY else f"{low} to {high - 1}"


def _fact(label: str, text: str) -> str:
    return _line("", f"{label:<11}{text}")


def _facts(label: str, which: str, lines: Sequence[str]) -> Iterator[str]:
    """Several lines of one fact, its label and which side it is beside the first."""
    for at, line in enumerate(lines):
        yield _fact(label if at == 0 else "", f"{which if at == 0 else '':<9}{line}")


def likes(scenery: Scenery, person: Person, most: int = 4) -> str:
    """What somebody really likes: ``burger 61 %, pizza 20 %``."""
    best = [index for index in np.argsort(-person.taste)[:most] if person.taste[index] >= 0.03]
    return ", ".join(f"{scenery.values[index]} {person.taste[index]:.0%}" for index in best)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')}{text}".rstrip()
