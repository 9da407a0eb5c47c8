"""A client against a real server that goes away, publishes, refuses, drips and lies."""

import base64
import json
from stat import S_IMODE

import pytest
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.client import Herenow, NullHerenow
from herenow_sdk.client.store import Store
from herenow_sdk.core.reasons import AnswerSource

TITLE = "Burgers in Kandivali West"
CONFIG = "/v1/config"


def launched(phones, name="phone", **changes):
    """An app after its first launch, with its rules fetched."""
    app = phones.open(name, **changes)
    app.start(CONTEXT, FOUND, GRANTED)
    app.refresh(within_s=10)
    return app


def restarted(phones, name="phone", **changes):
    """The app opened again, nothing waited for."""
    app = phones.open(name, **changes)
    return app, app.start(CONTEXT)


@pytest.mark.requirement("14.3.4")
def test_a_restart_shows_what_is_on_disk_without_waiting(backend, phones):
    """With the server gone the last answer still stands, at the first frame."""
    launched(phones).close()
    backend.down = True

    app, source = restarted(phones)

    assert source is AnswerSource.SERVER
    assert app.feature("home_title", "Welcome") == TITLE


@pytest.mark.requirement("14.6.2")
def test_offline_the_device_decides_by_its_own_rules(backend, phones):
    """Once the answer has lapsed, the rules on disk decide, and can be explained."""
    launched(phones).close()
    backend.down = True
    backend.pass_time(86_400)

    app, source = restarted(phones)

    assert source is AnswerSource.DEVICE
    assert app.feature("home_title", "Welcome") == TITLE
    assert app.placement("home_feed").items[0]["fields"]["area"] == "Kandivali West"
    assert app.explain("home_title").checks["rules"]


def test_an_unchanged_config_is_asked_for_by_its_tag(backend, phones):
    """A full answer gives the tag, the next request is answered 304."""
    app = launched(phones)
    app.refresh(within_s=10)
    app.refresh(within_s=10)

    assert backend.statuses(CONFIG)[-1] == 304
    assert app.feature("home_title", "Welcome") == TITLE


def test_a_publication_reaches_a_running_app(backend, phones):
    """The next pass shows it, because the server says that it applies now."""
    app = launched(phones)

    def renamed(document):
        document["home_title"]["rules"] = []
        document["home_title"]["default"] = "Renamed"

    backend.publish({"features.json": renamed})
    app.refresh(within_s=10)
    app.refresh(within_s=10)

    assert app.feature("home_title", "Welcome") == "Renamed"


@pytest.mark.requirement("16.4.1")
def test_a_forged_manifest_changes_nothing(backend, phones):
    """One bit of the signature is enough; the rules held before stay."""
    launched(phones).close()
    backend.pass_time(86_400)

    def forge(path, status, body):
        if not path.endswith("/manifest") or not body:
            return status, body
        head, payload, signature = body.split(b".")
        raw = bytearray(base64.urlsafe_b64decode(signature + b"=="))
        raw[0] ^= 1
        return status, b".".join((head, payload, base64.urlsafe_b64encode(raw).rstrip(b"=")))

    backend.rewrite = forge
    app, _ = restarted(phones)
    app.refresh(within_s=10)

    assert "BAD_SIGNATURE" in phones.codes()
    assert app._device.rules.active.manifest.sequence == app._device.rules.accepted.sequence
    told = json.dumps(phones.reported)
    assert app._device.installation.id not in told
    assert "kandivali" not in told.lower()


def test_without_a_verifier_it_says_so_and_decides_nothing(backend, phones):
    """The server's answers are used; rules of its own it has none."""
    launched(phones, verify=None).close()
    backend.down = True
    backend.pass_time(40 * 86_400)

    app, source = restarted(phones, verify=None)

    assert source is AnswerSource.DEFAULT
    assert "NO_VERIFIER" in phones.codes()
    assert app.feature("home_title", "Welcome") == "Welcome"


@pytest.mark.requirement("15.1.5")
def test_a_restored_backup_becomes_a_new_installation(phones):
    """The files came back without the secret: a new id launches, nothing of the old one is shown."""
    app = launched(phones)
    before = app._device.installation.id
    app.close()
    (phones.settings().secret_folder / "secret").unlink()

    app, _ = restarted(phones)
    app.refresh(within_s=10)

    assert app._device.installation.id != before
    assert app._device.installation.launched


@pytest.mark.requirement("15.1.5")
def test_a_secret_that_the_server_does_not_know_is_replaced(backend, phones):
    """409 at a first launch: another device has this id."""
    first = launched(phones)
    taken = first._device.installation.id
    other = phones.open("other")
    other.start(CONTEXT)
    other.close()
    store = phones.settings("other")
    files, secrets = (Store(each, store.diagnostics) for each in (store.folder, store.secret_folder))
    kept = files.read_json("installation")
    files.write_json("installation", {**kept, "id": taken, "launched": False})
    secrets.write_json("secret", {**secrets.read_json("secret"), "id": taken})

    app, _ = restarted(phones, "other")
    app.refresh(within_s=10)

    assert 409 in backend.statuses("/v1/installations")
    assert app._device.installation.id != taken
    assert app._device.installation.launched


@pytest.mark.requirement("15.1.4")
def test_an_erased_installation_launches_anew_only_at_the_next_start(backend, phones):
    """Everything is gone at once, and nothing is sent until the app is opened again."""
    app = launched(phones)
    app.track("item_tap")
    app.erased()
    asked = len(backend.requests)
    app.refresh(within_s=1)

    assert app.feature("home_title", "Welcome") != TITLE
    assert len(backend.requests) == asked
    app.close()
    app, _ = restarted(phones)
    app.refresh(within_s=10)
    assert app._device.installation.launched


@pytest.mark.requirement("15.1.3")
def test_nothing_of_a_person_is_shown_after_they_signed_out(phones):
    """The next one who holds the phone does not see what the last one searched."""
    app = launched(phones)
    app.identify("asha", "token")
    before = app._device.installation.id

    app.logout()

    assert app._device.installation.id != before
    assert app.feature("home_title", "Welcome") != TITLE


def test_a_token_that_has_ended_is_renewed(backend, phones):
    """401, a fresh token, the same request once more."""
    app = launched(phones)
    app._worker._synchroniser._calls._tokens[app._device.installation.id] = (
        "nonsense",
        backend.clock() + 10**6,
    )
    app.refresh(within_s=10)

    assert 401 in backend.statuses(CONFIG)
    assert backend.statuses("/v1/token") == [200]
    assert backend.statuses(CONFIG)[-1] in {200, 304}


@pytest.mark.requirement("14.3.4")
def test_a_start_returns_its_default_when_the_server_is_silent(phones):
    """A budget of nothing: the app goes on with what it has."""
    app = phones.open(budget_ms=0)

    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.DEFAULT
    assert app.feature("home_title", "Welcome") == "Welcome"


@pytest.mark.requirement("14.5.1", "14.5.2")
@pytest.mark.parametrize("damage", [b"", b"{", b"\x00" * 400])
def test_a_damaged_record_is_deleted_and_the_rest_goes_on(backend, phones, damage):
    """Whatever stands in the files, the app starts."""
    launched(phones).close()
    folder = phones.settings().folder
    for record in folder.iterdir():
        if record.is_file() and record.name != "installation":
            record.write_bytes(damage)
    backend.down = True

    app, source = restarted(phones)

    assert source is AnswerSource.DEFAULT
    assert "CORRUPT" in phones.codes()
    assert app.feature("home_title", "Welcome") == "Welcome"


def test_beacons_survive_a_restart_and_count_once(backend, phones):
    """Recorded without a network, sent at the next chance, acknowledged, gone."""
    launched(phones).close()
    backend.down = True
    app, _ = restarted(phones)
    app.track("item_tap", {"item": "patty-lane"})
    app.track("item_tap", {"item": "biryani-bhai"})
    app.close()
    backend.down = False

    app, _ = restarted(phones)
    app.flush(within_s=10)

    assert backend.statuses("/v1/beacons") == [200]
    assert app._device.mailbox.is_empty


def test_a_torn_line_costs_that_line_alone(backend, phones):
    """A crash in the middle of a write: what was recorded before and after is there."""
    launched(phones).close()
    backend.down = True
    app, _ = restarted(phones)
    app.track("first")
    journal = app._device.mailbox._journal()
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole[: len(whole) // 2])
    app.track("second")
    app.close()

    app, _ = restarted(phones)

    assert [each.beacon["name"] for each in app._device.mailbox.outbox.queued] == ["first", "second"]


def test_the_secret_is_for_its_owner_alone(phones):
    """Mode 0600, in a folder of its own."""
    launched(phones)
    secret = phones.settings().secret_folder / "secret"

    assert S_IMODE(secret.stat().st_mode) == 0o600


@pytest.mark.requirement("16.3.1")
def test_a_withdrawal_takes_effect_before_anybody_answers(backend, phones):
    """With the server gone the search is forgotten all the same."""
    app = launched(phones)
    backend.down = True

    app.set_consent({"personalization": "denied"})

    assert app.feature("home_title", "Welcome") != TITLE


@pytest.mark.parametrize("context", [None, 7, {"a": object()}, {"device": "x" * 10**6}])
def test_nothing_is_raised_into_the_app(phones, context):
    """Whatever the app passes in, it gets its defaults or better."""
    app = phones.open(budget_ms=0)
    app.start(context)
    app.track(None, {"a": object()})
    app.set_consent(7)
    app.identify(None, None)
    app.exposure(None)
    app.logout()

    assert app.feature("home_title", "Welcome") == "Welcome"
    assert not app.placement(None).items


def test_the_null_client_has_every_method_and_does_nothing():
    """An app that could not be configured calls the same names."""
    public = {name for name in vars(Herenow) if not name.startswith("_")}
    null = NullHerenow()

    assert public <= set(dir(null))
    assert null.feature("home_title", "Welcome") == "Welcome"
    assert null.start(CONTEXT) is AnswerSource.DEFAULT
