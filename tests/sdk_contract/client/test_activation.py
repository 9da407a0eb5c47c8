"""An answer takes effect at a safe moment, and not before: nothing moves under the finger."""

import threading

import pytest
from tests.sdk_contract.client.apps import TITLE, launched, restarted
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.core.reasons import AnswerSource

HALF_HOUR_S = 1800


@pytest.fixture(name="late")
def _late(backend, phones):
    """An app that was started while the server holds its answer back, and what lets that answer go."""

    def start(**changes):
        backend.holding = threading.Event()
        app = phones.open(budget_ms=20, **changes)
        assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.DEFAULT
        return app

    return start


def answered(backend, app):
    """Let the answer come, and everything that follows it."""
    backend.holding.set()
    assert app.refresh(within_s=10)


def title(app):
    """What the first screen says."""
    return app.feature("home_title", "Welcome")


def back_after(app, clock, seconds):
    """The app goes out of sight and comes back."""
    app.background()
    clock.now += seconds
    app.foreground()


def renamed(name):
    """A change of the title for everybody."""
    return lambda document: document["home_title"].update(rules=[], default=name)


@pytest.mark.requirement("14.3.1", "14.3.2")
def test_a_late_answer_is_kept_for_the_next_session(backend, clock, late):
    """It comes after the wait: the screen stands until the app was away for half an hour."""
    app = late(activation="next_session")
    answered(backend, app)
    assert app._device.answer is not None
    assert title(app) == "Welcome"

    back_after(app, clock, HALF_HOUR_S - 1)
    assert title(app) == "Welcome"
    back_after(app, clock, HALF_HOUR_S)

    assert title(app) == TITLE


@pytest.mark.requirement("14.3.2")
def test_a_late_answer_for_the_next_start_waits_for_it(backend, phones, clock, late):
    """A new session does not do either; the next start shows it without asking anybody."""
    app = late(activation="next_start", verify=None)
    answered(backend, app)
    back_after(app, clock, HALF_HOUR_S)
    assert title(app) == "Welcome"
    app.close()
    backend.down = True

    app, source = restarted(phones, verify=None)

    assert source is AnswerSource.SERVER
    assert title(app) == TITLE


@pytest.mark.requirement("14.3.2")
def test_a_late_answer_that_may_apply_now_does(backend, late):
    """Where neither server nor app asks for calm."""
    app = late()

    answered(backend, app)

    assert title(app) == TITLE


@pytest.mark.requirement("14.3.1")
@pytest.mark.parametrize("told", ["next_session", "next_start", "of-a-later-version"])
def test_the_calmer_of_server_and_app_counts(backend, late, told):
    """The app would take it now; the server asks for later."""
    backend.rewrite = lambda _, status, body: (
        status,
        body.replace(b'"activation":"now"', b'"activation":"%s"' % told.encode()),
    )
    app = late(activation="now")

    answered(backend, app)

    assert title(app) == "Welcome"


@pytest.mark.requirement("14.3.2")
def test_a_change_of_consent_lets_no_kept_answer_through(backend, late):
    """Who says no to one thing has not asked for another screen."""
    app = late(activation="next_start")
    answered(backend, app)

    app.set_consent({"location": "denied"})

    assert title(app) == "Welcome"


@pytest.mark.requirement("14.3.2")
def test_of_several_kept_answers_the_last_one_takes_effect(backend, phones, clock):
    """Two publications while the app is in use are one change of the screen."""
    app = launched(phones, activation="next_session")
    for name in ("First", "Second"):
        backend.publish({"features.json": renamed(name)})
        clock.now += 60
        app.refresh(within_s=10)
        assert title(app) == TITLE

    back_after(app, clock, HALF_HOUR_S)

    assert title(app) == "Second"


@pytest.mark.requirement("14.3.4")
def test_an_answer_within_the_budget_is_the_first_screen(phones):
    """Whatever activation is asked for: nothing is on display yet."""
    app = phones.open(activation="next_start")

    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.SERVER
    assert title(app) == TITLE
