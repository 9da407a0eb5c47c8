"""Codes at the till over HTTP: what counts is counted once, what does not is refused with its reason."""

import pytest

from herenow.clock import iso_utc
from herenow.messaging.people import Person
from herenow.messaging.seams import Occasion

OFFER, DAY = "fifty_off", 86_400


@pytest.fixture(name="secret")
def _secret(live):
    _, key = live.services.keys.create(live.scope, "secret", label="till", by="owner")
    live.services.promises.codes.add(live.scope, OFFER, ["A1", "B2", "C3"])
    return {"Authorization": f"Bearer {key}"}


def promised(live, secret, user, *, known=True, analytics="granted"):
    """The code that somebody has on their phone; ``known`` says that they had signed in before."""
    person = {"user_id": user, "consent": {"analytics": analytics}}
    live.client.post("/v1/server/customers", json={"customers": [person]}, headers=secret)
    subject = live.services.subjects.of(live.scope, "proven", user)
    phone = live.services.installations.get(live.scope, live.launch().json["installation"]["id"])
    joined = phone if not known else live.services.persons.join(live.scope, phone, subject)
    whose = Person.of(live.scope, joined)
    serving, now = live.services.serving.current(live.scope), int(live.services.clock())
    about = (f"m-{user}", "lunch", "in_app", now)
    code = live.services.promises.reserve(Occasion(serving, joined, whose, {}, *about, offer=OFFER)).code
    if not known:
        live.services.persons.join(live.scope, phone, subject)
    return code


def told(live, secret, *events):
    """The answer to events: user, id, code, and what else is different."""
    batch = [
        {
            "user_id": user,
            "id": name,
            "name": "offer_redeemed",
            "at": iso_utc(live.services.clock()),
            "properties": {"offer": OFFER, "code": code},
            **changes,
        }
        for user, name, code, changes in events
    ]
    return live.client.post("/v1/server/events", json={"events": batch}, headers=secret).json


def redeemed(live):
    """How many uses are counted."""
    stock = live.services.offer_stock.told(live.scope)
    return next(each for each in stock if each["offer"] == OFFER)["redeemed"]


def test_a_code_counts_once(live, secret):
    """The same event again is a duplicate, another one of the same code is refused."""
    code = promised(live, secret, "anna")

    first = told(live, secret, ("anna", "till-1", code, {}))
    again = told(live, secret, ("anna", "till-1", code, {}))
    other = told(live, secret, ("anna", "till-2", code, {}))

    assert (first["accepted"], first["rejected"]) == (1, [])
    assert (again["duplicates"], again["rejected"]) == (1, [])
    assert [each["code"] for each in other["rejected"]] == ["CODE_USED"]
    assert redeemed(live) == 1


def test_a_code_that_does_not_count_says_why_beside_those_that_do(live, secret):
    """Somebody else's, one that there never was, and one that counts: each is answered at its place."""
    mine, theirs = promised(live, secret, "anna"), promised(live, secret, "ben")

    answer = told(
        live,
        secret,
        ("anna", "a", theirs, {}),
        ("anna", "b", "Z9", {}),
        ("anna", "c", mine, {}),
    )

    assert answer["accepted"] == 1
    assert [(each["index"], each["code"]) for each in answer["rejected"]] == [
        (0, "CODE_NOT_THEIRS"),
        (1, "UNKNOWN_CODE"),
    ]
    assert redeemed(live) == 1


def test_a_code_that_is_over_is_refused_by_when_it_was_used(live, secret, clock):
    """A day after it was shown; what happened in time and is told late counts."""
    code, before = promised(live, secret, "anna"), iso_utc(live.services.clock())
    clock.now += DAY + 60

    late = told(live, secret, ("anna", "now", code, {}))
    in_time = told(live, secret, ("anna", "then", code, {"at": before}))

    assert [each["code"] for each in late["rejected"]] == ["CODE_EXPIRED"]
    assert (in_time["accepted"], redeemed(live)) == (1, 1)


def test_a_code_of_before_they_were_known_is_theirs(live, secret):
    """It was promised to a phone, whose person signed in afterwards."""
    code = promised(live, secret, "anna", known=False)

    assert told(live, secret, ("anna", "till-1", code, {}))["accepted"] == 1


def test_a_purchase_is_never_refused_for_its_code(live, secret):
    """It was paid all the same."""
    promised(live, secret, "anna")
    bought = {
        "name": "purchase",
        "properties": {"value": 250, "currency": "INR", "offer": OFFER, "code": "Z9"},
    }

    answer = told(live, secret, ("anna", "till-1", "Z9", bought))

    assert (answer["accepted"], answer["rejected"], redeemed(live)) == (1, [], 0)


def test_a_code_is_used_up_though_its_event_may_not_be_kept(live, secret):
    """Without analytics nothing of the visit is stored; the code is spent, and cannot be used again."""
    code = promised(live, secret, "anna", analytics="denied")

    first = told(live, secret, ("anna", "till-1", code, {}))
    other = told(live, secret, ("anna", "till-2", code, {}))

    assert [each["code"] for each in first["rejected"]] == ["CONSENT_DENIED"]
    assert [each["code"] for each in other["rejected"]] == ["CODE_USED"]
    assert redeemed(live) == 1
