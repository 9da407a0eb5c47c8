"""A phone that decides about messages by itself, against a real server: offline first, counted once."""

import jwt
import pytest
from tests.sdk_contract.client.apps import launched
from tests.sdk_contract.client.backend import CONTEXT, FOUND
from tests.sdk_contract.client.talk import (
    AGREED,
    CAPABLE,
    INSIDE,
    campaign,
    publish,
    reasons,
    reopened,
    shown_beacons,
    talking,
    titles,
)

from herenow.messaging.people import Person
from herenow_sdk.client import NullHerenow
from herenow_sdk.client.message_record import RECORD
from herenow_sdk.client.store import Store

HOUR = 3600


def ledger(backend, app):
    """What the server counts of the person behind an app: (campaign, place) of each message."""
    return [(each.campaign, each.place) for each in _kept(backend, app).ledger]


def lent(backend, app):
    """What the server has lent of caps to the person behind an app."""
    return _kept(backend, app).lent


def _kept(backend, app):
    store = backend.services.messages._parts.store
    known = backend.services.installations.get(backend.scope, app._device.installation.id)
    return store.load(Person.of(backend.scope, known)).kept


@pytest.mark.requirement("11.13.3")
@pytest.mark.requirement("11.13.5")
def test_a_trigger_offline_shows_at_once_and_is_counted_after(phones, backend):
    """No network is needed to decide; the server hears of it later and counts it."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    backend.down = True
    app.track("tap")

    assert titles(app) == ["Hello"]
    assert titles(app) == []
    (told,) = shown_beacons(app)
    assert told["campaign"] == "hello"
    assert told["channel"] == "in_app"
    assert ledger(backend, app) == []

    backend.down = False
    backend.pass_time(HOUR)
    app.flush(within_s=10)
    assert ledger(backend, app) == [("hello", None)]


@pytest.mark.requirement("11.13.1")
def test_the_server_leaves_to_the_device_what_the_device_decides(phones, backend):
    """Beacons of a device that decides by itself are answered without a message of its own channels."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    app.track("tap")
    app.flush(within_s=10)

    assert app._device.messages.waiting_messages() == []
    assert titles(app) == ["Hello"]


@pytest.mark.requirement("11.13.4")
def test_an_answer_between_trigger_and_display_shows_nothing_twice(phones, backend):
    """The server still thinks that it waits; the device knows better, before and after it was told."""
    publish(backend, {"hello": campaign(caps=[{"max": 9, "per": "day"}])})
    app = talking(phones)
    app.track("tap")
    app.flush(within_s=10)
    assert titles(app) == ["Hello"]

    for _ in range(3):
        backend.pass_time(8 * HOUR)
        assert app.refresh(within_s=10)
        assert titles(app) == []
    assert [each["campaign"] for each in app._device.messages.ledger] == ["hello"]


@pytest.mark.requirement("11.13.4")
def test_what_was_not_sent_yet_still_counts_after_an_answer(phones, backend):
    """An answer that knows nothing of the last events takes nothing of them away."""
    publish(backend, {"third": campaign(trigger={"event": "tap", "count": 3, "within": "1d"})})
    app = talking(phones)
    app.track("tap")
    app.flush(within_s=10)
    backend.rewrite = lambda path, status, body: (
        ("503 Service Unavailable", b"{}") if path == "/v1/beacons" else (status, body)
    )
    app.track("tap")
    app._device.answer = None  # so that the next answer is a whole one
    backend.pass_time(HOUR)
    app.refresh(within_s=10)
    assert backend.statuses("/v1/config")[-1] == 200
    app.track("tap")

    assert titles(app) == ["Hello"]


def test_a_cancelling_event_calls_it_off_at_once(phones, backend):
    """What the message asks for has happened."""
    publish(backend, {"hello": campaign(delay="1h", cancel_on=[{"event": "bought"}])})
    app = talking(phones)
    backend.down = True
    app.track("tap")
    assert titles(app) == []
    assert app.messages.ask_again_at == backend.clock.now + HOUR
    app.track("bought")
    backend.pass_time(2 * HOUR)

    assert titles(app) == []
    assert reasons(app)[-1] == "CANCELLED"


def test_quiet_hours_hold_a_notification_until_they_end(phones, backend):
    """Nobody is woken; the app is told when to ask again."""
    quiet = {"from": "09:00", "to": "10:00"}
    publish(backend, {"hello": campaign(channels=["local_notification"])}, quiet_hours=quiet)
    app = talking(phones)
    app.track("tap")

    assert titles(app) == []
    assert reasons(app)[-1] == "QUIET_HOURS"
    backend.pass_time(app.messages.ask_again_at - backend.clock.now)
    assert titles(app) == ["Hello"]


def test_a_cap_binds_offline_by_what_was_lent(phones, backend):
    """Of two a day one slot is lent: the second message waits for the server's account."""
    publish(
        backend,
        {"one": campaign("One"), "two": campaign("Two", trigger={"event": "tip"})},
        caps=[{"channel": "any", "max": 2, "per": "day"}],
    )
    app = talking(phones)
    backend.down = True
    app.track("tap")
    assert titles(app) == ["One"]
    app.track("tip")

    assert titles(app) == []
    assert reasons(app)[-1] == "NOT_LEASED"


def test_a_lease_that_is_over_is_asked_for_again(phones, backend):
    """A config that has not changed is answered whole then, with a new lease in it."""
    publish(backend, {"hello": campaign()}, caps=[{"channel": "any", "max": 2, "per": "day"}])
    app = talking(phones)
    app.track("tap")
    backend.down = True
    backend.pass_time(7 * HOUR)
    app.refresh(within_s=10)
    assert titles(app) == []
    assert reasons(app)[-1] == "NOT_LEASED"
    app.track("tap")

    backend.down = False
    backend.pass_time(HOUR)
    assert app.refresh(within_s=10)
    app.track("tap")
    assert not app._device.wants_lease


@pytest.mark.requirement("11.6.4")
def test_a_phone_that_lay_idle_gives_back_what_it_did_not_use(phones, backend):
    """The only slot of a week was lent for an afternoon: the next contact frees it, and lends it again."""
    publish(backend, {"hello": campaign()}, caps=[{"channel": "any", "max": 1, "per": "week"}])
    app = talking(phones)
    backend.pass_time(7 * HOUR)
    assert app.refresh(within_s=10)
    app.track("tap")

    assert titles(app) == ["Hello"]
    assert [(each.slots, each.over) for each in lent(backend, app)] == [(0, True), (1, False)]


def test_two_phones_of_a_person_never_exceed_a_cap(phones, backend):
    """One lease at a time: the phone that has none says nothing."""
    publish(backend, {"hello": campaign()})
    first, second = talking(phones, "first"), talking(phones, "second")
    token = user_token(backend, "asha")
    for app in (first, second):
        app.identify("asha", token)
        app.refresh(within_s=10)
    publish(backend, {"hello": campaign()}, caps=[{"channel": "any", "max": 1, "per": "week"}])
    for app in (first, second):
        backend.pass_time(HOUR)
        app.refresh(within_s=10)
    backend.down = True
    first.track("tap")
    second.track("tap")

    assert sorted([*titles(first), *titles(second)]) == ["Hello"]
    assert {"NOT_LEASED", "CAPPED"} & {*reasons(first), *reasons(second)}
    backend.down = False
    backend.pass_time(HOUR)
    for app in (first, second):
        app.flush(within_s=10)
    assert ledger(backend, second) == [("hello", None)]


def test_a_kill_switch_silences_the_phone(phones, backend):
    """From the next manifest on nothing is said; what waits is not lost."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    backend.kill("messages")
    backend.pass_time(HOUR)
    app.refresh(within_s=10)
    app.track("tap")

    assert titles(app) == []


def test_without_consent_to_the_channel_nothing_is_shown(phones, backend):
    """A word against it holds from that line on, without any server."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    backend.down = True
    app.track("tap")
    app.set_consent({"in_app": "denied"})

    assert titles(app) == []
    assert reasons(app)[-1] == "NO_CONSENT"


@pytest.mark.requirement("11.13.8")
def test_what_behaviour_triggered_goes_with_the_consent_to_it(phones, backend):
    """After analytics is denied nothing that a tap started is left, on disk either."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    backend.down = True
    app.track("tap")
    app.set_consent({"analytics": "denied"})

    assert titles(app) == []
    assert "tap" not in str(app._device.messages.state)
    app.track("tap")
    assert titles(app) == []


@pytest.mark.requirement("11.13.8")
def test_the_next_person_hears_nothing_of_the_last_one(phones, backend):
    """After signing out nothing waits, nothing counts, nothing is on disk."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    app.identify("asha", "token")
    backend.down = True
    app.track("tap")
    app.logout()

    assert titles(app) == []
    assert not app._device.files.read_json(RECORD, app._device.installation.key(app._device.settings))


def test_a_phone_that_was_killed_says_nothing_twice_and_forgets_nothing(phones, backend):
    """What was shown stays shown; what waited still waits."""
    publish(backend, {"one": campaign("One"), "two": campaign("Two", trigger={"event": "tip"}, delay="1h")})
    app = talking(phones)
    backend.down = True
    app.track("tap")
    app.track("tip")
    assert titles(app) == ["One"]

    again = reopened(phones)
    backend.pass_time(HOUR)
    assert titles(again) == ["Two"]
    assert titles(again) == []


def test_a_visit_offline_is_said_with_the_name_of_the_place(phones, backend):
    """A position is enough: the fence, its name, the message, the beacon with its place."""
    near = {"fence_group": "burger_joints", "transition": "enter"}
    said = {"en": {"title": "{{place.name}} is close"}, "hi": {"title": "{{place.name}} पास ही है"}}
    publish(backend, {"near": campaign(trigger=near, channels=["local_notification"], template=said)})
    backend.pass_time(2 * HOUR)  # it opens at eleven
    app = talking(phones)
    app.proximity.watch(slots=20, host=5)
    backend.down = True
    for _ in range(4):
        backend.pass_time(100)
        app.proximity.moved(*INSIDE, 10.0)
    (message,) = app.messages.due("notification")

    assert message.content == {"title": "Patty Lane is close"}
    assert (message.slot, message.place) == ("notification", "patty-lane")
    backend.down = False
    backend.pass_time(HOUR)
    app.flush(within_s=10)
    assert ledger(backend, app) == [("near", "patty-lane")]


@pytest.mark.requirement("11.3.8")
def test_a_place_that_is_closed_says_nothing_on_the_phone_either(phones, backend):
    """The visit is told as ever; no message waits of it."""

    def closed(document):
        document["features"][0]["properties"].update(opening_hours=[{"from": "03:00", "to": "03:30"}])

    backend.publish({"fences.geojson": closed})
    near = {"fence_group": "burger_joints", "transition": "enter"}
    publish(backend, {"near": campaign(trigger=near, channels=["local_notification"])})
    app = talking(phones)
    app.proximity.watch(slots=20, host=5)
    for _ in range(4):
        backend.pass_time(100)
        app.proximity.moved(*INSIDE, 10.0)

    assert titles(app) == []
    assert app._device.messages.pending.waiting == ()
    assert "fence_entered" in [each.beacon["name"] for each in app._device.mailbox.outbox.queued]


def test_one_slot_shows_one_message(phones, backend):
    """The highest priority has the screen, the other one the next time; a slot not asked for is left."""
    publish(
        backend,
        {
            "low": campaign("Low"),
            "high": campaign("High", priority=9),
            "note": campaign("Note", channels=["local_notification"]),
        },
    )
    app = talking(phones)
    app.track("tap")

    assert titles(app, "screen") == ["High"]
    assert titles(app, "screen") == ["Low"]
    assert titles(app, "notification") == ["Note"]


@pytest.mark.requirement("11.13.7")
def test_what_cannot_be_said_is_reported_and_makes_room(phones, backend):
    """A name without a value is a code in the diagnostics; the next message has the slot."""
    half = {"en": {"title": "{{item.name}} waits"}}
    publish(backend, {"half": campaign(template=half, priority=9), "plain": campaign("Plain")})
    app = talking(phones)
    backend.down = True
    app.track("tap")

    assert titles(app) == ["Plain"]
    assert "NAME_WITHOUT_VALUE" in phones.codes()
    assert [each["campaign"] for each in shown_beacons(app)] == ["plain"]


@pytest.mark.requirement("11.13.7")
def test_a_phone_says_what_the_event_told_by_itself(phones, backend):
    """The price of what was put into the cart, offline, and again after the app was killed."""
    nudge = campaign("Only {{event.price}} {{event.currency}}", trigger={"event": "cart_add"}, delay="10m")
    publish(backend, {"nudge": nudge})
    app = talking(phones)
    backend.down = True
    app.track("cart_add", {"item": "patty-lane", "price": 340, "currency": "INR"})
    assert titles(app) == []

    app.close()
    app = reopened(phones)
    backend.pass_time(660)
    assert titles(app) == ["Only 340 INR"]


@pytest.mark.requirement("11.13.7")
def test_server_and_device_say_the_same(phones, backend):
    """The same campaign in the same words, item, locale and button included."""
    texts = {"en": {"title": "{{item.name}}", "link": "app://{{item.id}}"}, "hi": {"title": "{{item.name}}!"}}
    action = {"id": "go", "title": {"en": "Go", "hi": "चलो"}}
    publish(backend, {"again": campaign(template=texts, actions=[action], extra={"screen": "offers"})})
    alone, asking = (
        talking(phones, "alone"),
        talking(phones, "asking", capabilities=("features", "placements")),
    )
    item = alone.placement("home_feed").items[0]["id"]
    contents = []
    for app in (alone, asking):
        app.track("tap", {"item": item})
        app.flush(within_s=10)
        contents += [each.content for each in app.messages.due()]

    assert contents[0] == contents[1]
    assert contents[0]["actions"] == [{"id": "go", "title": "Go"}]


@pytest.mark.requirement("11.13.2")
def test_what_only_the_server_can_promise_the_server_says(phones, backend):
    """An offer out of a budget is given by the server, to a device that decides the rest by itself too."""
    publish(backend, {"off": campaign("{{offer.text}}", offers=["ten_percent"])})
    app = talking(phones)
    backend.down = True
    app.track("tap")
    assert titles(app) == []
    backend.down = False
    backend.pass_time(HOUR)
    app.flush(within_s=10)

    assert titles(app) == ["10 % off today"]


def test_a_device_that_only_asks_is_given_messages_once(phones, backend):
    """What the server answers to a beacon or with a config is shown once, also after the app was killed."""
    publish(
        backend, {"hello": campaign(), "second": campaign("Second", trigger={"event": "tip"}, delay="1h")}
    )
    app = launched(phones)
    app.set_consent(AGREED)
    app.track("tap")
    app.track("tip")
    app.flush(within_s=10)
    app.close()

    again = phones.open()
    again.start({})
    assert titles(again) == ["Hello"]
    assert titles(again) == []
    backend.pass_time(2 * HOUR)
    again.refresh(within_s=10)
    assert titles(again) == ["Second"]
    again.flush(within_s=10)
    assert sorted(ledger(backend, again)) == [("hello", None), ("second", None)]


@pytest.mark.requirement("11.13.1")
@pytest.mark.parametrize("over", ["expired", "denied", "forgotten"])
def test_a_message_of_the_servers_is_not_shown_against_time_or_word(phones, backend, over):
    """Its end has come, its channel was denied, or what it was written by was taken back."""
    publish(backend, {"hello": campaign(expires_after="1h")})
    app = launched(phones)
    app.set_consent(AGREED)
    app.track("tap")
    app.flush(within_s=10)
    assert len(app._device.messages.waiting_messages()) == 1
    backend.down = True
    if over == "expired":
        backend.pass_time(HOUR)
    else:
        app.set_consent({"in_app" if over == "denied" else "personalization": "denied"})

    assert titles(app) == []
    assert app._device.messages.waiting_messages() == []


def test_a_first_launch_is_lent_what_it_may_say(phones, backend):
    """Nothing has to be asked for again before the first message offline."""
    publish(backend, {"hello": campaign()}, caps=[{"channel": "any", "max": 3, "per": "day"}])
    app = phones.open(capabilities=CAPABLE)
    app.start(CONTEXT, FOUND, AGREED)

    assert backend.asked("/v1/config") == []
    assert app._device.messages.leases["held"]["policy/caps/0"]["slots"] == 1


@pytest.mark.requirement("11.13.6")
def test_a_push_and_a_message_of_one_campaign_are_shown_once(phones, backend):
    """Whichever came first; the same push twice is one."""
    publish(backend, {"hello": campaign(channels=["push", "in_app"])})
    app = talking(phones)
    app.track("tap")

    assert app.messages.pushed("m-1", "hello") is True
    assert app.messages.pushed("m-1", "hello") is False
    assert titles(app) == []


@pytest.mark.requirement("11.11.5")
def test_server_and_device_make_the_same_id(phones, backend):
    """Of one trigger, so that a push is recognised by what was shown in the app."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    app.track("tap")
    (message,) = app.messages.due()
    known = backend.services.installations.get(backend.scope, app._device.installation.id)
    seed = Person.of(backend.scope, known).seed

    assert app._device.messages.person == seed
    assert app.messages.pushed(message.id) is False


def test_what_became_of_a_message_is_told_with_its_campaign(phones, backend):
    """Opened, acted on, put away."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    app.track("tap")
    (message,) = app.messages.due()
    app.messages.opened(message.id)
    app.messages.acted(message.id, "go")
    app.messages.dismissed(message.id)

    told = [each.beacon for each in app._device.mailbox.outbox.queued if each.beacon["type"] == "message"]
    assert [each["name"] for each in told] == ["shown", "opened", "acted", "dismissed"]
    assert {each["properties"]["campaign"] for each in told} == {"hello"}
    assert told[2]["properties"]["action"] == "go"
    app.flush(within_s=10)
    assert app._device.mailbox.is_empty


@pytest.mark.requirement("11.13.9")
def test_only_what_nothing_but_the_crossing_decides_is_armed(phones, backend):
    """A region, the words, and no second message once the system has shown it."""
    fence = {"fence_group": "always", "transition": "enter"}

    def open_always(document):
        document["features"][0]["properties"].update(groups=["always"])
        document["features"][0]["properties"].pop("opening_hours", None)

    backend.publish({"fences.geojson": open_always})
    armed = campaign("{{place.name}}", trigger=fence, channels=["local_notification"])
    asked = {**armed, "audience": "likes_burgers", "template": {"en": {"title": "Asked"}}}
    publish(backend, {"near": armed, "asked": asked})
    app = talking(phones)
    app.proximity.watch(slots=20, host=5)
    backend.pass_time(1)
    app.proximity.moved(*INSIDE, 10.0)
    (told,) = app.messages.armed()

    assert (told.campaign, told.place, told.transition) == ("near", "patty-lane", "enter")
    assert told.content == {"title": "Patty Lane"}
    assert told.region.radius_m == 120
    app.messages.fired("near", "patty-lane")
    app.messages.fired("near", "patty-lane")
    assert [each["campaign"] for each in shown_beacons(app)] == ["near"]
    assert app.messages.armed() == ()
    for _ in range(4):
        backend.pass_time(100)
        app.proximity.moved(*INSIDE, 10.0)
    assert titles(app) == ["Asked"]


@pytest.mark.requirement("11.13.9")
def test_what_the_system_has_said_is_not_said_again(phones, backend):
    """An app that was not told of an armed notification finds the crossing: it counts as shown then."""
    fence = {"fence": "patty-lane", "transition": "enter"}
    backend.publish({"fences.geojson": lambda each: each["features"][0]["properties"].pop("opening_hours")})
    publish(backend, {"near": campaign(trigger=fence, channels=["local_notification"])})
    app = talking(phones)
    app.proximity.watch(slots=20, host=5)
    for _ in range(4):
        backend.pass_time(100)
        app.proximity.moved(*INSIDE, 10.0)
        app.messages.armed()

    assert titles(app) == []
    assert [each["place"] for each in shown_beacons(app)] == ["patty-lane"]


def test_a_full_disk_shows_nothing_rather_than_twice(phones, backend, monkeypatch):
    """What cannot be written as shown is not shown."""
    publish(backend, {"hello": campaign()})
    app = talking(phones)
    app.track("tap")
    monkeypatch.setattr(Store, "keep_json", lambda *_: False)

    assert titles(app) == []
    assert shown_beacons(app) == []


def test_a_client_that_does_nothing_has_the_same_messages():
    """Nothing is due, nothing raised."""
    client = NullHerenow()

    assert client.messages.due() == ()
    assert client.messages.armed() == ()
    assert client.messages.why() == ()
    assert client.messages.ask_again_at is None
    assert client.messages.pushed("m-1") is True
    client.messages.opened("m-1")
    client.messages.fired("hello", "patty-lane")


def user_token(backend, user):
    """What the app's own backend signs."""
    key, secret = backend.services.user_tokens.create_key(backend.scope, label="backend", by="owner")
    now = int(backend.clock())
    claims = {"sub": user, "aud": str(backend.scope), "iat": now, "exp": now + 300}
    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.id})
