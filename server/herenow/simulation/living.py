"""One visit to the app, and one stay at a place: what somebody does there, as beacons tell it.

A visit asks for a config, reads what stands in its first placement, taps what draws, and buys or does not.
Who found nothing there and came to buy may search by themselves, so that there is something to learn from
also where the order helped little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from herenow.simulation.choosing import Mind, draw_of, mind, own_choice, read
from herenow.simulation.people import Person
from herenow.simulation.phones import Phone
from herenow.simulation.scenery import Fence, Scenery
from herenow.simulation.timetable import Visit

POPULAR_WITHIN_KM: Final = 5.0
"""What people of the control group are shown: the most popular within reach of where they are."""
_SHOWN: Final = 20
_BUYS_FOUND, _BUYS_SEARCHED, _SEARCHES, _SAVES = 0.8, 0.65, 0.5, 0.12
PRICE: Final = 100.0
"""What a thing without a known price costs."""


@dataclass(slots=True)
class Came:
    """What came of a visit: what was seen, tapped, put into the cart and bought in the placement, and how."""

    seen: int = 0
    tapped: int = 0
    bought: int = 0
    searched: bool = False
    wanted: bool = False
    """Whether they came to buy."""
    tapped_items: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Session:
    """A visit under way: its clock goes on with what is done, and its phone notes it."""

    person: Person
    phone: Phone
    scenery: Scenery
    random: Generator
    now: float

    def note(self, kind: str, name: str, after: tuple[float, float], **properties: Any) -> None:
        """Note something that happens some seconds later."""
        self.now += float(self.random.uniform(*after))
        self.phone.note(kind, name, self.now, **properties)


def visit(session: Session, plan: Visit, config: Mapping[str, Any]) -> Came:
    """A visit from ``session_start`` to ``session_end``; ``config`` is what the server answered."""
    begun, person, scenery = session.now, session.person, session.scenery
    came = Came(wanted=bool(session.random.random() < plan.buys))
    here = person.places.get(plan.place)
    wish = mind(person, here, session.random)
    session.note("behavior", "session_start", (0.5, 1.5))
    items = shown(person, scenery, wish, config)
    _read_placement(session, wish, items, came)
    if came.wanted and not came.bought:
        _search(session, wish, came)
    session.note("behavior", "session_end", (1, 3), seconds=int(session.now - begun))
    return came


def shown(person: Person, scenery: Scenery, wish: Mind, config: Mapping[str, Any]) -> NDArray[np.int64]:
    """What stands in the first placement: the server's order, or for the control group what is popular."""
    if person.control:
        here = wish.here if person.allows_location else None
        return scenery.popular_near(here, POPULAR_WITHIN_KM, _SHOWN)
    told = config["placements"].get(scenery.placement, {}).get("items", ())
    known = [scenery.index[each["id"]] for each in told[:_SHOWN] if each["id"] in scenery.index]
    return np.array(known, dtype=np.int64)


def _read_placement(session: Session, wish: Mind, items: NDArray[np.int64], came: Came) -> None:
    if not len(items):
        return
    reading = read(draw_of(wish, session.scenery, items), session.random)
    came.seen, came.tapped = reading.seen, len(reading.tapped)
    for position in range(reading.seen):
        stands = _stands(session, int(items[position]), position)
        session.note("behavior", "item_impression", (0.4, 1.5), **stands)
        if position in reading.tapped:
            session.note("behavior", "item_tap", (0.5, 2), **stands)
            _look(session, int(items[position]), came, _BUYS_FOUND)
            came.tapped_items.append(int(items[position]))


def _search(session: Session, wish: Mind, came: Came) -> None:
    """Look for it by oneself; some give up instead."""
    if session.random.random() > _SEARCHES:
        return
    came.searched = True
    value = session.scenery.values[wish.wanted]
    session.note("behavior", "search", (3, 9), query=session.scenery.words[value][0])
    _look(session, own_choice(wish, session.scenery, session.random), came, _BUYS_SEARCHED)


def _look(session: Session, item: int, came: Came, buys: float) -> None:
    """Look at one thing; save it now and then; buy it, or leave it in the cart."""
    of = {"item": session.scenery.items[item].id}
    session.note("behavior", "item_view", (0.5, 2), **of, seconds=int(session.random.integers(4, 60)))
    if session.random.random() < _SAVES:
        session.note("behavior", "item_save", (2, 8), **of)
    if not came.wanted or came.bought:
        return
    price = session.scenery.items[item].price or PRICE
    session.note("behavior", "cart_add", (5, 40), **of, quantity=1, price=price)
    if session.random.random() < buys:
        came.bought += 1
        buy(session, item, price)


def buy(session: Session, item: int, price: float, **more: Any) -> None:
    """Pay for one thing."""
    line = {"item": session.scenery.items[item].id, "quantity": 1, "price": price}
    session.note(
        "behavior", "purchase", (20, 90), items=[line], value=price, currency=session.scenery.currency, **more
    )


def _stands(session: Session, item: int, position: int) -> dict[str, Any]:
    of = session.scenery.items[item].id
    return {"item": of, "placement": session.scenery.placement, "position": position}


def enter(phone: Phone, fence: Fence, at: float) -> None:
    """Somebody comes into a fence and dwells in it, as their phone tells it once they have."""
    phone.note("geo", "fence_entered", at, **_place(fence))
    phone.note("geo", "fence_dwelled", at + fence.dwell_s, **_place(fence), seconds=fence.dwell_s)


def leave(phone: Phone, fence: Fence, entered: float, at: float) -> None:
    """Somebody leaves it again."""
    phone.note("geo", "fence_exited", at, **_place(fence), seconds=int(at - entered))


def pass_by(phone: Phone, fence: Fence, entered: float, at: float) -> None:
    """Somebody comes through a fence without stopping."""
    phone.note("geo", "fence_entered", entered, **_place(fence))
    leave(phone, fence, entered, at)


def _place(fence: Fence) -> dict[str, str]:
    return {"fence": fence.id, **({"place": fence.item} if fence.item else {})}
