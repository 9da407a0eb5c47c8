"""A start is bounded: whatever the server does, the app goes on with the best that is on the device.

That the client still hangs on the line when ``start`` has returned shows that it was not waited for.
"""

import json

import pytest
from tests.sdk_contract.client.apps import TITLE, launched
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED
from tests.sdk_contract.client.sockets import dripping, silent, talking

from herenow_sdk.core.reasons import AnswerSource

DAY_S = 86_400
PATIENCE_S = 60.0
"""How long the transport waits in these tests: far longer than any of them."""
BODY = json.dumps({"config": {"features": {}}, "padding": "x" * 4000}).encode()
WHOLE = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
SERVERS = pytest.mark.parametrize(
    "talk",
    [silent(), dripping(WHOLE), dripping(WHOLE, len(WHOLE) - len(BODY))],
    ids=["silent", "dripping-headers", "dripping-body"],
)


@pytest.fixture(name="start")
def _start(phones):
    """Opens an app on such a server with a short budget, and starts it."""

    def start(server, acquisition=None, **changes):
        app = phones.open(url=server.url, timeout_s=PATIENCE_S, **{"budget_ms": 50, **changes})
        return app, app.start(CONTEXT, acquisition, GRANTED if acquisition else None)

    return start


@pytest.mark.requirement("14.3.4")
@SERVERS
def test_a_first_start_goes_on_with_the_defaults(start, talk):
    """Nothing is known yet: the app's own values stand when the budget is spent."""
    with talking(talk) as server:
        app, source = start(server, FOUND)

        assert source is AnswerSource.DEFAULT
        assert app.feature("home_title", "Welcome") == "Welcome"
        assert server.asked.wait(10)
        assert server.open == 1
        app.close()


@pytest.mark.requirement("14.3.4", "14.2.1")
@SERVERS
def test_a_first_start_with_a_package_goes_on_with_it(backend, start, talk):
    """Real decisions, though of nobody in particular."""
    with talking(talk) as server:
        app, source = start(server, FOUND, package=backend.package())

        assert source is AnswerSource.PACKAGED
        assert app.feature("home_title", "Welcome") != "Welcome"
        assert server.asked.wait(10)
        assert server.open == 1
        app.close()


@pytest.mark.requirement("14.3.4")
@SERVERS
def test_a_start_with_a_good_answer_does_not_wait_at_all(phones, start, talk):
    """Not even a large budget is touched."""
    launched(phones).close()
    with talking(talk) as server:
        app, source = start(server, budget_ms=5000)

        assert source is AnswerSource.SERVER
        assert app.feature("home_title", "Welcome") == TITLE
        assert server.asked.wait(10)
        assert server.open == 1
        app.close()


@pytest.mark.requirement("14.3.4", "14.6.2")
def test_a_start_with_rules_of_its_own_does_not_wait_either(backend, phones, start):
    """The answer has lapsed, the device decides."""
    launched(phones).close()
    backend.pass_time(DAY_S)
    with talking(silent()) as server:
        app, source = start(server, budget_ms=5000)

        assert source is AnswerSource.DEVICE
        assert app.feature("home_title", "Welcome") == TITLE
        assert server.asked.wait(10)
        assert server.open == 1
        app.close()


@pytest.mark.requirement("14.2.1")
def test_an_outlived_answer_stands_where_the_budget_is_spent(backend, phones, start):
    """Without rules of its own a device shows what it last heard, and says that it is stale."""
    launched(phones, verify=None).close()
    backend.pass_time(DAY_S)
    with talking(silent()) as server:
        app, source = start(server, verify=None)

        assert source is AnswerSource.SERVER
        assert app.explain("home_title").stale
        assert app.feature("home_title", "Welcome") == TITLE
        app.close()


@pytest.mark.requirement("14.3.4")
def test_a_start_ends_as_soon_as_there_is_no_answer_to_wait_for(phones):
    """Nobody listens: five seconds of budget are not spent on that."""
    waited = []
    settings = phones.settings()

    def wait(event, seconds):
        told = event.wait(seconds)
        waited.append((seconds, told))
        return told

    host = type(settings.host)(clock=settings.host.clock, wait=wait)
    app = phones.open(url="http://127.0.0.1:1", host=host)

    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.DEFAULT
    assert (5.0, True) in waited


def test_an_app_that_closes_leaves_no_thread_and_no_connection(start):
    """The request under way is ended from here."""
    with talking(silent()) as server:
        app, _ = start(server, FOUND)
        assert server.asked.wait(10)

        app.close(within_s=10)

        assert not app._worker._thread.is_alive()
        assert server.left.wait(10)
        assert server.open == 0


@pytest.mark.requirement("13.3.4")
def test_what_was_recorded_while_the_server_was_silent_is_sent_later(backend, phones, start):
    """Once, to a server that answers."""
    launched(phones).close()
    with talking(silent()) as server:
        app, _ = start(server)
        app.track("item_tap", {"item": "patty-lane"})
        app.close()

    app = phones.open()
    app.start(CONTEXT)
    app.flush(within_s=10)

    assert backend.statuses("/v1/beacons") == [200]
    assert app._device.mailbox.is_empty
