"""A stream's whole life on the loop: opened, told, kept warm, ended."""

from __future__ import annotations

import asyncio
import json
import signal

import pytest
from granian.rsgi import ProtocolClosed
from tests.api.front.conftest import Protocol, Request

from herenow.api.app import create_app
from herenow.api.metrics import RequestMetrics
from herenow.bootstrap import build_services
from herenow.front import streams as stream_module
from herenow.front.application import Front
from herenow.settings import Settings


@pytest.fixture(scope="module")
def measured(seed):
    """The application and its metrics, made once; each test puts its own services into it."""
    metrics = RequestMetrics()
    services = build_services(Settings(data_dir=seed.folder, poll_interval_s=0))
    yield create_app(services, metrics=metrics), metrics
    services.close()


@pytest.fixture
def front(measured, services):
    """The front over the services of a live app; the process's signal handlers are put back."""
    held = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    app, metrics = measured
    app.extensions["herenow"] = services
    yield Front(app, services, metrics)
    for each, handler in held.items():
        signal.signal(each, handler)


def test_a_listener_hears_of_a_publication(front, services, live, until, monkeypatch):
    """The present sequence at first, the new one when it comes, a comment while nothing happens."""
    monkeypatch.setattr(stream_module, "HEARTBEAT_S", 0.05)

    async def run():
        """On the event loop."""
        loop = asyncio.get_running_loop()
        front.__rsgi_init__(loop)
        protocol = Protocol()
        listening = asyncio.create_task(front.__rsgi__(Request(path=f"/sub/{live.key}"), protocol))
        await until(lambda: ":\n\n" in protocol.transport.sent)
        held = services.serving.current(live.scope).pointer.sequence
        services.going_live.publish(live.scope, 1, by="owner", if_match=held)
        await asyncio.to_thread(services.serving.refresh, live.scope)
        await until(lambda: f"id: {held + 1}" in "".join(protocol.transport.sent))
        protocol.left.set()
        await asyncio.wait_for(listening, 5)
        front.__rsgi_del__(loop)
        return protocol

    protocol = asyncio.run(run())

    told = "".join(protocol.transport.sent).replace(":\n\n", "")
    assert protocol.headers["content-type"].startswith("text/event-stream")
    assert told.count("event: features-updated") == 2


def heard(front, path, until_said, until):
    """What a listener at ``path`` has been sent once ``until_said`` is among it."""

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        protocol = Protocol()
        listening = asyncio.create_task(front.__rsgi__(Request(path=path), protocol))
        await until(lambda: until_said("".join(protocol.transport.sent)))
        protocol.left.set()
        await asyncio.wait_for(listening, 5)
        return "".join(protocol.transport.sent)

    return asyncio.run(run())


def test_caches_are_given_time_to_let_go(front, live, until, monkeypatch):
    """Who fetches from a cache is told of a publication twice, with the same id, and no more."""
    monkeypatch.setattr(stream_module, "AGAIN_S", 0.05)
    monkeypatch.setattr(stream_module, "HEARTBEAT_S", 0.2)

    told = heard(front, f"/sub/{live.key}", lambda said: said.count(":\n\n") >= 2, until)

    assert told.count("id: 1\nevent: features-updated") == 2


def test_a_payload_is_told_whole_and_once(front, live, until, monkeypatch):
    """Who asks for the local dialect gets GrowthBook's payload in the event itself."""
    monkeypatch.setattr(stream_module, "AGAIN_S", 0.01)
    monkeypatch.setattr(stream_module, "HEARTBEAT_S", 0.1)

    told = heard(front, f"/local/sub/{live.key}", lambda said: ":\n\n" in said, until)

    [data] = [line.removeprefix("data: ") for line in told.splitlines() if line.startswith("data: ")]
    assert "event: features\n" in told
    assert json.loads(data) == live.client.get(f"/api/features/{live.key}").json


def test_a_stream_is_not_for_ever(front, live, monkeypatch):
    """After its time it ends by itself; a client that knows the present sequence was told nothing."""
    monkeypatch.setattr(stream_module, "LIFETIME_S", 0.05)

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        protocol = Protocol()
        held = str(live.services.serving.current(live.scope).pointer.sequence)
        request = Request(path=f"/ofrep/v1/streams/{live.key}", sent=[("last-event-id", held)])
        await asyncio.wait_for(front.__rsgi__(request, protocol), 5)
        return protocol.transport.sent

    assert "".join(asyncio.run(run())).count("event:") == 0


def test_the_signal_to_stop_ends_streams(front, live, until):
    """SIGTERM of the process closes what is open."""

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        protocol = Protocol()
        listening = asyncio.create_task(front.__rsgi__(Request(path=f"/sub/{live.key}"), protocol))
        await until(lambda: protocol.transport.sent)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(listening, 5)

    asyncio.run(run())


def test_who_leaves_between_two_words_leaves_nothing_behind(front, live):
    """A send that fails ends the stream quietly and frees its place."""

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        protocol = Protocol()
        protocol.transport.broken = True
        await asyncio.wait_for(front.__rsgi__(Request(path=f"/sub/{live.key}"), protocol), 5)

    asyncio.run(run())

    assert len(front._subscriptions) == 0


def test_who_leaves_before_the_body_is_read_is_owed_nothing(front):
    """A connection that breaks under a body is no error of the application."""

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        protocol = Protocol([ProtocolClosed()])
        await front.__rsgi__(Request("POST", "/v1/config", sent=[("content-length", "9")]), protocol)
        return protocol.status

    assert asyncio.run(run()) == 0


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (Request("OPTIONS", path="/sub/pk_nobody"), 204),
        (Request(path="/sub/pk_nobody"), 401),
        (Request("POST", "/sub/pk_nobody"), 405),
        (Request(path="/healthz"), 200),
    ],
)
def test_what_is_no_stream(front, request_, status):
    """A browser may ask first; a wrong key and method are problems; other paths are the application's."""

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        protocol = Protocol()
        await front.__rsgi__(request_, protocol)
        return protocol

    assert asyncio.run(run()).status == status


def test_too_many_streams(front, live, until):
    """One network gets a tenth of the places; the next is told when to come again."""
    front._subscriptions._network_limit = 1

    async def run():
        """On the event loop."""
        front.__rsgi_init__(asyncio.get_running_loop())
        first, second = Protocol(), Protocol()
        request = Request(path=f"/sub/{live.key}")
        listening = asyncio.create_task(front.__rsgi__(request, first))
        await until(lambda: first.transport.sent)
        await front.__rsgi__(request, second)
        first.left.set()
        await listening
        return second

    refused = asyncio.run(run())

    assert refused.status == 429
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["x-request-id"] == json.loads(refused.content)["request_id"]
