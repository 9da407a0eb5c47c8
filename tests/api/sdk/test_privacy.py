"""What a person may ask: nothing kept against their word, everything handed over, everything forgotten."""

import json
from uuid import uuid4

import pytest
from tests.api.persons import sign_in, subject
from tests.api.problems import assert_problem

from herenow.api.schemas import answers
from herenow.api.schemas import person as shapes
from herenow.beacons.marks import log_partition
from herenow.beacons.model import Batch, Sender
from herenow.clock import iso_utc
from herenow.storage.ports import Key, walk
from herenow.storage.sqlite.packing import unpacked

ALL = {"analytics": "granted", "personalization": "granted", "location": "granted"}


@pytest.fixture(name="phone")
def _phone(live):
    return live.launch(consent=ALL)


@pytest.fixture(name="secret")
def _secret(live, services):
    """The header of the app's own backend."""
    _, text = services.keys.create(live.scope, "secret", label="backend", by="owner")
    return {"Authorization": f"Bearer {text}"}


def identifier(launched) -> str:
    """The id of the installation that a launch created."""
    return launched.json["installation"]["id"]


def tell(live, launched, *told, first=1):
    """Beacons of a phone: type, name and properties of each."""
    at = iso_utc(live.services.clock())
    beacons = [
        {"id": str(uuid4()), "type": kind, "name": name, "at": at, "properties": properties, "seq": first + n}
        for n, (kind, name, properties) in enumerate(told)
    ]
    body = {"sent_at": at, "beacons": beacons}
    answer = live.client.post("/v1/beacons", json=body, headers=live.bearer(launched))
    assert answer.json["accepted"] == len(told), answer.json
    return answer


def whole_day(live, launched, first=1):
    """A search, a tap where they stood, a place, and what came of a message."""
    return tell(
        live,
        launched,
        ("behavior", "search", {"query": "ramen near the office"}),
        ("behavior", "left_a_tip", {"lat": 19.2, "lon": 72.8, "amount": 5}),
        ("geo", "location", {"lat": 19.2, "lon": 72.8, "accuracy_m": 20}),
        ("message", "opened", {"message": "m-1"}),
        first=first,
    )


def stored(live, sender):
    """What the log holds of a sender."""
    return [each.value for each in live.services.event_log.consume(log_partition(live.scope, sender))]


def said(live, launched, **change):
    """``PUT /v1/consent`` by the installation of a launch."""
    answer = live.client.put("/v1/consent", json=change, headers=live.bearer(launched))
    assert answer.status_code == 200
    return answer


def whole(live, headers, path="/v1/me?format=json"):
    """All pages of an export."""
    pages, cursor = [], None
    while True:
        query = f"{'&' if '?' in path else '?'}cursor={cursor}" if cursor else ""
        page = live.client.get(path + query, headers=headers)
        assert page.status_code == 200, page.text
        shapes.Export().load(page.json)
        pages.append(page.json)
        cursor = page.json["next"]
        if cursor is None:
            return pages


def everything(live):
    """All that the store's file of documents and that of events hold, as text."""
    log = live.services.event_log._connections
    documents = live.services.documents._connections.read("SELECT * FROM documents").fetchall()
    events = log.read("SELECT partition, value FROM events").fetchall()
    days = log.read("SELECT * FROM days").fetchall()
    return repr([documents, [(name, unpacked(value)) for name, value in events], days])


def test_withdrawing_location_takes_every_place_with_it(live, phone):
    """Beacons of places go, places told in others go; the rest stays, each once and in order."""
    whole_day(live, phone)

    said(live, phone, location="denied")

    left = stored(live, identifier(phone))
    assert [each["name"] for each in left] == ["search", "left_a_tip", "opened"]
    assert left[1]["properties"] == {"amount": 5}
    assert left[0]["properties"] == {"query": "ramen near the office"}


def test_withdrawing_analytics_takes_behaviour_with_it(live, phone):
    """What came of messages stays: it guards the person against the next one."""
    whole_day(live, phone)

    said(live, phone, analytics="denied")

    assert [each["name"] for each in stored(live, identifier(phone))] == ["location", "opened"]


@pytest.mark.parametrize("status", ["denied", "unknown"])
def test_withdrawing_personalization_takes_searches_with_it(live, phone, status):
    """That somebody searched is analytics; what for is not."""
    whole_day(live, phone)

    said(live, phone, personalization=status)

    assert "ramen" not in repr(stored(live, identifier(phone)))
    assert len(stored(live, identifier(phone))) == 4


def test_what_was_learned_goes_with_what_it_was_learned_from(live, phone, services):
    """A profile is deleted, to be learned again from what is left."""
    profile = Key(live.scope.partition(f"installation#{identifier(phone)}"), "profile")
    whole_day(live, phone)
    services.documents.put_if(profile, {"places": {"office": 9}})

    said(live, phone, push="denied")
    assert services.documents.get(profile) is not None
    said(live, phone, location="denied")

    assert services.documents.get(profile) is None


def test_a_repeat_after_a_withdrawal_adds_nothing(live, phone):
    """The numbers that were seen stay seen, whatever was taken out."""
    whole_day(live, phone)
    said(live, phone, location="denied")
    at = iso_utc(live.services.clock())
    tap = {"id": str(uuid4()), "type": "behavior", "name": "search", "at": at, "properties": {}, "seq": 1}

    body = {"sent_at": at, "beacons": [tap]}
    answer = live.client.post("/v1/beacons", json=body, headers=live.bearer(phone)).json

    assert (answer["accepted"], answer["duplicates"]) == (0, 1)


def test_a_withdrawal_that_was_interrupted_is_finished_by_saying_it_again(live, phone, services):
    """What is there twice is there once afterwards."""
    whole_day(live, phone)
    partition = log_partition(live.scope, identifier(phone))
    kept = [each.value for each in services.event_log.consume(partition) if each.value["type"] != "geo"]
    services.event_log.append(partition, kept)  # as a crash before the forgetting leaves it

    said(live, phone, location="denied")

    assert [each["name"] for each in stored(live, identifier(phone))] == ["search", "left_a_tip", "opened"]


def late(live, known, *told):
    """Beacons that were on their way while the person changed their mind: judged by what held before."""
    at = iso_utc(live.services.clock())
    beacons = [
        {"id": str(uuid4()), "type": kind, "name": name, "at": at, "properties": {"message": "m"}, "seq": n}
        for n, (kind, name) in enumerate(told, start=1)
    ]
    live.services.beacons.accept(live.scope, Sender(known.id, known.consent), Batch(beacons, at))
    live.services.consents.settle(live.scope, known)


def test_what_was_on_its_way_while_a_purpose_was_withdrawn_goes_too(live, phone, services):
    """A beacon that was judged before and stored after does not outlive the withdrawal."""
    known = services.installations.get(live.scope, identifier(phone))
    said(live, phone, analytics="denied")

    late(live, known, ("behavior", "tap"), ("message", "opened"))

    assert [each["name"] for each in stored(live, identifier(phone))] == ["opened"]


def test_what_was_on_its_way_while_a_device_was_erased_goes_too(live, phone, services):
    """Nothing of it is left, not even what was seen of its numbers."""
    known = services.installations.get(live.scope, identifier(phone))
    live.client.delete("/v1/me", headers=live.bearer(phone))

    late(live, known, ("behavior", "tap"))

    assert stored(live, identifier(phone)) == []
    assert list(walk(services.documents, live.scope.partition(f"installation#{known.id}"))) == []


def test_the_devices_own_place_goes_with_location(live):
    """A search "near me" was read by where the device stood; a place that was named stays."""
    near = {**live.body["context"], "location": {"lat": 19.2053, "lon": 72.8277}}
    launched = live.launch(context=near, consent=ALL, acquisition={"query": "burgers near me"})
    named = live.launch(consent=ALL)
    assert launched.json["config"]["intent"]["place"]["lat"]

    for each in (launched, named):
        said(live, each, location="denied")

    told = [live.client.get("/v1/me", headers=live.bearer(each)).json["intent"] for each in (launched, named)]
    assert "place" not in told[0]
    assert told[1]["place"]["name"] == "Kandivali West"


def test_an_export_is_complete(live, phone):
    """Consent, touches, intent and every beacon, as a document with a name and a version."""
    whole_day(live, phone)

    (page,) = whole(live, live.bearer(phone))

    (mine,) = page["installations"]
    assert (page["format"], page["scope"], page["person"]) == ("herenow-export/1", "installation", None)
    assert mine["installation"]["id"] == identifier(phone)
    assert mine["consent"]["location"] == "granted"
    assert mine["acquisition"]["touches"][0]["text"] == "burger joints in kandivali west"
    assert mine["intent"]["label"] == "Burgers"
    assert mine["records"].keys() == {"beacons", "messages", "profile", "retention"}
    assert mine["records"]["profile"]["at"] == mine["records"]["beacons"]["position"]
    assert "events" in mine["records"]["profile"]
    assert [each["beacon"]["seq"] for each in page["beacons"]] == [1, 2, 3, 4]
    assert {each["of"] for each in page["beacons"]} == {identifier(phone)}
    assert "secret" not in json.dumps(page)


def test_an_export_comes_in_pages(live, phone, monkeypatch):
    """Each beacon once and in order, of every device; the documents on the first page."""
    monkeypatch.setattr("herenow.privacy.export.PAGE", 3)
    tablet = live.launch(consent=ALL)
    for each in (phone, tablet):
        whole_day(live, each)
        whole_day(live, each, first=5)
        sign_in(live, each, "asha")

    pages = whole(live, live.bearer(phone), "/v1/me?format=json&scope=person")

    assert [len(page["installations"]) for page in pages] == [2, *[0] * (len(pages) - 1)]
    assert max(len(page["beacons"]) for page in pages) == 3
    told = [(each["of"], each["beacon"]["seq"]) for page in pages for each in page["beacons"]]
    both = sorted(identifier(each) for each in (phone, tablet))
    assert told == [(each, seq) for each in both for seq in range(1, 9)]


@pytest.mark.parametrize("cursor", ["", "x", "0.1", "backend.1", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11.1"])
def test_a_cursor_into_what_is_not_ones_own_is_refused(live, phone, cursor):
    """An export reads one's own logs alone."""
    answer = live.client.get(f"/v1/me?format=json&cursor={cursor}", headers=live.bearer(phone))

    assert_problem(answer, 400, "INVALID_CURSOR")


@pytest.mark.parametrize("call", ["get", "delete"])
def test_a_person_is_read_and_erased_by_who_proved_to_be_them(live, phone, call):
    """An anonymous device has no person to ask for."""
    path = "/v1/me?scope=person&format=json"

    assert_problem(getattr(live.client, call)(path, headers=live.bearer(phone)), 409, "NOT_IDENTIFIED")


def test_erasing_a_person_leaves_nothing_on_any_device(live, phone, services, secret):
    """Documents, logs, links and what the backend told are gone at once; two marks and a receipt are left."""
    tablet = live.launch(consent=ALL)
    told = {"customers": [{"user_id": "asha-of-bites", "consent": ALL, "tastes": {"category": ["ramen"]}}]}
    live.client.post("/v1/server/customers", json=told, headers=secret)
    for each in (phone, tablet):
        sign_in(live, each, "asha-of-bites")
        whole_day(live, each)

    traces = (identifier(phone), identifier(tablet), "ramen")
    assert all(trace in everything(live) for trace in traces)

    erased = live.client.delete("/v1/me?scope=person", headers=live.bearer(tablet))

    answers.Receipt().load(erased.json)
    assert erased.json["receipt"]["records"] >= 2 * 4 + 2 + 2
    held = everything(live)
    assert [trace for trace in (*traces, "asha-of-bites") if trace in held] == []
    for each in (phone, tablet):
        assert_problem(live.client.get("/v1/me", headers=live.bearer(each)), 401, "REVOKED_TOKEN")
    mark = services.documents.get(
        Key(live.scope.partition(f"erased#{subject(live, 'asha-of-bites')}"), "receipt")
    )
    assert mark.value == {
        "erased_at": int(services.clock()),
        "records": erased.json["receipt"]["records"],
    }


def test_who_was_erased_is_taken_no_more_until_that_is_lifted(live, phone, secret):
    """Neither by a sign-in nor by the backend; afterwards they begin anew."""
    sign_in(live, phone, "asha")
    whole_day(live, phone)
    live.client.delete("/v1/server/users/asha", headers=secret)
    fresh = live.launch(consent=ALL)
    told = {"events": [{"user_id": "asha", "name": "purchase", "at": iso_utc(live.services.clock())}]}

    assert_problem(sign_in(live, fresh, "asha"), 403, "SUPPRESSED")
    taken = live.client.post("/v1/server/events", json=told, headers=secret).json
    assert [each["code"] for each in taken["rejected"]] == ["ERASED"]
    assert_problem(live.client.get("/v1/server/users/asha", headers=secret), 404, "UNKNOWN_USER")

    assert live.client.delete("/v1/server/users/asha/suppression", headers=secret).json == {
        "suppressed": False
    }
    assert sign_in(live, fresh, "asha").json["user_id"] == identifier(fresh)


def test_erasing_one_device_leaves_the_others(live, phone, services):
    """The person and the id they hash by stay with the device that is left."""
    tablet = live.launch(consent=ALL)
    for each in (phone, tablet):
        sign_in(live, each, "asha")
        whole_day(live, each)

    live.client.delete("/v1/me", headers=live.bearer(phone))

    assert stored(live, identifier(phone)) == []
    assert len(stored(live, identifier(tablet))) == 4
    assert services.persons.installations_of(live.scope, subject(live, "asha")) == [identifier(tablet)]
    assert sign_in(live, tablet, "asha").json["user_id"] == identifier(phone)


def test_an_interrupted_erasure_can_be_asked_for_again(live, phone, services, monkeypatch):
    """The device that asks goes last, so it can go on asking."""
    others = [live.launch(consent=ALL) for _ in range(3)]
    for each in (phone, *others):
        sign_in(live, each, "asha")
    erase, done = services.installations.erase, []

    def dying(scope, installation_id):
        if len(done) == 2:
            raise RuntimeError
        done.append(installation_id)
        return erase(scope, installation_id)

    monkeypatch.setattr(type(services.installations), "erase", lambda _, *told: dying(*told))
    assert live.client.delete("/v1/me?scope=person", headers=live.bearer(phone)).status_code == 500
    monkeypatch.undo()

    assert live.client.delete("/v1/me?scope=person", headers=live.bearer(phone)).status_code == 200
    partition = live.scope.partition(f"subject#{subject(live, 'asha')}")
    assert list(walk(services.documents, partition)) == []


def test_the_backend_reads_a_user_with_all_devices(live, phone, secret):
    """What it told itself is there under its own name."""
    sign_in(live, phone, "asha")
    whole_day(live, phone)
    bought = {"user_id": "asha", "name": "purchase", "at": iso_utc(live.services.clock())}
    bought["properties"] = {"items": [{"item": "patty-lane"}], "value": 250, "currency": "INR"}
    rows = {"customers": [{"user_id": "asha", "consent": ALL}]}
    live.client.post("/v1/server/customers", json=rows, headers=secret)
    told = live.client.post("/v1/server/events", json={"events": [bought]}, headers=secret).json
    assert told["accepted"] == 1, told

    (page,) = whole(live, secret, "/v1/server/users/asha")

    assert [each["installation"]["id"] for each in page["installations"]] == [identifier(phone)]
    assert page["person"]["records"]["customer"]["consent"]["analytics"] == "granted"
    assert [each["of"] for each in page["beacons"]] == [identifier(phone)] * 4 + ["backend"]


def test_nobody_is_exported_without_a_secret_key(live, phone):
    """Neither by a publishable key nor by an installation."""
    for headers in ({"X-Herenow-Key": live.key}, live.bearer(phone), {}):
        for method, path in (("GET", ""), ("DELETE", ""), ("PUT", "/suppression")):
            answer = live.client.open(f"/v1/server/users/asha{path}", method=method, headers=headers)
            assert_problem(answer, 401, "INVALID_KEY")


def test_who_is_suppressed_is_as_who_denies_everything(live, phone, secret):
    """On every device, now and later, until it is lifted; then the person decides anew."""
    sign_in(live, phone, "asha")
    whole_day(live, phone)

    told = live.client.put("/v1/server/users/asha/suppression", headers=secret)

    assert told.json == {"suppressed": True}
    me = live.client.get("/v1/me", headers=live.bearer(phone)).json
    assert set(me["consent"].values()) == {"denied"}
    assert me["intent"] is None
    assert [each["name"] for each in stored(live, identifier(phone))] == ["opened"]
    granting = live.client.put("/v1/consent", json={"analytics": "granted"}, headers=live.bearer(phone))
    assert_problem(granting, 403, "SUPPRESSED")
    assert_problem(sign_in(live, live.launch(), "asha"), 403, "SUPPRESSED")

    live.client.delete("/v1/server/users/asha/suppression", headers=secret)
    assert said(live, phone, analytics="granted").json["consent"]["analytics"] == "granted"


def test_who_said_nothing_is_no_longer_recorded_once_the_policy_denies(live):
    """Also those who came while it granted; who granted it themselves goes on."""
    silent, willing = live.launch(consent={}), live.launch(consent={"analytics": "granted"})

    def told(phone, seq):
        at = iso_utc(live.services.clock())
        tap = {"id": str(uuid4()), "type": "behavior", "name": "item_tap", "at": at, "seq": seq}
        body = {"sent_at": at, "beacons": [{**tap, "properties": {"item": "patty-lane-kandivali-west"}}]}
        return live.client.post("/v1/beacons", json=body, headers=live.bearer(phone)).json["accepted"]

    publish_policy(live, analytics="granted")
    assert (told(silent, 1), told(willing, 1)) == (1, 1)
    publish_policy(live, analytics="denied")
    assert (told(silent, 2), told(willing, 2)) == (0, 1)


def publish_policy(live, **consent):
    """Publish Bites with other defaults of consent."""
    policy = json.loads(live.documents["policy.json"])
    changed = json.dumps({**policy, "consent": {**policy.get("consent", {}), **consent}})
    files = {name: text.encode() for name, text in {**live.documents, "policy.json": changed}.items()}
    release = live.services.releases.create(live.scope, files, by="editor").release
    live.services.releases.approve(live.scope, release.number, by="owner")
    before = live.services.publishing.live(live.scope).sequence
    live.services.going_live.publish(live.scope, release.number, by="owner", if_match=before)
    live.services.serving.refresh(live.scope)
