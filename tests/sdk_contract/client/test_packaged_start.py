"""The first start of an app without any network: real decisions, by what the build put into it."""

import json

import pytest
from tests.e2e.servers import herenow
from tests.sdk_contract.client.apps import TITLE, launched
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED, Phones

from herenow_sdk.core.reasons import AnswerSource, FeatureReason

NOWHERE = "http://127.0.0.1:1"
"""Nothing listens there."""


def first_start(phones: Phones, package, **changes):
    """An app with a package that is opened for the first time, without a network."""
    app = phones.open(url=NOWHERE, package=package, **{"budget_ms": 0, **changes})
    return app, app.start(CONTEXT, FOUND, GRANTED)


@pytest.mark.requirement("3.7.1", "14.2.1")
def test_a_first_screen_without_a_network_is_decided_from_the_package(backend, phones):
    """Features by their rules, with the checks that were made; nobody was asked."""
    app, source = first_start(phones, backend.package())

    told = app.explain("home_title")
    assert source is AnswerSource.PACKAGED
    assert backend.requests == []
    assert told.reason in {FeatureReason.DEFAULT, FeatureReason.SPLIT}  # some fall into its experiment
    assert told.checks["rules"]
    assert app.feature("home_title", "Welcome") != "Welcome"


@pytest.mark.slow
def test_what_the_command_writes_is_what_an_app_reads(backend, phones, tmp_path):
    """``herenow package`` in a process of its own, its file, a phone in flight mode."""
    file = tmp_path / "build" / "herenow-package.json"
    data_dir = backend.services.settings.data_dir
    herenow("package", "--app", backend.scope.app, "--output", file, "--data-dir", data_dir)
    package = json.loads(file.read_text(encoding="utf-8"))

    app, source = first_start(phones, package, keys=package["keys"])

    assert source is AnswerSource.PACKAGED
    assert app.feature("home_title", "Welcome") != "Welcome"


@pytest.mark.requirement("3.7.1")
def test_a_package_serves_at_any_age(backend, phones):
    """It is as old as the app that carries it, and still better than nothing."""
    package = backend.package()
    phones.clock.now += 3 * 365 * 86_400

    assert first_start(phones, package)[1] is AnswerSource.PACKAGED


@pytest.mark.requirement("3.7.1")
@pytest.mark.parametrize("fault", ["forged", "no-part", "damaged-part", "newer-app", "other-app", "nonsense"])
def test_a_package_that_cannot_be_trusted_serves_nothing(backend, phones, fault):
    """The app's own defaults stand, and diagnostics say why."""
    package = backend.package("9.0.0" if fault == "newer-app" else None)
    first, *rest = package["parts"]
    changes = {"app": "another"} if fault == "other-app" else {"app_version": "3.2.1"}
    spoilt = {
        "forged": {**package, "manifest": package["manifest"][:-3] + "AAA"},
        "no-part": {**package, "parts": {}},
        "damaged-part": {**package, "parts": dict.fromkeys([first, *rest], "{}")},
        "nonsense": {"manifest": 7},
    }

    app, source = first_start(phones, spoilt.get(fault, package), **changes)

    assert source is AnswerSource.DEFAULT
    assert "PACKAGE_UNUSABLE" in phones.codes()
    assert app.feature("home_title", "Welcome") == "Welcome"


@pytest.mark.requirement("3.7.2")
def test_nothing_older_than_the_package_is_accepted(backend, phones):
    """A replayed manifest does not take an app back behind its own build."""
    older = backend.services.publishing.manifest(backend.scope).jws
    backend.publish({"features.json": lambda document: document["home_title"].update(default="Renamed")})
    package = backend.package()
    backend.rewrite = lambda path, status, body: (
        (status, older.encode()) if path.endswith("/manifest") else (status, body)
    )

    app = launched(phones, package=package)

    assert "OLDER_SEQUENCE" in phones.codes()
    assert app._device.rules.accepted is None


def test_the_search_waits_for_the_first_network(backend, phones):
    """There is only one search that led to an install: it is kept, and shapes the screen later."""
    package = backend.package()
    first_start(phones, package)[0].close()

    app = phones.open(package=package)

    assert app.start(CONTEXT) is AnswerSource.SERVER
    assert app.feature("home_title", "Welcome") == TITLE
