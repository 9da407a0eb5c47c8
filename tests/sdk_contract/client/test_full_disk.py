"""A disk that takes nothing: the app lives on, from memory, and nobody sees what is not theirs."""

import pytest
from tests.e2e.servers import until
from tests.sdk_contract.client.apps import TITLE, launched, restarted
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.core.reasons import AnswerSource


@pytest.fixture(name="unwritable")
def _unwritable(tmp_path):
    """A folder that cannot be made, for anybody: a file stands in its way."""
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "app"


def taken_away(folder):
    """From now on nothing can be written to it, or removed."""
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_bytes(b"")
    return away


def put_back(folder, away):
    """The folder as it was left."""
    folder.unlink()
    away.rename(folder)


def test_a_first_launch_is_personal_although_nothing_can_be_kept(backend, phones, unwritable):
    """The server answers, the screen shows it, once."""
    app = phones.open(folder=unwritable)

    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.SERVER
    assert app.feature("home_title", "Welcome") == TITLE
    assert until(lambda: app._device.asked.retry_at is not None, 10)

    assert backend.statuses("/v1/installations") == [201]
    assert "NOT_WRITTEN" in phones.codes()


def test_a_first_screen_is_decided_from_the_package_although_nothing_can_be_kept(backend, phones, unwritable):
    """No disk and no network."""
    package = backend.package()
    backend.down = True
    app = phones.open(folder=unwritable, package=package, budget_ms=0)

    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.PACKAGED
    assert app.feature("home_title", "Welcome") != "Welcome"


def test_a_server_is_not_asked_without_end_when_nothing_can_be_kept(backend, phones, unwritable):
    """A pass that fails on the disk backs off like one that fails on the network."""
    app = phones.open(folder=unwritable)
    app.start(CONTEXT, FOUND, GRANTED)
    assert until(lambda: app._device.asked.retry_at is not None, 10)
    asked = len(backend.requests)

    assert app.refresh(within_s=0.3) is False

    assert len(backend.requests) == asked


def test_nothing_is_raised_into_the_app_when_its_folder_is_taken_away(phones):
    """Every call, in the middle of a run."""
    app = launched(phones)
    taken_away(phones.settings().folder)

    app.track("item_tap", {"item": "patty-lane"})
    app.exposure("home_title")
    app.set_consent({"location": "denied"})
    app.identify("asha", "token")
    app.background()
    app.foreground()
    app.refresh(within_s=0.2)

    assert app.feature("home_title", "Welcome") == TITLE
    assert app.placement("home_feed").items
    assert {each.beacon["name"] for each in app._device.mailbox.outbox.queued} == {"item_tap", "home_title"}


@pytest.mark.requirement("15.1.3")
def test_nobody_sees_what_the_last_one_searched_though_nothing_can_be_written(phones):
    """Signed out on a full disk."""
    app = launched(phones)
    app.identify("asha", "token")
    app.track("item_tap")
    before = app._device.installation.id
    taken_away(phones.settings().folder)

    app.logout()

    assert app.feature("home_title", "Welcome") != TITLE
    assert app._device.installation.id != before


def test_a_kill_counts_though_the_manifest_cannot_be_kept(backend, phones):
    """What is wrong in the field does not wait for room on the disk."""
    app = launched(phones)
    taken_away(phones.settings().folder)
    backend.kill("features")

    app.refresh(within_s=10)

    assert app.feature("home_title", "Welcome") == "Welcome"


def test_what_was_kept_before_is_there_once_the_folder_is(backend, phones):
    """Nothing that was on disk suffers from a time without one."""
    app = launched(phones)
    app.track("before")
    away = taken_away(phones.settings().folder)
    app.track("meanwhile")
    app.close()
    put_back(phones.settings().folder, away)
    backend.down = True

    app, source = restarted(phones)

    assert source is AnswerSource.SERVER
    assert [each.beacon["name"] for each in app._device.mailbox.outbox.queued] == ["before"]
