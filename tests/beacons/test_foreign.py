"""What a backend tells of people: kept under a pseudonym, once, with the consent that the person gave."""

import pytest

from herenow.beacons import ids
from herenow.beacons.customers import Customers
from herenow.beacons.foreign import ForeignBeacons, beacon_id
from herenow.beacons.marks import log_partition
from herenow.beacons.people import People
from herenow.beacons.service import Beacons
from herenow.identity.subjects import Subjects
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments, MemoryEventLog

SCOPE = Scope("bites", "production")
POLICY = {"consent": {"analytics": "granted", "personalization": "granted"}}
DAY = 86_400
SUBJECTS = Subjects(pepper=b"pepper")
ANNA = SUBJECTS.of(SCOPE, "proven", "anna")


class Moving:
    """A clock that is moved."""

    now = 1_795_317_000.0

    def __call__(self):
        """The instant."""
        return self.now


class Desk:
    """A backend's desk over one store; ``reopened`` is another process of it."""

    def __init__(self, documents, log, clock, policy):
        people = People(documents, clock=clock, policy_of=lambda _: policy)
        beacons = Beacons(documents, log, clock=clock)
        self.documents, self.log, self.clock, self.policy = documents, log, clock, policy
        foreign = ForeignBeacons(documents, log, beacons, people, clock=clock)
        self.customers = Customers(SUBJECTS, people, foreign)
        self.people = people

    def stored(self, subject=ANNA):
        """The values in a person's log."""
        return [each.value for each in self.log.consume(log_partition(SCOPE, subject))]

    def sold(self, *events, sent_at=None):
        """Tell events."""
        return self.customers.events(SCOPE, self.customers.told(SCOPE, events), sent_at)

    def imported(self, *rows):
        """Import rows."""
        return self.customers.take(SCOPE, rows)

    def reopened(self, documents=None):
        """The same store through another process, perhaps without what its documents held."""
        return Desk(documents or self.documents, self.log, self.clock, self.policy)


@pytest.fixture(name="desk")
def _desk():
    clock = Moving()
    return Desk(MemoryDocuments(clock), MemoryEventLog(), clock, POLICY)


def sale(identifier="till-1", user="anna", **changes):
    """A purchase, five minutes ago."""
    at = {"name": "purchase", "at": "2026-11-22T03:00:00Z"}
    return {"id": identifier, "user_id": user, **at, "properties": {"value": 250}, **changes}


def test_an_event_is_stored_under_the_pseudonym_of_its_user(desk):
    """The user's id itself is nowhere in the store."""
    outcome = desk.sold(sale())

    (record,) = desk.stored()
    assert (outcome.accepted, record["name"], record["properties"]) == (1, "purchase", {"value": 250})
    assert "anna" not in str(desk.log.__dict__) + str(desk.documents.__dict__)


def test_the_same_id_again_is_a_duplicate_for_seven_days(desk):
    """Within a batch, in the next one, after midnight, in another process."""
    assert desk.sold(sale(), sale()).duplicates == 1
    desk.clock.now += 6 * DAY
    assert desk.reopened().sold(sale(), sent_at="2026-11-22T03:00:00Z").duplicates == 1
    assert len(desk.stored()) == 1


def test_without_an_id_equal_content_is_one_event(desk):
    """A till that repeats itself is understood; another amount is another sale."""
    assert desk.sold(sale(None), sale(None)).duplicates == 1
    assert desk.sold(sale(None, properties={"value": 251})).accepted == 1


def test_a_crash_between_log_and_ids_is_repaired_from_the_log(desk):
    """The ids were never written; the log has them."""
    desk.sold(sale(), sale("till-2"))

    again = desk.reopened(MemoryDocuments(desk.clock)).sold(sale(), sale("till-3"))

    assert (again.accepted, again.duplicates) == (1, 1)


def test_who_is_overtaken_looks_again(desk, monkeypatch):
    """Two processes tell the same sale at once; it is stored once."""
    append = desk.log.append_each

    def overtaken(appends):
        monkeypatch.undo()
        desk.sold(sale())
        return append(appends)

    desk.sold(sale("till-0"))
    monkeypatch.setattr(desk.log, "append_each", overtaken)

    outcome = desk.sold(sale(), sale("b", user="ben"))
    assert (outcome.accepted, outcome.duplicates) == (1, 1)
    assert len(desk.stored()) == 2


def test_what_is_wrong_with_one_costs_nobody_else(desk):
    """Each is told by its place in the batch, whoever it is about."""
    told = [sale(), "no event", sale(user=None), sale("b", user="ben", properties={"value": "much"})]

    outcome = desk.sold(*told, sale("c", user="ben"))

    assert outcome.accepted == 2
    assert [(each.index, each.code) for each in outcome.rejected] == [
        (1, "MALFORMED_BEACON"),
        (2, "NO_SUBJECT"),
        (3, "INVALID_PROPERTIES"),
    ]


def test_more_than_a_day_holds_is_refused(desk, monkeypatch):
    """What cannot be recognised again is not stored; the day after there is room."""
    monkeypatch.setattr(ids, "MAX_A_DAY", 2)

    outcome = desk.sold(sale("a"), sale("b"), sale("c"))
    assert [each.code for each in outcome.rejected] == ["TOO_MANY_TODAY"]
    desk.clock.now += DAY
    assert desk.sold(sale("c")).accepted == 1


def test_consent_that_was_told_is_enforced(desk):
    """The person's word stands before the policy's default, from the next event on."""
    desk.imported({"user_id": "anna", "consent": {"analytics": "denied"}})

    assert [each.code for each in desk.sold(sale()).rejected] == ["CONSENT_DENIED"]
    desk.imported({"user_id": "anna", "consent": {"analytics": "granted"}})
    assert desk.sold(sale()).accepted == 1


def test_purchases_of_long_ago_are_imported_once(desk):
    """As old as the app keeps anything, and recognised also when the file comes again next month."""
    bought = [{"at": "2026-01-02T12:00:00Z", "items": ["patty-lane"], "value": 480}]
    row = {"user_id": "anna", "purchases": [*bought, {"at": "2020-01-02T12:00:00Z", "value": 1}]}

    first = desk.imported(row)
    desk.clock.now += 20 * DAY
    again = desk.imported(row)

    assert (first.customers, first.purchases, again.purchases, again.duplicates) == (1, 1, 0, 1)
    assert [each.detail for each in first.rejected] == ["/purchases/1: Older than is kept."]
    assert desk.stored()[0]["at_ms"] == 1_767_355_200_000


def test_tastes_are_kept_with_consent_to_personalization_alone(desk):
    """Withdrawn consent takes them along."""
    desk.imported({"user_id": "anna", "tastes": {"category": ["burger"], "price": {"cheap": -0.5}}})
    assert desk.people.read(SCOPE, ANNA).tastes == {"category": {"burger": 1.0}, "price": {"cheap": -0.5}}

    desk.imported({"user_id": "anna", "consent": {"personalization": "denied"}})
    assert desk.people.read(SCOPE, ANNA).tastes == {}


def test_tastes_told_again_are_as_old_as_they_were(desk):
    """So they fade; a facet that changed is new, and a row that changes nothing changes nothing."""
    first = int(desk.clock.now)
    desk.imported({"user_id": "anna", "tastes": {"category": ["burger"], "price": ["cheap"]}})
    before = desk.people.read(SCOPE, ANNA)

    desk.clock.now += 30 * DAY
    desk.imported({"user_id": "anna"}, {"user_id": "anna", "tastes": {"category": ["burger"]}})
    assert desk.people.read(SCOPE, ANNA) == before

    desk.imported({"user_id": "anna", "tastes": {"category": ["burger"], "price": ["dear"]}})
    assert desk.people.read(SCOPE, ANNA).liked_at == {"category": first, "price": first + 30 * DAY}


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("anna", ""),
        ({}, "/user_id"),
        ({"user_id": ""}, "/user_id"),
        ({"user_id": "anna", "vip": True}, "/vip"),
        ({"user_id": "anna", "consent": {"analytics": "yes"}}, "/consent/analytics"),
        ({"user_id": "anna", "consent": {"spying": "granted"}}, "/consent/spying"),
        ({"user_id": "anna", "consent": ["analytics"]}, "/consent"),
        ({"user_id": "anna", "tastes": {"category": "burger"}}, "/tastes/category"),
        ({"user_id": "anna", "tastes": {"category": {"burger": 7}}}, "/tastes/category"),
        ({"user_id": "anna", "tastes": {"category": [7]}}, "/tastes/category"),
        ({"user_id": "anna", "tastes": ["burger"]}, "/tastes"),
        ({"user_id": "anna", "purchases": {}}, "/purchases"),
        ({"user_id": "anna", "purchases": ["burger"]}, "/purchases/0"),
    ],
)
def test_a_row_that_is_wrong_is_told_and_left_out(desk, row, where):
    """With its place and the member; the row beside it is taken."""
    report = desk.imported(row, {"user_id": "ben"})

    assert report.customers == 1
    (rejected,) = report.rejected
    assert (rejected.index, rejected.code) == (0, "INVALID_PROPERTIES")
    assert rejected.detail.startswith(f"{where}: expected ")


def test_a_foreign_id_becomes_a_uuid_and_a_uuid_stays():
    """Whatever a client calls its messages."""
    given = "076B660F-FB0F-4456-B599-A93182AF5EC4"

    assert beacon_id(given, {}) == given.lower()
    assert beacon_id("till-1", {}) == beacon_id("till-1", {"other": 1}) != beacon_id("till-2", {})
    assert beacon_id(None, {"a": 1}) == beacon_id("", {"a": 1}) != beacon_id(None, {"a": 2})


@pytest.mark.parametrize("sets", ["kept", "gone"])
def test_after_all_was_forgotten_more_is_taken(desk, sets):
    """A lifted erasure or a retention leaves a log that goes on where nothing can be read any more."""
    desk.sold(sale("till-1"), sale("till-2"))
    desk.log.forget(log_partition(SCOPE, ANNA))
    if sets == "gone":
        desk.clock.now += 9 * DAY
    else:
        desk.log.append(log_partition(SCOPE, ANNA), [{"id": "by another process", "received_ms": 0}])
        desk.log.forget(log_partition(SCOPE, ANNA))
    now = "2026-11-22T03:00:00Z" if sets == "kept" else "2026-12-01T03:00:00Z"

    outcome = desk.sold(sale("till-3", at=now))

    assert (outcome.accepted, outcome.rejected) == (1, ())
    assert len(desk.stored()) == 1
    assert desk.sold(sale("till-3", at=now)).duplicates == 1
