"""Who people are: what they like, where they are, how they answer, what they allow. Drawn from a seed.

All of it is the truth that the server is not told and has to find out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from herenow.simulation.chance import trait
from herenow.simulation.contact import Contact, draw_contact
from herenow.simulation.scenery import KM_A_DEGREE, Fence, Scenery, Where, apart_km
from herenow.simulation.timetable import FAVOURITE, LUNCH, Timetable, draw_timetable

NAMES: Final = (
    "Asha", "Bilal", "Carla", "Dev", "Esha", "Farid", "Gita", "Hugo", "Ines", "Jaya", "Kabir", "Lena",
    "Meera", "Nikhil", "Olga", "Priya", "Quentin", "Rohan", "Sana", "Tara", "Uma", "Vikram", "Wanda",
    "Xavier", "Yash", "Zoya",
)  # fmt: skip
FORMS: Final = ("amount", "percentage", "gift")
_CONCENTRATION: Final = 0.12
"""Of the Dirichlet that tastes are drawn from: most of the weight on two or three values."""
_COMMUTE_KM: Final = 9.0
_LUNCH_KM: Final = 1.5
_LIKED: Final = 0.15


class Fate(StrEnum):
    """What becomes of somebody within the time that is told."""

    STAYS = "stays"
    LEAVES = "leaves"  # one day they open the app no more
    VISITS = "visits"  # they are in town for some days only
    ERASES = "erases"  # they have themselves forgotten


@dataclass(frozen=True, slots=True)
class Arrival:
    """How they came: the day and the search that led there, if one did."""

    day: int
    search: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person.

    ``taste`` adds up to 1 over the scenery's values; ``price`` is the quantile they like to pay; ``places``
    are by name; ``answers`` how likely an offer of a form is taken up; ``until`` the day of their fate.
    ``control`` are people who are shown what is popular, whatever was learned of them; ``zone`` is the clock
    they live by.
    """

    number: int
    name: str
    taste: NDArray[np.float64]
    price: float
    places: Mapping[str, Where]
    favourite: int
    timetable: Timetable
    answers: Mapping[str, float]
    awake: tuple[int, int]
    fate: Fate
    until: int
    arrival: Arrival
    consent: Mapping[str, str]
    platform: str
    locale: str
    devices: int
    control: bool
    zone: str
    contact: Contact = field(default_factory=Contact)

    @property
    def allows_location(self) -> bool:
        """Whether places may be learned."""
        return self.consent["location"] == "granted"

    @property
    def allows_learning(self) -> bool:
        """Whether anything may be learned of what they do."""
        return self.consent["analytics"] == self.consent["personalization"] == "granted"

    @property
    def signs_in(self) -> bool:
        """Whether the app knows who they are: with two devices, or from before."""
        return self.devices > 1 or bool(self.contact.past)

    @property
    def address(self) -> str:
        """Their e-mail address."""
        return f"{self.name.split()[0].lower()}.{self.number + 1}@people.example"

    @property
    def form(self) -> str:
        """The form of an offer they take up the likeliest."""
        return max(self.answers, key=lambda form: self.answers[form])


def populate(scenery: Scenery, count: int, days: int, seed: int) -> tuple[Person, ...]:
    """``count`` people; each from streams of randomness of their own, so that more people change nobody."""
    return tuple(_person(number, scenery, days, seed) for number in range(count))


def _person(number: int, scenery: Scenery, days: int, seed: int) -> Person:
    random = trait(seed, number, "self")
    taste = random.dirichlet(np.full(len(scenery.values), _CONCENTRATION))
    places = _places(scenery, taste, random)
    favourite = _favourite(scenery, taste, places, random)
    if places:
        places[FAVOURITE] = _at(scenery, favourite, random)
        places[LUNCH] = _lunch(scenery, taste, places["work"])
    fate, until = _fate(days, random)
    timetable = draw_timetable(trait(seed, number, "week"))
    contact = draw_contact(days, timetable, trait(seed, number, "contact"))
    arrival = _arrival(scenery, taste, places, days, fate, until, random)
    return Person(
        number=number,
        name=f"{NAMES[number % len(NAMES)]} (no. {number + 1})",
        taste=taste,
        price=float(random.beta(2, 2)),
        places=places,
        favourite=favourite,
        timetable=timetable,
        answers=_answers(random),
        awake=(int(random.integers(7, 10)), int(random.integers(20, 23))),
        fate=fate,
        until=until,
        arrival=arrival,
        consent=_consent(random),
        platform=str(random.choice(["android", "ios"], p=[0.7, 0.3])),
        locale=str(random.choice(scenery.locales)) if random.random() < 0.3 else scenery.locales[0],
        devices=2 if random.random() < 0.1 else 1,
        control=bool(random.random() < 0.25),
        zone=scenery.zone if contact.clock is None or fate is not Fate.VISITS else contact.clock,
        contact=contact,
    )


def _places(scenery: Scenery, taste: NDArray[np.float64], random: Generator) -> dict[str, Where]:
    """Home by some item. Work near something that is liked and fenced, inside a fence, or some way off."""
    if not scenery.located:
        return {}
    known = np.flatnonzero(np.isfinite(scenery.where[:, 0]))
    home = _at(scenery, int(random.choice(known)), random, off_km=0.6)
    liked = _liked_fences(scenery, taste)
    if liked and random.random() < 0.7:
        north, east = liked[int(random.integers(len(liked)))].where
        return {"home": home, "work": (north + 0.5 / KM_A_DEGREE, east)}
    workplaces = [fence for fence in scenery.fences if fence.item is None]
    if workplaces and random.random() < 0.5:
        return {"home": home, "work": workplaces[int(random.integers(len(workplaces)))].where}
    away = scenery.km_from(home)[known]
    within = known[away <= _COMMUTE_KM]
    return {"home": home, "work": _at(scenery, int(random.choice(within)), random, off_km=0.4)}


def _lunch(scenery: Scenery, taste: NDArray[np.float64], work: Where) -> Where:
    """The nearest fence by work where something is sold that they like, or work itself."""
    near = [each for each in _liked_fences(scenery, taste) if apart_km(each.where, work) <= _LUNCH_KM]
    return min(near, key=lambda each: apart_km(each.where, work)).where if near else work


def _liked_fences(scenery: Scenery, taste: NDArray[np.float64]) -> list[Fence]:
    """The fences of items of which something is liked."""
    items = [(each, scenery.index.get(each.item or "")) for each in scenery.fences]
    return [each for each, item in items if item is not None and (scenery.tags[item] * taste).max() >= _LIKED]


def _at(scenery: Scenery, item: int, random: Generator, off_km: float = 0.0) -> Where:
    if not np.isfinite(scenery.where[item, 0]):
        return _at(scenery, int(np.flatnonzero(np.isfinite(scenery.where[:, 0]))[0]), random, off_km)
    north, east = random.normal(0, off_km, 2) / KM_A_DEGREE if off_km else (0.0, 0.0)
    return float(scenery.where[item, 0] + north), float(scenery.where[item, 1] + east)


def _favourite(
    scenery: Scenery, taste: NDArray[np.float64], places: Mapping[str, Where], random: Generator
) -> int:
    """What they like best of what is near home, or at a fence near home now and then."""
    near = scenery.near(places.get("home"), 40)
    fenced = [scenery.index[each.item] for each in scenery.fences if each.item and each.item in scenery.index]
    likes = (scenery.tags * taste).max(axis=1)
    close = [item for item in fenced if scenery.km_from(places.get("home"))[item] < _COMMUTE_KM]
    if close and random.random() < 0.5:
        return max(close, key=lambda item: likes[item])
    return int(near[np.argmax(likes[near])])


def _fate(days: int, random: Generator) -> tuple[Fate, int]:
    fate = Fate(random.choice([Fate.STAYS, Fate.LEAVES, Fate.VISITS, Fate.ERASES], p=[0.7, 0.16, 0.1, 0.04]))
    if fate is Fate.STAYS:
        return fate, days
    return fate, int(random.integers(max(1, days // 3), max(2, days * 2 // 3)))


def _arrival(
    scenery: Scenery,
    taste: NDArray[np.float64],
    places: Mapping[str, Where],
    days: int,
    fate: Fate,
    until: int,
    random: Generator,
) -> Arrival:
    """Most come in the first days; a visitor when they come to town. Six of ten come by a search."""
    spread = random.random() < 0.7
    day = int(random.integers(0, 2)) if spread else int(random.integers(0, max(1, min(until, days // 2))))
    if fate is Fate.VISITS:
        day = max(0, until - 6)
    search = _search(scenery, taste, places, random) if random.random() < 0.6 else None
    return Arrival(min(day, until - 1), search)


def _search(
    scenery: Scenery, taste: NDArray[np.float64], places: Mapping[str, Where], random: Generator
) -> str:
    """What somebody would type: a word for what they like, drawn by how much, and where they live."""
    words = scenery.words[scenery.values[int(random.choice(len(taste), p=taste))]]
    word = str(words[int(random.integers(len(words)))])
    area = scenery.items[int(scenery.near(places.get("home"), 1)[0])].area if places else None
    return f"{word} in {area}" if area else word


def _answers(random: Generator) -> dict[str, float]:
    """One form is taken up far more often than the others."""
    chances = {form: float(random.uniform(0.05, 0.15)) for form in FORMS}
    return {**chances, FORMS[int(random.choice(3, p=[0.45, 0.4, 0.15]))]: float(random.uniform(0.5, 0.75))}


def _consent(random: Generator) -> dict[str, str]:
    def granted(chance: float) -> str:
        return "granted" if random.random() < chance else "denied"

    return {
        "analytics": granted(0.94),
        "personalization": granted(0.9),
        "location": granted(0.72),
        "push": granted(0.7),
        "in_app": granted(0.97),
        "local_notification": granted(0.75),
        "email": granted(0.8),
    }
