"""What the moment and the store tell of a set: instants that are over, pools that are empty."""

from datetime import datetime

import pytest

from herenow.authoring.validation import Present, Reach, Severity

NOW = datetime.fromisoformat("2026-11-27T12:00:00+05:30").timestamp()
PRESENT = Present(now=NOW)


def sale(schedule, **members):
    """A campaign to many."""
    return {"kind": "mass", "schedule": schedule, "channels": ["in_app"],
            "template": {"en": {"title": "Sale"}}, **members}  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "pointer", "what"),
    [
        ({"at": "2026-11-27T11:00:00+05:30"}, "/sale/schedule/at", "sent at once"),
        ({"at": "2026-11-27"}, "/sale/schedule/at", "sent at once"),
        ({"at": "2026-11-25"}, "/sale/schedule/at", "expired, so nobody gets it"),
        ({"from": "12:00", "end": "2026-11-26"}, "/sale/schedule/end", "says nothing any more"),
        ({"at": "2026-11-27T13:00:00+05:30"}, None, ""),
        ({"from": "12:00", "end": "2026-11-27"}, None, ""),
    ],
)
def test_a_time_that_is_over_is_told_with_what_becomes_of_it(folder, schedule, pointer, what):
    """Days are the app's; where nobody knows what time it is, nothing is told."""
    folder.put("campaigns.json", "sale", sale(schedule))
    found = folder.findings("ALREADY_PAST", present=PRESENT)
    assert [each.pointer for each in found] == ([pointer] if pointer else [])
    assert all(what in each.detail and each.severity is Severity.WARNING for each in found)
    assert not folder.findings("ALREADY_PAST")


def test_a_life_of_its_own_counts_from_its_time(folder):
    """A message that was worth saying for an hour is over after it."""
    folder.put("campaigns.json", "sale", sale({"at": "2026-11-27T10:00:00+05:30"}, expires_after="1h"))
    assert "nobody gets it" in folder.only("ALREADY_PAST", present=PRESENT).detail


def test_an_offer_that_has_ended(folder):
    """Its last day counts to its end."""
    folder.put("offers.json", "fifty_off", "valid_until", "2026-11-26")
    assert folder.only("ALREADY_PAST", present=PRESENT).pointer == "/fifty_off/valid_until"
    folder.put("offers.json", "fifty_off", "valid_until", "2026-11-27")
    assert not folder.findings("ALREADY_PAST", present=PRESENT)


@pytest.mark.parametrize(("codes", "told"), [(0, True), (1, False), (None, False)])
def test_a_pool_without_a_code_is_told(folder, codes, told):
    """With how codes come in; where nothing is known of it nothing is told."""
    folder.put("offers.json", "fifty_off", "code", {"pool": "codes/fifty.csv"})
    folder.put("offers.json", "ten_percent", "code", {"fixed": "TEN"})
    found = folder.findings("EMPTY_POOL", present=Present(codes=lambda _: codes))
    assert [each.pointer for each in found] == (["/fifty_off/code/pool"] if told else [])
    assert all("offers codes import fifty_off" in each.expected for each in found)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"offers": ["fifty_off"]}, True),
        ({"offers": ["fifty_off", "ten_percent"]}, False),
        ({"offers": ["fifty_off"], "audience": "likes_burgers"}, False),
        ({"offers": ["ten_percent"]}, False),
    ],
)
def test_fewer_codes_than_people_are_told(folder, members, told):
    """Of a campaign to everybody that has no other offer to make."""
    folder.put("offers.json", "fifty_off", "code", {"pool": "codes/fifty.csv"})
    folder.put("campaigns.json", "sale", sale({"from": "12:00"}, **members))
    known = Present(reach=lambda: Reach(500), codes=lambda _: 200)
    found = folder.findings("SMALL_POOL", present=known)
    assert bool(found) == told
    assert all("200 codes are there for about 500 installations" in each.detail for each in found)
    enough = Present(reach=lambda: Reach(500), codes=lambda _: 500)
    assert not folder.findings("SMALL_POOL", present=enough)


def test_people_are_counted_only_where_a_finding_needs_it(folder):
    """The founding example pushes to nobody at once, so nothing is counted."""

    def never():
        raise AssertionError

    assert folder.findings(present=Present(now=NOW, reach=never, codes=lambda _: 9)) is not None
