"""Ears of open streams: told once, from any thread, and bounded."""

from __future__ import annotations

import asyncio

import pytest

from herenow.errors import TooManyRequests
from herenow.front.subscriptions import Happening, Subscriptions
from herenow.scope import Scope

HERE = Scope("kiosk", "production")
THERE = Scope("kiosk", "staging")


def test_only_its_own_environment_is_heard():
    """A publication reaches who listens there, once for each sequence, from another thread too."""

    async def run():
        """On the event loop."""
        subscriptions = Subscriptions(10)
        subscriptions.publish(HERE, 1)  # before the loop there is nobody to tell
        subscriptions.start(asyncio.get_running_loop())
        here, there = subscriptions.subscribe(HERE, "a"), subscriptions.subscribe(THERE, "b")
        await asyncio.to_thread(subscriptions.publish, HERE, 2)
        first = await here.wait(5)
        subscriptions.publish(HERE, 2)
        return first, await here.wait(0.01), await there.wait(0.01)

    assert asyncio.run(run()) == (Happening.PUBLISHED, Happening.NOTHING, Happening.NOTHING)


def test_places_are_bounded_and_given_back():
    """No more than the limit in all, a tenth of it for one network; leaving frees a place."""
    subscriptions = Subscriptions(20)
    first = [subscriptions.subscribe(HERE, "a") for _ in range(2)]
    with pytest.raises(TooManyRequests):
        subscriptions.subscribe(HERE, "a")
    for network in range(18):
        subscriptions.subscribe(THERE, str(network))
    with pytest.raises(TooManyRequests):
        subscriptions.subscribe(HERE, "fresh")

    for each in first:
        subscriptions.leave(each)

    assert len(subscriptions) == 18
    subscriptions.subscribe(HERE, "a")


def test_ending_all_wakes_everybody():
    """When the server stops, every stream's wait ends at once; before it began there is nothing to end."""

    async def run():
        """On the event loop."""
        subscriptions = Subscriptions(20)
        subscriptions.end_all()
        subscriptions.start(asyncio.get_running_loop())
        ears = [subscriptions.subscribe(HERE, "a"), subscriptions.subscribe(THERE, "b")]
        subscriptions.end_all()
        return [await each.wait(5) for each in ears]

    assert asyncio.run(run()) == [Happening.ENDED, Happening.ENDED]
