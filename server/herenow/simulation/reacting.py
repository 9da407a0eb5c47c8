"""What people do with a message that their phone shows: let it be, open it, take up what it offers.

Somebody asleep hardly opens anything. Who opens an offer takes it up by its form: one form works with a
person far better than the others. A message without an offer brings some to what it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from herenow.simulation.living import PRICE, Session, buy

_OPENS_AWAKE, _OPENS_ASLEEP = 0.6, 0.08
_GOES = 0.2


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that was shown to somebody on a day, and what they did."""

    person: int
    day: int
    campaign: str
    channel: str
    form: str | None
    opened: bool
    taken: bool


def react(session: Session, message: Mapping[str, Any], day: int, hour: int) -> Shown:
    """Show a message and note what comes of it."""
    person, random, scenery = session.person, session.random, session.scenery
    about = {"campaign": message["campaign"], "message": message["id"], "channel": message["channel"]}
    offer = message.get("offer")
    about |= {"offer": offer} if offer else {}
    form = scenery.forms.get(offer) if offer else None
    session.note("message", "shown", (0, 1), **about)
    begins, ends = person.awake
    opened = random.random() < (_OPENS_AWAKE if begins <= hour < ends else _OPENS_ASLEEP)
    taken = opened and random.random() < (person.answers.get(form or "", _GOES))
    if not opened:
        session.note("message", "dismissed", (5, 90), **about)
    else:
        session.note("message", "opened", (5, 90), **about)
    if taken:
        session.note("message", "acted", (2, 20), **about)
        _take_up(session, message, offer)
    return Shown(
        person.number, day, message["campaign"], message["channel"], form, opened=opened, taken=taken
    )


def _take_up(session: Session, message: Mapping[str, Any], offer: str | None) -> None:
    """Buy what stands where the message speaks of, or else what they like best."""
    scenery = session.scenery
    fence = next((each for each in scenery.fences if each.id == message.get("place")), None)
    item = scenery.index.get(fence.item or "") if fence else None
    bought = session.person.favourite if item is None else item
    price = scenery.items[bought].price or PRICE
    buy(session, bought, price, **({"offer": offer} if offer else {}))
    if offer:
        session.note("behavior", "offer_redeemed", (1, 5), offer=offer, campaign=message["campaign"])
