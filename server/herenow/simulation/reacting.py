"""What people do with a message: let it be, put it away, open it, take up what it offers.

Somebody asleep hardly opens anything, and mail is opened less than what the phone shows. An offer is opened
and taken up by its form: one form works with a person far better than the others. A message without an
offer brings some to what it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.simulation.living import PRICE, Session, buy

_OPENS: Final = 0.6
_OPENS_OFFER, _LIKED = 0.4, 0.4
"""An offer is opened by so much, and by so much more as its form is liked."""
_ASLEEP: Final = 0.13
_PUTS_AWAY: Final = 0.6
_GOES: Final = 0.2
_BY_CHANNEL: Final[Mapping[str, float]] = {"push": 0.7, "email": 0.45}


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
    message: str = ""


def react(session: Session, message: Mapping[str, Any], day: int, hour: int, *, gone: bool = False) -> Shown:
    """Show a message and note what comes of it; who is ``gone`` takes up nothing."""
    random, channel = session.random, message["channel"]
    about = {"campaign": message["campaign"], "message": message["id"], "channel": channel}
    offer = message.get("offer")
    about |= {"offer": offer} if offer else {}
    form = session.scenery.forms.get(offer) if offer else None
    likes = session.person.answers.get(form or "", _GOES)
    if channel != "email":  # what a mail program does the app never hears
        session.note("message", "delivered" if channel == "push" else "shown", (0, 1), **about)
    opened = bool(random.random() < _opens(session, channel, form, likes, hour))
    taken = bool(random.random() < likes) and opened and not gone
    if opened:
        session.note("message", "opened", (5, 90), **about)
    elif channel != "email" and random.random() < _PUTS_AWAY:
        session.note("message", "dismissed", (5, 90), **about)
    if taken:
        session.note("message", "acted", (2, 20), **about)
        _take_up(session, message, offer)
    return Shown(
        session.person.number,
        day,
        message["campaign"],
        channel,
        form,
        opened=opened,
        taken=taken,
        message=message["id"],
    )


def _opens(session: Session, channel: str, form: str | None, likes: float, hour: int) -> float:
    begins, ends = session.person.awake
    opens = _OPENS if form is None else _OPENS_OFFER + _LIKED * likes
    return opens * _BY_CHANNEL.get(channel, 1.0) * (1.0 if begins <= hour < ends else _ASLEEP)


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
