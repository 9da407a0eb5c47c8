"""What the server says about an installation, over HTTP: erased, refused, another's."""

import json

import pytest
from tests.sdk_contract.client.apps import TITLE, launched, restarted
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.client.store import Store
from herenow_sdk.core.reasons import AnswerSource

LAUNCH = "/v1/installations"


def identity(app):
    """Who this device is at the moment."""
    return app._device.installation


def erased_on_the_server(app):
    """The person asks for it with the token of this device, past the client."""
    calls = app._worker._synchroniser._calls
    return calls.authorised(identity(app), "DELETE", "/v1/me", {}).status


def restore_backup(phones, name, other):
    """The app's files of another device come to this one, with a secret of its own."""
    settings = phones.settings(name)
    files, secrets = (Store(each, settings.diagnostics) for each in (settings.folder, settings.secret_folder))
    files.write_json("installation", {**files.read_json("installation"), "id": other, "launched": False})
    secrets.write_json("secret", {**secrets.read_json("secret"), "id": other})


def never_launched(phones, name):
    """An app that was opened once, without a network, after a search."""
    app = phones.open(name, url="http://127.0.0.1:1", budget_ms=0)
    app.start(CONTEXT, FOUND, GRANTED)
    app.close()
    return app


def problem(status, code):
    """An answer of the server's that refuses."""
    return status, json.dumps({"code": code, "status": int(status[:3])}).encode()


@pytest.mark.requirement("15.1.4", "13.5.1")
def test_an_installation_that_was_erased_on_the_server_forgets_everything(backend, phones):
    """410: beacons, answers and what was stated are gone, and a new one waits for the next start."""
    app = launched(phones)
    before = identity(app).id
    app.track("item_tap")
    assert erased_on_the_server(app) in {200, 202, 204}
    app.refresh(within_s=10)

    assert 410 in [status for _, _, status in backend.requests]
    assert identity(app).id != before
    assert app._device.stated == {}
    assert app._device.mailbox.is_empty
    assert app.feature("home_title", "Welcome") != TITLE


@pytest.mark.requirement("15.1.4")
def test_after_410_nothing_is_sent_before_the_next_start(backend, phones):
    """And nothing runs in the meantime; then it launches as somebody new."""
    app = launched(phones)
    erased_on_the_server(app)
    app.refresh(within_s=10)
    asked, passes = len(backend.requests), app._worker._passes
    app.track("item_tap")
    app.refresh(within_s=0.2)
    app.flush(within_s=0.2)

    assert len(backend.requests) == asked
    assert app._worker._passes == passes
    app.close()
    again, _ = restarted(phones)
    again.refresh(within_s=10)
    assert identity(again).launched
    assert backend.statuses(LAUNCH) == [201, 201]


@pytest.mark.requirement("15.1.4")
def test_an_erasure_told_by_the_app_lets_the_worker_rest(phones):
    """Nothing is due before the next start, so no pass is run."""
    app = launched(phones)
    app.erased()
    passes = app._worker._passes

    assert app.refresh(within_s=0.2) is False
    assert app._worker._passes <= passes + 1


@pytest.mark.requirement("15.1.5", "13.5.1")
def test_a_restored_backup_launches_as_somebody_new_with_its_own_search(backend, phones):
    """409: the id is another device's; the person here is the same, and so is what they searched."""
    taken = identity(launched(phones)).id
    never_launched(phones, "restored")
    restore_backup(phones, "restored", taken)

    app = phones.open("restored")
    source = app.start(CONTEXT, FOUND)

    assert backend.statuses(LAUNCH) == [201, 409, 201]
    assert source is AnswerSource.SERVER
    assert app.feature("home_title", "Welcome") == TITLE
    assert identity(app).id != taken


@pytest.mark.requirement("15.1.5")
def test_a_restored_backup_leaves_the_other_device_alone(backend, phones):
    """Its id and its secret go on working."""
    first = launched(phones)
    never_launched(phones, "restored")
    restore_backup(phones, "restored", identity(first).id)
    launched(phones, "restored")

    first.refresh(within_s=10)

    assert identity(first).launched
    assert backend.statuses("/v1/config")[-1] in {200, 304}


@pytest.mark.requirement("15.1.5", "13.5.1")
def test_a_secret_that_is_refused_is_replaced(backend, phones):
    """401 INVALID_SECRET when the token is renewed: beacons of the old one go, a new one launches."""
    app = launched(phones)
    before = identity(app).id
    app.close()
    secrets = Store(phones.settings().secret_folder, phones.settings().diagnostics)
    secrets.write_json("secret", {**secrets.read_json("secret"), "secret": "A" * 43})

    app, _ = restarted(phones)
    app.refresh(within_s=10)

    assert backend.statuses("/v1/token") == [401]
    assert identity(app).id != before
    assert identity(app).launched


@pytest.mark.requirement("13.5.2")
@pytest.mark.parametrize(
    ("status", "code"), [("409 Conflict", "SECRET_MISMATCH"), ("401 Unauthorized", "INVALID_SECRET")]
)
def test_a_server_that_refuses_every_new_one_is_not_asked_without_end(backend, phones, status, code):
    """Two ids, then a back-off."""
    backend.rewrite = lambda _path, _status, _body: problem(status, code)
    app = phones.open()
    app.start(CONTEXT, FOUND, GRANTED)
    app.refresh(within_s=0.3)

    assert len(backend.asked(LAUNCH)) == 2
    assert app._device.asked.retry_at is not None


@pytest.mark.requirement("15.1.7")
@pytest.mark.parametrize(("status", "code"), [("410 Gone", "OTHER"), ("409 Conflict", "OTHER")])
def test_a_refusal_of_another_kind_changes_nothing(backend, phones, status, code):
    """Status and code together say what is meant."""
    app = launched(phones)
    before = identity(app)
    backend.rewrite = lambda _path, _status, _body: problem(status, code)

    app.refresh(within_s=10)

    assert identity(app) == before
    assert app.feature("home_title", "Welcome") == TITLE
