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

from herenow.simulation.chance import Chance
from herenow.simulation.history import tell_history
from herenow.simulation.letters import Letter, Said, said_by_phone
from herenow.simulation.lives import Life, Surroundings
from herenow.simulation.living import Session, enter, leave, pass_by, visit
from herenow.simulation.moving import Stay, stays
from herenow.simulation.outcomes import Outcome
from herenow.simulation.people import Fate, Person
from herenow.simulation.phones import Phone
from herenow.simulation.reacting import Shown, react
from herenow.simulation.timetable import DAY_HOURS, HOUR_S, Visit, visits

_ERASES_AT: Final = 13 * HOUR_S
_TIRES_AT: Final = 20 * HOUR_S + 420


@dataclass(slots=True)
class World:
    """Everybody, and what happened so far. ``live`` goes on by one day.

    ``said`` is every message that reached an address or a phone, as those have it; ``shown`` what people did
    with those that they saw.
    """

    around: Surroundings
    lives: list[Life]
    outcomes: list[Outcome] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    past: int = 0
    """How many purchases of the time before were told."""
    _seen: set[str] = field(default_factory=set)
    _addresses: dict[str, tuple[Life, Phone]] = field(default_factory=dict)
    _due: list[tuple[float, int, Callable[[float], object]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @classmethod
    def of(cls, around: Surroundings, people: Sequence[Person], seed: int) -> World:
        """A world before its first day, of which the server knows what the app's own systems tell."""
        world = cls(around, [Life(each, Chance.of(seed, each.number)) for each in people])
        world.past = tell_history(around, people, world.midnight(0))
        return world

    def live(self, day: int, hourly: Callable[[], object] = lambda: None) -> None:
        """One day of everybody, from midnight to midnight; ``hourly`` is called on every hour of it."""
        weekday = self.date(day).weekday()
        for life in self.lives:
            if life.person.arrival.day <= day and not life.erased:
                self._plan(life, day, weekday)
        until = self.midnight(day + 1)
        for hour in range(DAY_HOURS):
            self._later(self.midnight(day) + hour * HOUR_S, lambda _: self._work(hourly))
        while self._due and self._due[0][0] < until:
            at, _, happens = heapq.heappop(self._due)
            self.around.clock.now = max(self.around.clock.now, at)
            happens(at)
        self.around.clock.now = max(self.around.clock.now, until)

    def date(self, day: int) -> date:
        """The date of a day of the world."""
        return self.around.begins + timedelta(days=day)

    def midnight(self, day: int, zone: str = "") -> float:
        """The instant at which a day begins, epoch seconds; by the app's clock or by that of ``zone``."""
        begins, where = self.date(day), ZoneInfo(zone or self.around.scenery.zone)
        return datetime(begins.year, begins.month, begins.day, tzinfo=where).timestamp()

    def _plan(self, life: Life, day: int, weekday: int) -> None:
        person, random = life.person, life.chance.week
        if day == person.contact.tires:
            self._at(life, day, _TIRES_AT, lambda at: None if life.erased else life.deny("push", at))
        plans = sorted(visits(person.timetable, weekday, random), key=lambda each: each.second)
        if day == person.arrival.day and not plans:
            plans = [Visit(int(random.integers(9, 21)) * HOUR_S, "home", 0.5, habit=False)]
        moves = list(stays(person, self.around.scenery, weekday, plans, random))
        if life.away(day):
            if person.fate is Fate.ERASES and day == person.until:
                self._at(life, day, _ERASES_AT, lambda at: self.receipts.extend(life.erase(at)))
            return
        for plan in plans:
            self._at(life, day, plan.second, lambda at, plan=plan: self._visit(life, plan, at, day))  # type: ignore[misc]
        for stay in moves if life.phones else ():
            self._plan_stay(life, day, stay)

    def _plan_stay(self, life: Life, day: int, stay: Stay) -> None:
        entered, phone = self.midnight(day, life.person.zone) + stay.begins, life.phones[0]

        def come(at: float) -> None:
            if not phone.erased:
                enter(phone, stay.fence, entered)
                self._send(life, phone, at)

        def go(at: float) -> None:
            if not phone.erased:
                (leave if stay.dwells else pass_by)(phone, stay.fence, entered, at)
                self._send(life, phone, at)

        if stay.dwells:
            self._at(life, day, stay.begins + stay.fence.dwell_s, come)
        self._at(life, day, stay.ends, go)

    def _visit(self, life: Life, plan: Visit, at: float, day: int) -> None:
        if life.erased:
            return
        here = life.person.places.get(plan.place)
        phone, config, addresses = life.opened(self.around, at, here)
        self._addresses |= {to: (life, phone) for to in addresses.values() if to not in self._addresses}
        session = Session(life.person, phone, self.around.scenery, life.chance.looking, at)
        if here is not None:
            phone.note("geo", "location", at, lat=here[0], lon=here[1], accuracy_m=30)
        came = visit(session, plan, config)
        self.outcomes.append(Outcome(life.person.number, day, life.person.control, came))
        self._later(session.now, lambda now: self._send(life, phone, now))
        self._show(life, phone, config["messages"], at)

    def _send(self, life: Life, phone: Phone, at: float) -> None:
        if not phone.erased:
            life.renew(phone, at)
            told = phone.send(at)
            self._show(life, phone, [each["message"] for each in told if "message" in each], at)

    def _show(self, life: Life, phone: Phone, messages: Sequence[Mapping[str, Any]], at: float) -> None:
        """Show messages, each of an id once, and tell what came of it a little later."""
        for message in messages:
            if message["id"] in self._seen:
                continue
            self.said.append(said_by_phone(life.person.number, phone.id, at, message))
            self._answer(life, phone, message, at)

    def _work(self, hourly: Callable[[], object]) -> None:
        hourly()
        self._collect()

    def _collect(self) -> None:
        """Bring what left the server to whom it is for."""
        for letter in self.around.post():
            self.letters.append(letter)
            life, phone = self._addresses[letter.to]
            mine = letter.channel == "push" or not life.known_since
            self.said.append(
                Said(
                    life.person.number,
                    phone.id if mine else "",
                    letter.at,
                    letter.campaign,
                    letter.channel,
                    letter.message,
                    code=letter.code,
                )
            )
            if not life.erased and letter.message not in self._seen:
                offer = self.around.scenery.offer_of(letter.text)
                about = {"campaign": letter.campaign, "id": letter.message, "channel": letter.channel}
                self._answer(life, phone, about | ({"offer": offer} if offer else {}), letter.at)
                self._tire_of_mail(life, letter)

    def _answer(self, life: Life, phone: Phone, message: Mapping[str, Any], at: float) -> None:
        """Let somebody react to a message; who opens it opens the app, which tells so."""
        self._seen.add(message["id"])
        session = Session(life.person, phone, self.around.scenery, life.chance.answering, at)
        local = datetime.fromtimestamp(at, phone.zone)
        day = (local.date() - self.around.begins).days
        gone = life.person.fate is Fate.VISITS and life.away(day)
        shown = react(session, message, day, local.hour, gone=gone)
        self.shown.append(shown)
        if shown.taken and life.away(day):
            life.back = True
        if shown.opened or message["channel"] not in {"push", "email"}:
            self._later(session.now, lambda now: self._send(life, phone, now))

    def _tire_of_mail(self, life: Life, letter: Letter) -> None:
        if letter.unsubscribe and life.chance.answering.random() < life.person.contact.unsubscribes:
            life.phones[0].unsubscribe(letter.unsubscribe)
            life.denied["email"] = self.around.clock.now

    def evidence(self, number: int) -> int:
        """How many things somebody touched or bought so far."""
        came = [each.came for each in self.outcomes if each.person == number]
        return sum(each.tapped + each.bought + each.searched for each in came)

    def phones(self) -> Iterator[Phone]:
        """Every phone whose person was not erased, with a token that is valid now."""
        for life in self.lives:
            for phone in life.phones:
                if not phone.erased:
                    life.renew(phone, self.around.clock.now)
                    yield phone

    def _at(self, life: Life, day: int, second: int, happens: Callable[[float], object]) -> None:
        self._later(self.midnight(day, life.person.zone) + second, happens)

    def _later(self, at: float, happens: Callable[[float], object]) -> None:
        heapq.heappush(self._due, (at, next(self._order), happens))
