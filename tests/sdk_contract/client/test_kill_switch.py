"""A capability that the manifest switches off: at once, before its parts, and until it is on again."""

import pytest
from tests.sdk_contract.client.apps import TITLE, launched, restarted
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.core.reasons import AnswerSource, FeatureReason, OrderReason

BLOBS = "/v1/blobs/"
DAY_S = 86_400


def parts(backend, *capabilities):
    """Where the parts of these capabilities lie."""
    payload = backend.services.publishing.manifest(backend.scope).payload
    return [BLOBS + each["sha256"] for each in payload["parts"] if each["capability"] in capabilities]


@pytest.mark.requirement("17.2.1", "3.5.2")
def test_no_part_of_a_killed_capability_is_fetched(backend, phones):
    """The manifest says it first, so that a part which breaks phones never reaches one."""
    backend.kill("features")

    app = launched(phones)

    asked = backend.asked(BLOBS)
    assert sorted(asked) == sorted(parts(backend, "placements"))
    assert not set(asked) & set(parts(backend, "features"))
    assert app.feature("home_title", "Welcome") == "Welcome"


@pytest.mark.requirement("17.1.2")
def test_nothing_is_decided_of_a_killed_capability(backend, phones):
    """Offline too: every feature is off with its reason, the other capability goes on."""
    backend.kill("features")
    launched(phones).close()
    backend.down = True
    backend.pass_time(DAY_S)

    app, source = restarted(phones)

    assert source is AnswerSource.DEVICE
    assert {told["reason"] for told in app.config["features"].values()} <= {FeatureReason.DISABLED}
    assert app.explain("home_title").reason == FeatureReason.DISABLED
    assert app.feature("home_title", "Welcome") == "Welcome"
    assert app.placement("home_feed").items


@pytest.mark.requirement("17.2.1", "3.3.7")
def test_a_kill_counts_although_no_part_can_be_fetched(backend, phones):
    """A new manifest came, its parts do not: it is obeyed at once, on the screen that is open."""
    app = launched(phones)
    assert app.feature("home_title", "Welcome") == TITLE
    backend.publish({"features.json": lambda document: document["home_title"].update(default="Renamed")})
    backend.kill("features")
    backend.rewrite = lambda path, status, body: (
        ("404 Not Found", b"") if path.startswith(BLOBS) else (status, body)
    )

    app.refresh(within_s=10)

    assert app._device.rules.accepted.kill == ("features",)
    assert app.feature("home_title", "Welcome") == "Welcome"
    assert app.explain("home_title").reason == FeatureReason.DISABLED


@pytest.mark.requirement("17.2.1")
def test_a_kill_is_still_known_after_a_restart_without_a_network(backend, phones):
    """The answer on disk was made before: it is shown without what was switched off since."""
    app = launched(phones)
    backend.kill("features")
    backend.rewrite = lambda path, status, body: (
        (status, body) if path.endswith("/manifest") or path == "/v1/token" else ("304 Not Modified", b"")
    )
    app.refresh(within_s=10)
    app.close()
    backend.down = True

    app, source = restarted(phones)

    assert source is AnswerSource.SERVER
    assert app.feature("home_title", "Welcome") == "Welcome"
    assert {told["value"] for told in app.config["features"].values()} == {None}
    assert app.config["placements"]


@pytest.mark.requirement("17.1.3")
def test_killed_placements_stand_as_they_were_given(backend, phones):
    """Nothing is ordered on the device, and the reason says so."""
    app = launched(phones)
    given = [item["id"] for item in app.placement("home_feed").items]
    backend.rewrite = lambda path, status, body: (
        ("304 Not Modified", b"") if path == "/v1/config" else (status, body)
    )
    backend.kill("placements")
    app.refresh(within_s=10)
    app.close()
    backend.down = True
    backend.pass_time(DAY_S)

    app, _ = restarted(phones)

    placement = app.placement("home_feed")
    assert [item["id"] for item in placement.items] == given
    assert placement.reason is OrderReason.DISABLED


@pytest.mark.requirement("17.1.2")
def test_what_is_off_is_not_recorded_as_seen(backend, phones):
    """An experiment must not count people who saw the app's own default."""
    backend.kill("features")
    app = launched(phones)

    app.exposure("home_title")

    assert app._device.mailbox.is_empty


@pytest.mark.requirement("17.2.1")
def test_a_capability_comes_back_when_it_is_listed_no_more(backend, phones):
    """Its part is fetched then, and its features are decided again."""
    backend.kill("features")
    app = launched(phones)
    backend.kill()

    app.refresh(within_s=10)
    app.refresh(within_s=10)

    assert set(parts(backend, "features")) <= set(backend.asked(BLOBS))
    assert app.feature("home_title", "Welcome") == TITLE


@pytest.mark.requirement("17.2.1")
def test_a_package_with_a_kill_is_obeyed_until_something_newer_is_heard(backend, phones):
    """An app built while a capability was off does not decide it at its first start."""
    backend.kill("features")
    package = backend.package()
    backend.down = True

    app = phones.open(package=package, budget_ms=0)

    assert app.start(CONTEXT, FOUND, GRANTED) is AnswerSource.PACKAGED
    assert app.explain("home_title").reason == FeatureReason.DISABLED
