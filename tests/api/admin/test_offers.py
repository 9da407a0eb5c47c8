"""Offers at the admin plane."""

import pytest


def test_offers_are_told_with_what_is_left(live):
    """Budget and codes of each, and nulls where there is no pool."""
    told = {each["offer"]: each for each in live.call("GET", "offers").json["offers"]}
    assert (told["fifty_off"]["budget_left"], told["fifty_off"]["codes"]) == (2000, 0)
    assert (told["ten_percent"]["open"], told["ten_percent"]["codes_left"]) == (0, None)


def test_codes_are_imported_once_and_that_is_in_the_audit_log(live):
    """Duplicates are counted, and stay what they are."""
    assert live.call("POST", "offers/fifty_off/codes", json={"codes": ["A", "B", "A", "x" * 41]}).json == {
        "added": 2,
        "duplicates": 1,
        "wrong": 1,
        "lines": [4],
    }
    assert live.call("POST", "offers/fifty_off/codes", json={"codes": ["B"]}).json["duplicates"] == 1
    assert ("owner", "codes.imported", "fifty_off") in live.audited()


@pytest.mark.parametrize("offer", ["ten_percent", "none"])
def test_an_offer_without_a_pool_takes_no_codes(live, offer):
    """The answer names those that do."""
    answer = live.call("POST", f"offers/{offer}/codes", json={"codes": ["A"]})
    assert (answer.status_code, answer.json["code"]) == (404, "UNKNOWN_OFFER")
    assert "fifty_off" in answer.json["detail"]
