"""The run of time: what everybody does, day after day, one thing after another by a clock that is moved.

Nothing waits: the clock jumps from one thing that happens to the next, so three weeks take as long as the
server needs to answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from herenow.simulation.living import Session, enter, leave, visit
from herenow.simulation.outcomes import Outcome
from herenow.simulation.people import Fate, Person
from herenow.simulation.phones import Door, Phone
from herenow.simulation.reacting import Shown, react
from herenow.simulation.scenery import Scenery, Where
from herenow.simulation.timetable import DAY_HOURS, HOUR_S, SATURDAY, WORK_BEGINS, WORK_ENDS, Visit, visits

_SECOND_PHONE: Final = 0.3
"""How often somebody with two devices takes the second one."""
_TOKEN_LIVES_S: Final = 80_000


@dataclass(slots=True)
class MovedClock:
    """The server's clock, moved from one thing that happens to the next."""

    now: float

    def __call__(self) -> float:
        """The instant it stands at, epoch seconds."""
        return self.now


@dataclass(slots=True)
class Life:
    """One person as they live: their stream of chance, their phones, and when each got its token."""

    person: Person
    random: Generator
    phones: list[Phone] = field(default_factory=list)
    tokens_at: dict[str, float] = field(default_factory=dict)

    @property
    def erased(self) -> bool:
        """Whether they had themselves forgotten."""
        return bool(self.phones) and self.phones[0].erased


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where people live: the app, the door to its server, its publishable key, and how users are proven."""

    scenery: Scenery
    door: Door
    key: str
    clock: MovedClock
    begins: date
    sign: Callable[[str, float], str]
    """A user token for somebody's id, at an instant."""


@dataclass(slots=True)
class World:
    """Everybody, and what happened so far. ``live`` goes on by one day."""

    around: Surroundings
    lives: list[Life]
    outcomes: list[Outcome] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _due: list[tuple[float, int, Callable[[float], object]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @classmethod
    def of(cls, around: Surroundings, people: Sequence[Person], seed: int) -> World:
        """A world before its first day."""
        streams = np.random.SeedSequence([seed, 1]).spawn(len(people))
        return cls(
            around,
            [Life(each, np.random.default_rng(stream)) for each, stream in zip(people, streams, strict=True)],
        )

    @property
    def zone(self) -> ZoneInfo:
        """The app's own, in which everybody lives."""
        return ZoneInfo(self.around.scenery.zone)

    def live(self, day: int, hourly: Callable[[], object] = lambda: None) -> None:
        """One day of everybody, from midnight to midnight; ``hourly`` is called on every hour of it."""
        weekday = self.date(day).weekday()
        for life in self.lives:
            if life.person.arrival.day <= day and not life.erased:
                self._plan(life, day, weekday)
        until = self.midnight(day + 1)
        for hour in range(DAY_HOURS):
            self._at(day, hour * HOUR_S, lambda _: hourly())
        while self._due and self._due[0][0] < until:
            at, _, happens = heapq.heappop(self._due)
            self.around.clock.now = max(self.around.clock.now, at)
            happens(at)
        self.around.clock.now = max(self.around.clock.now, until)

    def date(self, day: int) -> date:
        """The date of a day of the world."""
        return self.around.begins + timedelta(days=day)

    def midnight(self, day: int) -> float:
        """The instant at which a day of the world begins, epoch seconds."""
        begins = self.date(day)
        return datetime(begins.year, begins.month, begins.day, tzinfo=self.zone).timestamp()

    def _plan(self, life: Life, day: int, weekday: int) -> None:
        person = life.person
        if person.fate is not Fate.STAYS and day >= person.until:
            if person.fate is Fate.ERASES and day == person.until:
                self._at(day, 13 * HOUR_S, lambda _: self._erase(life))
            return
        plans = sorted(visits(person.timetable, weekday, life.random), key=lambda each: each.second)
        if day == person.arrival.day and not plans:
            plans = [Visit(int(life.random.integers(9, 21)) * HOUR_S, "home", 0.5, habit=False)]
        for plan in plans:
            self._at(day, plan.second, lambda at, plan=plan: self._visit(life, plan, at, day))  # type: ignore[misc]
        if life.phones:
            self._plan_stays(life, day, weekday, plans)

    def _plan_stays(self, life: Life, day: int, weekday: int, plans: Sequence[Visit]) -> None:
        """Stays inside fences: at work, and wherever a habit leads."""
        if weekday < SATURDAY and life.person.timetable.works:
            begins = WORK_BEGINS * HOUR_S + int(life.random.normal(0, 900))
            ends = WORK_ENDS * HOUR_S + int(life.random.normal(0, 1800))
            self._stay(life, day, "work", begins, ends)
        for plan in plans:
            if plan.habit and plan.place not in ("home", "work"):
                self._stay(life, day, plan.place, plan.second - 900, plan.second + 2400)

    def _stay(self, life: Life, day: int, place: str, begins: int, ends: int) -> None:
        fence = self.around.scenery.fence_at(life.person.places.get(place))
        if fence is None:
            return
        entered, phone = self.midnight(day) + begins, life.phones[0]

        def come(at: float) -> None:
            if not phone.erased:
                enter(phone, fence, entered)
                self._send(life, phone, at)

        def go(at: float) -> None:
            if not phone.erased:
                leave(phone, fence, entered, at)
                self._send(life, phone, at)

        self._at(day, begins + fence.dwell_s, come)
        self._at(day, ends, go)

    def _visit(self, life: Life, plan: Visit, at: float, day: int) -> None:
        here = life.person.places.get(plan.place)
        phone, config = self._opened(life, at, here)
        session = Session(life.person, phone, self.around.scenery, life.random, at)
        if here is not None:
            phone.note("geo", "location", at, lat=here[0], lon=here[1], accuracy_m=30)
        came = visit(session, plan, config)
        self.outcomes.append(Outcome(life.person.number, day, life.person.control, came))
        self._later(session.now, lambda now: self._send(life, phone, now))
        self._show(life, phone, config["messages"], at)

    def _opened(self, life: Life, at: float, here: Where | None) -> tuple[Phone, dict[str, Any]]:
        """The phone that is taken, and what the server says to it."""
        second = len(life.phones) > 0 and life.person.devices > 1 and life.random.random() < _SECOND_PHONE
        if len(life.phones) <= second:
            return self._new_phone(life, at, here)
        phone = life.phones[int(second)]
        self._renew(life, phone, at)
        return phone, phone.config(at, here)

    def _new_phone(self, life: Life, at: float, here: Where | None) -> tuple[Phone, dict[str, Any]]:
        around = self.around
        phone = Phone(life.person, around.door, around.key, self.zone, life.random)
        life.phones.append(phone)
        config = phone.launch(at, here)
        life.tokens_at[phone.id] = at
        if life.person.devices > 1:
            phone.identify(around.sign(f"user-{life.person.number:05}", at))
        return phone, config

    def _send(self, life: Life, phone: Phone, at: float) -> None:
        if not phone.erased:
            self._renew(life, phone, at)
            told = phone.send(at)
            self._show(life, phone, [each["message"] for each in told if "message" in each], at)

    def _show(self, life: Life, phone: Phone, messages: Sequence[Mapping[str, Any]], at: float) -> None:
        """Show messages, each of an id once, and tell what came of it a little later."""
        for message in messages:
            if message["id"] in self._seen:
                continue
            self._seen.add(message["id"])
            session = Session(life.person, phone, self.around.scenery, life.random, at)
            local = datetime.fromtimestamp(at, self.zone)
            day = (local.date() - self.around.begins).days
            self.shown.append(react(session, message, day, local.hour))
            self._later(session.now, lambda now: self._send(life, phone, now))

    def evidence(self, number: int) -> int:
        """How many things somebody touched or bought so far."""
        came = [each.came for each in self.outcomes if each.person == number]
        return sum(each.tapped + each.bought + each.searched for each in came)

    def phones(self) -> Iterator[Phone]:
        """Every phone whose person was not erased, with a token that is valid now."""
        for life in self.lives:
            for phone in life.phones:
                if not phone.erased:
                    self._renew(life, phone, self.around.clock.now)
                    yield phone

    def _renew(self, life: Life, phone: Phone, at: float) -> None:
        if at - life.tokens_at[phone.id] > _TOKEN_LIVES_S:
            phone.renew()
            life.tokens_at[phone.id] = at

    def _erase(self, life: Life) -> None:
        """Have every phone of theirs forgotten."""
        for phone in life.phones:
            self._renew(life, phone, self.around.clock.now)
            self.receipts.append(phone.erase())

    def _at(self, day: int, second: int, happens: Callable[[float], object]) -> None:
        self._later(self.midnight(day) + second, happens)

    def _later(self, at: float, happens: Callable[[float], object]) -> None:
        heapq.heappush(self._due, (at, next(self._order), happens))
