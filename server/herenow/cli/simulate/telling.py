"""What a simulation prints: what people did, what the server made of it, and what it learned of three."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import click
import numpy as np

from herenow.cli.output import count
from herenow.simulation.auditing import Audited
from herenow.simulation.days import World
from herenow.simulation.outcomes import Week, weekly
from herenow.simulation.people import Fate, Person
from herenow.simulation.scenery import Scenery

_LABEL: Final = 13
_COLUMN: Final = 46
_GROUPS: Final = {False: "personal order", True: "what is popular"}
_FATES: Final = {
    Fate.LEAVES: "stop opening it",
    Fate.VISITS: "are in town for some days only",
    Fate.ERASES: "have themselves erased",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked up when all was over: consent, and how many records are left of erased people."""

    consent: Audited
    erased: int
    left: int


def told(app_name: str, world: World, days: int, seed: int, checked: Checked) -> Iterator[str]:
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


def _population(people: Sequence[Person]) -> Iterator[str]:
    fates = Counter(each.fate for each in people)
    yield _line(
        "people",
        f"{sum(each.arrival.search is not None for each in people)} came by a search · "
        f"{sum(each.devices > 1 for each in people)} have two devices · "
        f"{sum(each.control for each in people)} are shown what is popular, for comparison",
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
        f"{sum(each.accepted for each in told):,} stored · "
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


def likes(scenery: Scenery, person: Person, most: int = 4) -> str:
    """What somebody really likes: ``burger 61 %, pizza 20 %``."""
    best = [index for index in np.argsort(-person.taste)[:most] if person.taste[index] >= 0.03]
    return ", ".join(f"{scenery.values[index]} {person.taste[index]:.0%}" for index in best)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')}{text}".rstrip()
