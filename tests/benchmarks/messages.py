"""Messages: a decision over 200 campaigns, and a beacon with its decision in one request.

Decisions are of the processor's time: they are of microseconds, and whatever else runs on the machine would
be measured with them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.figures import Bound, Figure, timed
from tests.benchmarks.talk import (
    GRANTED,
    NOW,
    SCOPE,
    Clock,
    Ids,
    beacon,
    campaign,
    campaigns,
    launch,
    publish,
    settings_in,
)

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.messaging.deciding import drawn
from herenow.messaging.moments import following_of, moment_of
from herenow.messaging.people import Person
from herenow.messaging.state import Kept
from herenow.services import Services
from herenow_sdk.core.messages import decide_messages
from herenow_sdk.core.messages.waiting import Pending, Waiting

LIVE: Final = 200
WAITING: Final = 100
_DECISION: Final = Bound("≤", 1, "ms")
_REQUEST: Final = Bound("≤", 20, "ms")


def messages(folder: Path, seconds: float) -> Iterator[Figure]:
    """What one person costs."""
    clock = Clock()
    services = build_services(settings_in(folder), clock=clock)
    try:
        yield from _decisions(services, seconds)
        publish(services, {**campaigns(LIVE), "now": _at_once()})
        yield _requests(services, clock, seconds, "beacon to decision in one request")
        delayed = f"beacon to decision, {WAITING} campaigns waiting for an hour"
        publish(services, {**campaigns(WAITING), "now": _at_once()})
        yield _requests(services, clock, seconds, delayed, triggered=True)
        outranked = f"beacon to decision, {WAITING} campaigns waiting for their turn"
        ready = {**campaigns(WAITING, delay="1s"), "now": _at_once(priority=5)}
        publish(services, ready, a_day=900)
        yield _requests(services, clock, seconds, outranked, triggered=True)
    finally:
        services.close()


def _decisions(services: Services, seconds: float) -> Iterator[Figure]:
    """Of one person, with few and with all of the campaigns waiting: by the rules, and with what is kept."""
    publish(services, campaigns(LIVE))
    phone = services.launch.first_launch(SCOPE, launch(Ids())).installation
    person, serving = Person.of(SCOPE, phone), services.serving.current(SCOPE)
    moment = moment_of(serving, phone, person, NOW + 4000, reach=frozenset({"push"}), present=True)
    moment, following = replace(moment, consent=GRANTED), following_of(serving, phone)
    by_rules = partial(decide_messages, moment.rules, moment.attributes, local=moment.clock)
    whole = partial(drawn, moment=moment, following=following)
    bounded = partial(timed, seconds=seconds, bound=_DECISION, clock=time.thread_time)
    for number in (5, 25, LIVE):
        waiting = tuple(Waiting(f"c{n}", NOW) for n in range(number))
        state: Mapping[str, Any] = {"triggers": [each.as_json() for each in waiting], "consent": GRANTED}
        name = f"{LIVE} campaigns live, {number} of them waiting, CPU"
        yield bounded(f"decide by the contract, {name}", by_rules, [state])
        yield bounded(f"decide and keep, {name}", whole, [Kept(pending=Pending(waiting, {}))])


def _at_once(**members: Any) -> dict[str, Any]:
    return campaign(trigger={"event": "item_tap"}, caps=[], **members)


def _requests(
    services: Services, clock: Clock, seconds: float, name: str, *, triggered: bool = False
) -> Figure:
    """``POST /v1/beacons`` of a phone that a campaign is triggered for each time, through the application.

    With ``triggered`` a purchase before has all the other campaigns wait.
    """
    _, key = services.keys.create(SCOPE, "publishable", label="bench", by="bench")
    client, ids = create_app(services).test_client(), Ids(int(clock.now) << 32)

    def fresh() -> dict[str, str]:
        body = {"installation_id": ids(), "installation_secret": "s" * 43, "consent": GRANTED}
        answer = client.post("/v1/installations", json=body, headers={"X-Herenow-Key": key})
        assert answer.json is not None
        assert answer.status_code == 201, answer.text
        bearer = {"Authorization": f"Bearer {answer.json['installation']['token']}"}
        if triggered:
            tell(bearer, "purchase")
        return bearer

    def tell(bearer: dict[str, str], what: str) -> Any:
        clock.now += 1
        answer = client.post("/v1/beacons", json={"beacons": [beacon(what, clock, ids)]}, headers=bearer)
        assert answer.json is not None, answer.text
        return answer.json["decisions"]

    def ask(bearer: dict[str, str]) -> None:
        assert len(tell(bearer, "item_tap")) >= (2 if triggered else 1)

    phones = [fresh() for _ in range(32)]
    return timed(name, ask, phones, seconds=seconds, bound=_REQUEST)
