"""What beacons teach, from the door to the profile: noted, folded at once, seen by configs and exports."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.api.persons import sign_in
from tests.api.sdk.test_config import ask

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.launch.decision import prepared_for
from herenow.launch.subjects import subject_of

ITEM = "patty-lane-kandivali-west"
GRANTED = {"analytics": "granted", "personalization": "granted", "location": "granted"}


def told(live: Any, launched: Any, *beacons: dict[str, Any], first: int = 1) -> Any:
    """The answer to beacons that happened now."""
    at = iso_utc(live.services.clock())
    whole = [
        {"type": "behavior", "at": at, **each, "id": str(uuid4()), "seq": seq}
        for seq, each in enumerate(beacons, first)
    ]
    body = {"sent_at": at, "beacons": whole}
    return live.client.post("/v1/beacons", json=body, headers=live.bearer(launched)).json


def logged(live: Any, launched: Any) -> list[dict[str, Any]]:
    """The records of an installation."""
    partition = log_partition(live.scope, launched.json["installation"]["id"])
    return [each.value for each in live.services.event_log.consume(partition)]


@pytest.fixture(name="phone")
def _phone(live: Any) -> Any:
    return live.launch(consent=GRANTED)


def test_what_the_release_knows_is_noted_on_the_record(live: Any, phone: Any) -> None:
    """Labels, numbers as bands, what was bought, the form of an offer, and the app's clock for a bare Z."""
    told(
        live,
        phone,
        {"name": "item_tap", "properties": {"item": ITEM}},
        {"name": "purchase", "properties": {"items": [ITEM, "unheard-of"], "value": 9}},
        {"name": "item_tap", "properties": {"item": "unheard-of"}},
        {"name": "shown", "type": "message", "properties": {"message": "m", "offer": "fifty_off"}},
        {"name": "search", "at": iso_utc(live.services.clock()).replace("Z", "+00:00")},
    )
    tap, purchase, unknown, message, search = logged(live, phone)
    assert tap["facets"] == {
        "category": ["burger", "fast food"],
        "area": ["Kandivali West"],
        "price": ["cheap"],
    }
    assert (purchase["categories"], "categories" in tap) == (["burger", "fast food"], False)
    assert ("facets" in unknown, message["form"]) == (False, "amount")
    assert (tap["utc_offset_s"], "utc_offset_s" in search) == (19_800, False)


def test_what_was_paid_in_another_currency_is_noted(live: Any, phone: Any) -> None:
    """The app's own, and one that is not named, need no note."""
    for seq, currency in enumerate(({"currency": "USD"}, {"currency": "INR"}, {}), 1):
        told(live, phone, {"name": "purchase", "properties": {"value": 9} | currency}, first=seq)
    assert [each.get("foreign") for each in logged(live, phone)] == [True, None, None]


def test_a_bare_z_is_read_by_the_clock_of_the_device(live: Any) -> None:
    """By the zone that it told, so that a habit is learned at the hours at which it is asked for."""
    abroad = live.launch(consent=GRANTED, context={**live.body["context"], "time_zone": "Asia/Tokyo"})
    told(live, abroad, {"name": "session_start"})
    assert [each["utc_offset_s"] for each in logged(live, abroad)] == [32_400]


def test_a_batch_is_learned_before_it_is_answered(live: Any, phone: Any) -> None:
    """The answer says whether anything was, and the profile has read the log to its end."""
    tap = {"name": "item_tap", "properties": {"item": ITEM}}
    assert told(live, phone, tap)["config_changed"] is True
    assert told(live, phone, tap)["config_changed"] is False  # the same number again
    page = live.client.get("/v1/me?format=json", headers=live.bearer(phone)).json
    (mine,) = page["installations"]
    assert mine["records"]["profile"]["at"] == 1
    assert mine["records"]["profile"]["affinity"]["category"]["burger"][0] == 1024


def test_a_config_ends_when_something_was_learned(live: Any, phone: Any) -> None:
    """304 until a beacon teaches something; the config that is asked for then holds again."""
    etag = ask(live, phone).headers["ETag"]
    assert ask(live, phone, etag=etag).status_code == 304
    told(live, phone, {"name": "item_tap", "properties": {"item": ITEM}})
    again = ask(live, phone, etag=etag)
    assert again.status_code == 200
    assert ask(live, phone, etag=again.headers["ETag"]).status_code == 304


def test_what_is_hidden_is_shown_no_more(live: Any, phone: Any) -> None:
    """In no placement and no ranking of this person, and in those of another as before."""
    placements = ask(live, phone).json["placements"]
    name, shown = next((name, each["items"]) for name, each in placements.items() if len(each["items"]) > 2)
    item = shown[-1]["id"]
    told(live, phone, {"name": "item_hide", "properties": {"item": item}})
    again = ask(live, phone).json["placements"]
    assert item not in {each["id"] for placement in again.values() for each in placement["items"]}
    ids = {"ids": [each["id"] for each in shown]}
    ranked = live.client.post(f"/v1/placements/{name}/rank", json=ids, headers=live.bearer(phone)).json
    assert {each["id"] for each in ranked["items"]} == set(ids["ids"]) - {item}


def test_a_withdrawal_takes_what_was_learned_and_leaves_the_rest(live: Any, phone: Any) -> None:
    """Places go with location, tastes stay; without personalization nothing is learned."""
    told(
        live,
        phone,
        {"name": "fence_entered", "type": "geo", "properties": {"fence": "f"}},
        {"name": "item_tap", "properties": {"item": ITEM}},
    )
    known = live.services.installations.get(live.scope, phone.json["installation"]["id"])
    assert live.services.profiles.read(live.scope, known).places.places.keys() == {"f"}
    headers = live.bearer(phone)
    live.client.put("/v1/consent", json={"location": "denied"}, headers=headers)
    known = live.services.installations.get(live.scope, known.id)
    learned = live.services.profiles.read(live.scope, known)
    assert (learned.places.places, learned.recents) == ({}, (ITEM,))
    live.client.put("/v1/consent", json={"personalization": "denied"}, headers=headers)
    tap = {"name": "item_tap", "properties": {"item": ITEM}}
    assert told(live, phone, tap, first=3)["config_changed"] is False
    page = live.client.get("/v1/me?format=json", headers=headers).json
    assert "profile" not in page["installations"][0]["records"]


def test_what_a_backend_tells_is_learned_and_goes_with_its_consent(live: Any) -> None:
    """Events and tastes count for the person; a denial deletes what was learned."""
    services = live.services
    _, secret = services.keys.create(live.scope, "secret", label="till", by="test")
    headers = {"Authorization": f"Bearer {secret}"}
    bought = {"at": iso_utc(live.services.clock()), "value": 9, "items": [ITEM]}
    person = {"user_id": "u", "consent": GRANTED, "purchases": [bought]}
    live.client.post("/v1/server/customers", json={"customers": [person]}, headers=headers)
    page = live.client.get("/v1/server/users/u", headers=headers).json
    assert page["person"]["records"]["profile"]["recents"] == [ITEM]
    denied = {"user_id": "u", "consent": {"personalization": "denied"}}
    live.client.post("/v1/server/customers", json={"customers": [denied]}, headers=headers)
    page = live.client.get("/v1/server/users/u", headers=headers).json
    assert "profile" not in page["person"]["records"]


def test_tastes_are_written_as_the_catalogue_writes_them(live: Any) -> None:
    """Letters and spaces aside; a facet that it does not have is refused by its row, with the nearest."""
    _, secret = live.services.keys.create(live.scope, "secret", label="crm", by="test")
    headers = {"Authorization": f"Bearer {secret}"}
    rows = [
        {"user_id": "u", "consent": GRANTED, "tastes": {"category": {" BURGER": 1}, "price": ["Cheap"]}},
        {"user_id": "v", "consent": GRANTED, "tastes": {"categry": ["burger"]}},
    ]
    told_of = live.client.post("/v1/server/customers", json={"customers": rows}, headers=headers).json
    kept = live.client.get("/v1/server/users/u", headers=headers).json["person"]["records"]["customer"]
    assert kept["tastes"] == {"category": {"burger": 1}, "price": {"cheap": 1.0}}
    assert [each["detail"] for each in told_of["rejected"]] == [
        "/tastes/categry: expected a facet of app.json, category."
    ]


def burgers(count: int, name: str = "item_tap") -> list[dict[str, Any]]:
    """Taps on a burger joint."""
    return [{"name": name, "properties": {"item": ITEM}}] * count


def test_a_few_taps_change_audience_and_order(live: Any) -> None:
    """Who came without a search and taps burgers is in `likes_burgers`, and the row of deals follows."""
    phone = live.launch(acquisition={}, consent=GRANTED)
    before = ask(live, phone).json
    deals = [each["id"] for each in before["placements"]["deals"]["items"]]
    assert learned_attribute(live, phone, "affinity.category.burger") is None

    told(live, phone, *burgers(8))
    after = ask(live, phone).json

    assert learned_attribute(live, phone, "affinity.category.burger") >= 300
    assert [each["id"] for each in after["placements"]["deals"]["items"]] != deals


def test_without_consent_nothing_learned_shapes_an_answer(live: Any) -> None:
    """The same taps of somebody who denies personalization change nothing."""
    phone = live.launch(acquisition={}, consent={**GRANTED, "personalization": "denied"})
    before = ask(live, phone).json["placements"]["deals"]["items"]

    told(live, phone, *burgers(8))

    assert ask(live, phone).json["placements"]["deals"]["items"] == before
    assert me(live, phone)["learned"] == []


def test_a_person_reads_what_was_learned(live: Any) -> None:
    """In sentences that say what they stand on."""
    phone = live.launch(acquisition={}, consent=GRANTED)
    told(live, phone, *burgers(6))

    sentences = [each["text"] for each in me(live, phone)["learned"]]

    assert "You like burger (category) — what you did lately counts like 6 taps" in sentences


def test_a_device_that_decides_alone_gets_what_was_learned(live: Any) -> None:
    """The contract's own profile, and what only the server knows."""
    context = {**live.body["context"], "capabilities": ["offline"]}
    phone = live.launch(acquisition={}, consent=GRANTED, context=context)
    told(live, phone, *burgers(4))

    profile = ask(live, phone, context=context).json["offline"]["profile"]

    assert profile["learned"]["affinity"]["category"]["burger"][0] == 4 * 1024
    assert profile["lifecycle"]["stage"] == "new"


def me(live: Any, launched: Any) -> Any:
    """What the person may read."""
    return live.client.get("/v1/me", headers=live.bearer(launched)).json


def learned_attribute(live: Any, launched: Any, path: str) -> Any:
    """An attribute as a decision about this phone reads it."""
    serving = live.services.serving.current(live.scope)
    known = live.services.installations.get(live.scope, launched.json["installation"]["id"])
    learned = live.services.profiles.read(live.scope, known)
    now = int(live.services.clock())
    prepared = prepared_for(serving, known.context, subject_of(known, now, learned), now)
    found: Any = prepared.attributes
    for step in path.split("."):
        found = found.get(step, {}) if isinstance(found, dict) else {}
    return found if found != {} else None


def test_what_is_shown_and_left_makes_room(live: Any) -> None:
    """An item of the first screen, shown a dozen times and never touched, goes down or off."""
    phone = live.launch(acquisition={}, consent=GRANTED)
    second = list(feed(live, phone))[1]  # a pin may hold position 1 whatever is learned

    told(live, phone, *[{"name": "item_impression", "properties": {"item": second}}] * 12)

    assert second not in list(feed(live, phone))[:2]


def test_where_somebody_usually_is_at_this_hour_is_told(live: Any) -> None:
    """A place of the catalogue that was come to at this hour says so, where it is shown."""
    phone = live.launch(acquisition={}, consent=GRANTED)
    told(live, phone, *burgers(8))
    assert {"code": "USUAL_NOW"} not in feed(live, phone)[ITEM]

    entered = {"type": "geo", "name": "fence_entered", "properties": {"fence": "door", "place": ITEM}}
    told(live, phone, entered, first=9)

    assert {"code": "USUAL_NOW"} in feed(live, phone)[ITEM]


def feed(live: Any, launched: Any) -> dict[str, list[dict[str, Any]]]:
    """The first screen in its order: reasons by id."""
    items = ask(live, launched).json["placements"]["home_feed"]["items"]
    return {each["id"]: each["reasons"] for each in items}


@pytest.mark.parametrize("how", ["taught", "withdrawn", "erased"])
def test_a_config_is_another_when_another_device_of_the_person_is(live: Any, how: str) -> None:
    """What their phone taught, or no longer does, changes the order on their tablet, and so its ETag."""
    phone, tablet = (live.launch(acquisition={}, consent=GRANTED) for _ in range(2))
    assert [sign_in(live, each, "asha").status_code for each in (phone, tablet)] == [200, 200]
    told(live, phone, *burgers(6))
    etag = ask(live, tablet).headers["ETag"]
    assert ask(live, tablet, etag=etag).status_code == 304

    if how == "taught":
        told(live, phone, *burgers(6), first=7)
    elif how == "withdrawn":
        live.client.put("/v1/consent", json={"personalization": "denied"}, headers=live.bearer(phone))
    else:
        live.client.delete("/v1/me", headers=live.bearer(phone))

    assert ask(live, tablet, etag=etag).status_code == 200
