"""Which of several offers somebody is made."""

from collections import Counter

import pytest
from tests.messaging.conftest import APP, campaign

from herenow.messaging.offers.choosing import Draw, preferred
from herenow.messaging.people import Person
from herenow.messaging.records import records_of

FORMS = {"fifty": "amount", "hundred": "amount", "ten": "percentage", "drink": "gift"}
OFFERS = ("fifty", "ten", "hundred", "drink")


def draws(everybody, own=None, forms=FORMS, people=400):
    """What many people are made on one day, with the odds."""
    return [
        preferred(OFFERS, forms, Draw(f"p{n}", "lunch", 7, "noon"), everybody, own or {})
        for n in range(people)
    ]


def test_one_form_is_no_choice():
    """Then the marketer's order stands."""
    assert draws({}, forms={"fifty": "amount", "hundred": "amount"}, people=1) == [None]
    assert draws({}, forms={}, people=1) == [None]


def test_the_chosen_form_comes_first_and_nothing_is_lost():
    """The others follow as written, for when the chosen one cannot be had after all."""
    for each in draws({}, people=50):
        assert sorted(each.offers) == sorted(OFFERS)
        assert FORMS[each.offers[0]] == each.form
        assert [name for name in each.offers if FORMS[name] != each.form] == [
            name for name in OFFERS if FORMS[name] != each.form
        ]


def test_the_same_day_makes_the_same_offer_and_another_may_make_another():
    """A message that is decided again keeps its offer."""
    draw = Draw("p", "lunch", 7, "noon")
    assert preferred(OFFERS, FORMS, draw, {}, {}) == preferred(OFFERS, FORMS, draw, {}, {})
    days = {preferred(OFFERS, FORMS, Draw("p", "lunch", day, "noon"), {}, {}).form for day in range(40)}
    assert len(days) == 3


def test_what_is_answered_is_made_more_often_as_often_as_the_odds_say():
    """The logged propensity is the frequency over people who know as little."""
    known = {
        ("amount", "noon"): (100.0, 20.0),
        ("percentage", "noon"): (100.0, 15.0),
        ("gift", "noon"): (100.0, 5.0),
    }
    made = draws(known)
    often = Counter(each.form for each in made)
    assert often["amount"] > often["percentage"] > often["gift"]
    odds = {each.form: each.propensity for each in made}
    assert often["amount"] / len(made) == pytest.approx(odds["amount"], abs=0.07)


def test_ones_own_answers_outweigh_everybodys():
    """Who always answers gifts is made gifts."""
    everybody = {("amount", "noon"): (200.0, 40.0), ("gift", "noon"): (200.0, 20.0)}
    own = {("amount", "noon"): (60.0, 0.0), ("gift", "noon"): (60.0, 50.0)}
    assert Counter(each.form for each in draws(everybody, own, people=100))["gift"] > 95


def test_the_record_tells_how_probable_the_offer_was(house):
    """The message has an offer of the drawn form, and its record the odds; the same when decided again."""
    offer = {"text": "A treat"}
    offers = {
        "fifty": {**offer, "form": "amount", "amount": 50},
        "ten": {**offer, "form": "percentage", "percentage": 10},
    }
    house.publish(
        campaigns={"lunch": campaign(offers=["fifty", "ten"], caps=[{"max": 9, "per": "day"}])}, offers=offers
    )
    phones = [house.phone() for _ in range(12)]
    made = [
        [
            each["message"]["offer"]
            for each in house.tell(phone, ("item_view", {"item": "a"}))
            if "message" in each
        ]
        for phone in phones
    ]
    assert {offer for each in made for offer in each} == {"fifty", "ten"}
    for phone, (offer,) in zip(phones, made, strict=True):
        (record,) = records_of(house.services.documents, Person.of(APP, phone))
        assert record.told["offer"] == offer
        assert record.told["propensity"] == pytest.approx(0.5, abs=0.01)
        (again,) = [
            each["message"]["offer"]
            for each in house.tell(phone, ("item_view", {"item": "b"}))
            if "message" in each
        ]
        assert again == offer


def test_an_offer_that_is_had_is_not_drawn(house):
    """Whoever has had their share of one form is made the other, and nothing was left to chance."""
    offer = {"text": "A treat"}
    offers = {
        "fifty": {**offer, "form": "amount", "amount": 50, "per_person": 1},
        "ten": {**offer, "form": "percentage", "percentage": 10, "per_person": 1},
    }
    house.publish(
        campaigns={"lunch": campaign(offers=["fifty", "ten"], caps=[{"max": 9, "per": "day"}])}, offers=offers
    )
    phone = house.phone()
    for _ in range(2):
        house.tell(phone, ("item_view", {"item": "a"}))
        house.clock.now += 60
    first, second = records_of(house.services.documents, Person.of(APP, phone))
    assert {first.told["offer"], second.told["offer"]} == {"fifty", "ten"}
    assert "propensity" not in second.told
