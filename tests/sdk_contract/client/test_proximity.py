"""A phone among fences: what it registers, what it notices, and that its position stays with it."""

import json

import pytest
from tests.sdk_contract.client.apps import launched
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED

from herenow_sdk.client.surroundings import RECORD
from herenow_sdk.core.place.slots import REFRESH

CAPABLE = ("features", "placements", "geofence")
INSIDE = (19.2098, 72.83151)
AWAY = (19.2298, 72.83151)
FENCE = "patty-lane"
TICK_S = 100


@pytest.fixture(name="app")
def _app(phones):
    app = launched(phones, capabilities=CAPABLE)
    app.proximity.watch(slots=20, host=5)
    return app


def stay(app, backend, where=INSIDE, times=4, accuracy_m=10.0):
    """The phone reports one position, again and again."""
    for _ in range(times):
        backend.pass_time(TICK_S)
        app.proximity.moved(*where, accuracy_m)


def told(app):
    """What the phone has recorded of fences."""
    waiting = [each.beacon for each in app._device.mailbox.outbox.queued]
    return [(each["name"], each["properties"]) for each in waiting if each["type"] == "geo"]


def test_a_position_answers_what_to_register(app, backend):
    """The refresh fence comes first, then the nearest; no more than the system and the app leave."""
    backend.pass_time(1)

    change = app.proximity.moved(*INSIDE, 10.0)

    assert [each.id for each in change.add[:2]] == [REFRESH, FENCE]
    assert len(change.add) <= 15
    assert change.remove == ()


def test_the_same_place_again_changes_no_registration(app, backend):
    """Removing and adding a region again would lose the crossing that is just being noticed."""
    stay(app, backend, times=1)
    backend.pass_time(TICK_S)

    assert app.proximity.moved(*INSIDE, 10.0).is_empty


def test_a_visit_is_told_by_the_name_of_its_fence_alone(app, backend):
    """Entered and dwelt in, as beacons without a coordinate."""
    stay(app, backend, times=7)

    assert told(app)[0] == ("fence_entered", {"fence": FENCE})
    name, properties = told(app)[1]
    assert (name, properties["fence"]) == ("fence_dwelled", FENCE)
    assert properties["seconds"] >= 300
    assert "19.2" not in json.dumps(told(app))


def test_the_server_takes_what_was_told(app, backend):
    """They are accepted, each once."""
    stay(app, backend, times=7)
    app.flush(within_s=10)

    assert 200 in backend.statuses("/v1/beacons")
    assert app._device.mailbox.is_empty


@pytest.mark.requirement("10.9.3")
def test_fences_around_are_fetched_by_tiles(phones, backend):
    """A phone without the release's fences asks for the index of each tile near it, then for their shards."""
    app = launched(phones, capabilities=("features", "placements"))
    app.proximity.watch(slots=20, host=5)
    stay(app, backend, times=1)
    app.refresh(within_s=10)
    backend.pass_time(TICK_S)

    change = app.proximity.moved(*INSIDE, 10.0)

    assert FENCE in [each.id for each in change.add]
    assert app._device.surroundings.wanted_tiles(app._device.device_now) == ()


def test_a_phone_that_was_killed_goes_on_where_it_was(app, phones, backend):
    """The evidence of before counts, and what is registered is known."""
    stay(app, backend, times=3)
    app.close()

    again = phones.open(capabilities=CAPABLE)
    again.start(CONTEXT, FOUND, GRANTED)
    backend.pass_time(TICK_S)

    assert again.proximity.moved(*INSIDE, 10.0).is_empty
    assert ("fence_entered", {"fence": FENCE}) in told(again)


def test_a_withdrawn_location_is_forgotten_at_once(app, backend):
    """Everything registered is removed, nothing is kept, and positions are not looked at."""
    stay(app, backend, times=3)
    app.set_consent({"location": "denied"})
    backend.pass_time(TICK_S)

    removed = app.proximity.moved(*INSIDE, 10.0).remove

    assert REFRESH in removed
    assert FENCE in removed
    assert app._device.surroundings.point is None
    assert not app._device.files.read_json(RECORD, app._device.installation.key(app._device.settings))
    assert told(app) == []


def test_a_kill_switch_ends_watching(app, backend):
    """Fences that are switched off are not watched, from the next manifest on."""
    stay(app, backend, times=2)
    backend.kill("geofence")
    backend.pass_time(3600)
    app.refresh(within_s=10)

    assert FENCE in app.proximity.moved(*INSIDE, 10.0).remove


def test_another_person_learns_nothing_of_where_the_last_one_was(app, backend):
    """After signing out the device knows no place; what was registered is removed with the next choice."""
    stay(app, backend, times=3)
    app.identify("asha", "token")
    app.logout()

    assert app._device.surroundings.point is None
    app.set_consent(GRANTED)
    backend.pass_time(TICK_S)
    change = app.proximity.moved(*AWAY, 10.0)
    assert REFRESH in change.remove or REFRESH in [each.id for each in change.add]


def test_regions_that_the_system_has_lost_are_registered_again(app, backend):
    """The app tells what its system really watches."""
    stay(app, backend, times=1)

    app.refresh(within_s=10)

    change = app.proximity.watch(slots=20, host=5, registered=[REFRESH])

    assert FENCE in [each.id for each in change.add]
    assert REFRESH not in [each.id for each in change.add]


def test_what_an_app_may_say_wrong_never_reaches_it(app):
    """No number is a position, no dictionary a packet: nothing is raised, nothing registered."""
    assert app.proximity.moved(float("nan"), 72.0).is_empty
    assert app.proximity.moved("19", None).is_empty
    assert app.proximity.heard([None, 3, {}]).is_empty
    assert app.proximity.watch(slots=-1).is_empty
