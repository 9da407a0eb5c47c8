"""What a person no longer allows goes from what their backend told, whoever brought the word."""

import pytest
from tests.api.persons import sign_in, subject

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.priors.export import export
from herenow.storage.ports import Key
from herenow.storage.sqlite.packing import unpacked

ALL = {"analytics": "granted", "personalization": "granted", "location": "granted"}


@pytest.fixture(name="till")
def _till(live):
    return Till(live)


class Till:
    """Asha's shop: its backend knows what she allows, and what she did there."""

    def __init__(self, live):
        self.live = live
        _, key = live.services.keys.create(live.scope, "secret", label="till", by="owner")
        self.secret = {"Authorization": f"Bearer {key}"}
        self.imported(ALL)

    def imported(self, consent, user="asha"):
        """What the backend says that she said, a second after what was before."""
        self.live.services.clock.now += 1
        body = {"customers": [{"user_id": user, "consent": consent}]}
        told = self.live.client.post("/v1/server/customers", json=body, headers=self.secret).json
        assert told["customers"] == 1

    def tells(self, *events, user="asha"):
        """Type, name and properties of what happened."""
        at = iso_utc(self.live.services.clock())
        told = [
            {"user_id": user, "type": kind, "name": name, "at": at, "properties": properties}
            for kind, name, properties in events
        ]
        answer = self.live.client.post("/v1/server/events", json={"events": told}, headers=self.secret)
        assert answer.json["accepted"] == len(events), answer.json

    def day(self):
        """A search, a tip with where it was given, a stay, a purchase, and what came of a message."""
        self.tells(
            ("behavior", "search", {"query": "ramen near the office"}),
            ("behavior", "left_a_tip", {"lat": 19.2, "lon": 72.8, "amount": 5}),
            ("geo", "fence_entered", {"fence": "patty-lane"}),
            ("behavior", "purchase", {"value": 250, "place": "patty-lane"}),
            ("message", "opened", {"message": "m-1"}),
        )

    def log(self, user="asha"):
        """Name and properties of what is kept of her."""
        partition = log_partition(self.live.scope, subject(self.live, user))
        return [
            (each.value["name"], each.value["properties"])
            for each in self.live.services.event_log.consume(partition)
        ]

    def names(self):
        """The names alone."""
        return [name for name, _ in self.log()]

    def learned(self):
        """The profile that is stored of her, if there is one."""
        partition = self.live.scope.partition(f"subject#{subject(self.live, 'asha')}")
        return self.live.services.documents.get(Key(partition, "profile"))


def test_analytics_denied_by_the_backend_takes_behaviour(till):
    """As on a device: what came of messages stays, what was learned goes."""
    till.day()
    assert till.learned() is not None

    till.imported({"analytics": "denied"})

    assert till.names() == ["fence_entered", "opened"]
    assert till.learned() is None


def test_location_denied_by_the_backend_takes_places(till):
    """Beacons of places go, and places told in others."""
    till.day()

    till.imported({"location": "denied"})

    assert till.names() == ["search", "left_a_tip", "purchase", "opened"]
    assert dict(till.log())["left_a_tip"] == {"amount": 5}
    assert dict(till.log())["purchase"] == {"value": 250}


@pytest.mark.parametrize("status", ["denied", "unknown"])
def test_personalization_taken_back_by_the_backend_takes_texts(till, status):
    """What was searched for is no longer known, nor what was learned."""
    till.day()

    till.imported({"personalization": status})

    assert dict(till.log())["search"] == {}
    assert till.learned() is None


def test_what_is_left_is_learned_again(till):
    """Without her places she is still one who bought."""
    till.day()

    till.imported({"location": "denied"})

    assert till.learned() is not None


def test_others_of_the_same_import_keep_theirs(till):
    """And so does she, by a row that says nothing of it."""
    till.imported(ALL, user="ravi")
    till.tells(("behavior", "purchase", {"value": 90}), user="ravi")
    till.day()

    till.imported({"email": "denied"})
    till.imported({"analytics": "denied"})

    assert till.log(user="ravi") == [("purchase", {"value": 90})]


def test_nothing_of_it_is_readable_in_the_files(till):
    """Neither in the log nor in the journal beside it."""
    till.day()

    till.imported({"personalization": "denied"})

    log = till.live.services.event_log._connections
    assert b"ramen" not in b"".join(each.read_bytes() for each in log.path.parent.glob(f"{log.path.name}*"))
    assert "ramen" not in repr([unpacked(row[0]) for row in log.read("SELECT value FROM events").fetchall()])


def test_a_word_on_a_device_counts_for_what_the_backend_told(till):
    """She is asked once: what she withdraws on her phone goes from there too."""
    phone = till.live.launch(consent=ALL)
    assert sign_in(till.live, phone, "asha").status_code == 200
    till.day()
    till.live.services.clock.now += 1

    till.live.client.put("/v1/consent", json={"analytics": "denied"}, headers=till.live.bearer(phone))

    assert till.names() == ["fence_entered", "opened"]


def test_a_device_that_signs_in_brings_its_denial(till):
    """It was said later than what the backend had brought."""
    till.day()
    till.live.services.clock.now += 1
    tablet = till.live.launch(consent={**ALL, "analytics": "denied"})

    assert sign_in(till.live, tablet, "asha").status_code == 200

    assert till.names() == ["fence_entered", "opened"]


def test_a_later_yes_of_the_backend_outweighs_an_older_denial(till):
    """The tablet said no before: nothing goes."""
    till.live.services.clock.now += 1
    tablet = till.live.launch(consent={**ALL, "analytics": "denied"})
    till.imported({"analytics": "denied"})
    till.imported({"analytics": "granted"})
    till.day()

    assert sign_in(till.live, tablet, "asha").status_code == 200

    assert len(till.names()) == 5


def test_events_that_were_on_their_way_are_held_to_the_withdrawal(till):
    """Judged while it was allowed, stored when it no longer was."""
    till.day()
    person = subject(till.live, "asha")
    judged = till.live.services.customers.people.consent(till.live.scope, person)
    till.imported({"analytics": "denied"})
    till.live.services.event_log.append(
        log_partition(till.live.scope, person),
        [{"id": "late", "type": "behavior", "name": "late", "properties": {}}],
    )

    till.live.services.consents.settle_person(till.live.scope, person, judged)

    assert till.names() == ["fence_entered", "opened"]


def test_the_parquet_export_holds_no_row_of_who_denied(till, tmp_path):
    """A day that was exported before is written again without them."""
    parquet = pytest.importorskip("pyarrow.parquet")

    def exported():
        folder = export(till.live.services.event_log, till.live.scope, tmp_path, facets_of=lambda _: {})
        return {
            who for file in folder.rglob("*.parquet") for who in parquet.read_table(file)["who"].to_pylist()
        }

    till.tells(("behavior", "purchase", {"value": 250}))
    assert exported() == {subject(till.live, "asha")}

    till.imported({"analytics": "denied"})

    assert exported() == set()
