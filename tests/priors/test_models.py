"""Models kept, published, served, and gone back from."""

import pytest

from herenow.bootstrap import build_services
from herenow.errors import NotFound, PreconditionFailed, Unavailable
from herenow.learning.model import Model
from herenow.learning.model_file import named
from herenow.scope import Scope
from herenow.settings import Settings

SCOPE = Scope("small", "production")
LEARNED = named(Model(people=21, facets={"category": {"burger": 700}}))


@pytest.fixture
def services():
    """Stores in memory, with the smallest app live."""
    made = build_services(Settings(documents="memory", secret="5a" * 32, poll_interval_s=0))
    app = b'{"app": "small", "name": "Small", "time_zone": "UTC", "locales": ["en"]}'
    number = made.releases.create(SCOPE, {"app.json": app}, by="asha").release.number
    made.publishing.publish(SCOPE, number, by="asha")
    yield made
    made.close()


def test_a_published_model_is_served(services):
    """With the sequence risen and an entry in the audit log; the next look keeps the very same object."""
    assert services.serving.current(SCOPE).model is Model.EMPTY
    services.models.keep(SCOPE, LEARNED, by="asha", checked={})

    pointer = services.publishing.publish_model(SCOPE, LEARNED.version, by="asha")

    serving = services.serving.refresh(SCOPE)
    assert (pointer.sequence, serving.triple["model"]) == (2, LEARNED.version)
    assert serving.model.facets == {"category": {"burger": 700}}
    services.publishing.set_kill(SCOPE, [], by="asha", if_match=2)
    assert services.serving.refresh(SCOPE).model is serving.model
    assert "model.published" in {each.what for each in services.audit.list(SCOPE).records}


def test_publishing_what_is_live_moves_nothing(services):
    """The same model again leaves the sequence where it is."""
    services.models.keep(SCOPE, LEARNED, by="asha", checked={})
    once = services.publishing.publish_model(SCOPE, LEARNED.version, by="asha")

    assert services.publishing.publish_model(SCOPE, LEARNED.version, by="asha") == once


def test_one_goes_back_to_nothing_learned(services):
    """The version before is published like any other."""
    services.models.keep(SCOPE, LEARNED, by="asha", checked={})
    services.publishing.publish_model(SCOPE, LEARNED.version, by="asha")

    services.publishing.publish_model(SCOPE, "m-0", by="asha")

    assert services.serving.refresh(SCOPE).model is Model.EMPTY


def test_another_publication_in_between_is_told(services):
    """A stale sequence is refused; without a release there is nothing to serve it with."""
    with pytest.raises(PreconditionFailed):
        services.publishing.publish_model(SCOPE, LEARNED.version, by="asha", if_match=9)
    with pytest.raises(Unavailable):
        services.publishing.publish_model(Scope("none", "production"), LEARNED.version, by="asha")


def test_an_app_serves_without_a_model_that_cannot_be_opened(services):
    """What was never kept is unknown to who asks for it, and to who serves no reason to stop."""
    with pytest.raises(NotFound, match="no model"):
        services.models.open(SCOPE, "m-000000000000")

    services.publishing.publish_model(SCOPE, "m-000000000000", by="asha")

    assert services.serving.refresh(SCOPE).model is Model.EMPTY


def test_rolling_a_release_back_leaves_the_model(services):
    """What was learned holds with any release."""
    services.models.keep(SCOPE, LEARNED, by="asha", checked={})
    app = b'{"app": "small", "name": "Smaller", "time_zone": "UTC", "locales": ["en"]}'
    number = services.releases.create(SCOPE, {"app.json": app}, by="asha").release.number
    services.publishing.publish(SCOPE, number, by="asha", if_match=1)
    live = services.publishing.publish_model(SCOPE, LEARNED.version, by="asha", if_match=2)

    back = services.publishing.rollback(SCOPE, by="asha", if_match=live.sequence)

    assert (back.release, back.model) == (number - 1, LEARNED.version)
