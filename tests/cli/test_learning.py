"""``herenow learn``: learned, judged, served, refused, taken back."""

import json

import pytest
from tests.priors.conftest import life

from herenow.bootstrap import build_services
from herenow.cli import learning as module
from herenow.learning.model import Model
from herenow.priors.checking import Score
from herenow.priors.learned import Learned
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.settings import Settings

pytest.importorskip("duckdb", reason="the learn extra is not installed")

SCOPE = Scope("small-app", "production")


@pytest.fixture
def learning(here, small):
    """A small app live on this machine with the log of forty people; how ``learn`` is called there."""
    here("publish", small)
    services = build_services(Settings(data_dir=here.data_dir, poll_interval_s=0))
    for number in range(40):
        services.event_log.append(SCOPE.partition(f"beacons#person-{number:03d}"), life(number))
    services.close()

    def call(*options, expect=0):
        return here("learn", "--app", "small-app", *options, expect=expect)

    return call


@pytest.fixture
def pointer(here):
    """What is live."""

    def read():
        services = build_services(Settings(data_dir=here.data_dir, poll_interval_s=0))
        live = services.publishing.live(SCOPE)
        services.close()
        return live

    return read


def test_what_is_learned_is_served(learning, pointer, tmp_path):
    """With a table; the same log again publishes nothing, and one goes back to nothing learned."""
    first = learning("--events", tmp_path / "kept")
    assert "next place, log-loss" in first.stdout
    live = pointer()
    assert live.model in first.stderr
    assert live.model != "m-0"

    again = learning("--events", tmp_path / "kept", "--json")
    assert json.loads(again.stdout)["version"] == live.model
    assert "as it was" in again.stderr
    assert pointer() == live

    learning("--use", "m-0")
    assert pointer().model == "m-0"
    learning("--use", live.model)
    assert pointer().model == live.model
    assert "no model" in learning("--use", "m-ffffffffffff", expect=1).stderr


def test_a_worse_model_is_not_served(learning, pointer, monkeypatch):
    """It ends with 1 and says what would serve it all the same; insisting does."""
    bad = Score("next place, log-loss", 40, 3.0, 1.0, -2.0, -2.1, -1.9)
    real = module.learned_of

    def worse(*arguments, **options):
        learned = real(*arguments, **options)
        return Learned(learned.model, learned.days, (bad,), Model.EMPTY.version)

    monkeypatch.setattr(module, "learned_of", worse)
    refused = learning(expect=1)
    assert "worse" in refused.stdout
    assert "--force" in refused.stderr
    assert pointer().model == "m-0"

    learning("--force")
    assert pointer().model != "m-0"


def test_a_model_of_few_days_does_not_replace_another(learning, pointer, monkeypatch):
    """It ends with 1; insisting serves it."""
    real = module.learned_of

    def unjudged(*arguments, **options):
        learned = real(*arguments, **options)
        return Learned(learned.model, learned.days, (), "m-111111111111", unjudged=True)

    monkeypatch.setattr(module, "learned_of", unjudged)
    assert "fewer than 5 days cannot be judged beside m-111111111111" in learning(expect=1).stderr
    assert pointer().model == "m-0"

    learning("--force")
    assert pointer().model != "m-0"


def test_of_nobody_nothing_is_learned(here, small):
    """An empty log is told as such."""
    here("publish", small)
    assert "fewer than 20 people" in here("learn", "--app", "small-app", expect=1).stderr


def test_people_are_counted_and_not_their_devices(learning, here):
    """Forty installations on which ten people identified are too few."""
    services = build_services(Settings(data_dir=here.data_dir, poll_interval_s=0))
    for number in range(40):
        made = Installation(f"person-{number:03d}", 1_795_317_000, "", {}, {})
        held = services.installations.create(SCOPE, made)
        services.persons.join(SCOPE, held, f"pseudonym-{number % 10}")
    services.close()

    assert "fewer than 20 people" in learning(expect=1).stderr
