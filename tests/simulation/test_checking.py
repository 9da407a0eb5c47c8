"""Each promise is broken once: a check that finds nothing then would find nothing ever."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from herenow.simulation.chance import Chance
from herenow.simulation.checking import caps, check_all, codes, consent, control, erasure, quiet
from herenow.simulation.evidence import EVERY, Evidence
from herenow.simulation.letters import Letter, Said
from herenow.simulation.lives import Life
from herenow.simulation.people import populate
from herenow.simulation.wall_clock import begins, is_within, seconds

INDIA, LONDON = "Asia/Kolkata", "Europe/London"


@dataclass
class Phone:
    """One that is asked for nothing but its id."""

    id: str


def at(day, hour, minute=0, zone=INDIA):
    """An instant in November 2026, the second of which is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp()


@pytest.fixture
def life(corner):
    """Somebody with one phone, who allows everything."""
    drawn = populate(corner, 1, 21, 1)[0]
    person = replace(drawn, consent=dict.fromkeys(drawn.consent, "granted"), zone=INDIA)
    return Life(person, Chance.of(1, 0), [Phone("p1")])


def said(when, campaign="lunch", channel="push", message=None, installation="p1", code=""):
    """Something that was said to them."""
    return Said(0, installation, when, campaign, channel, message or f"m{when}", code=code)


def looked(life, *told, **more):
    """What there is to look into."""
    often = {"caps": [{"max": 99, "per": "day"}]}
    documents = {"policy": {}, "campaigns": {"lunch": often, "news": often}, "offers": {}, "letters": ()}
    return Evidence(lives=[life], said=list(told), **{**documents, **more})


def test_where_nothing_was_said_nothing_is_broken(life):
    """And every promise is told of."""
    found = check_all(looked(life))
    assert [each.name for each in found] == ["caps", "quiet hours", "codes", "consent", "erasure", "control"]
    assert not any(each.breaches for each in found)


@pytest.mark.parametrize(
    ("cap", "second", "broken"),
    [
        ({"channel": "push", "max": 1, "per": "day"}, at(2, 23), True),
        ({"channel": "push", "max": 1, "per": "day"}, at(3, 0, 5), False),
        ({"channel": "email", "max": 1, "per": "day"}, at(2, 23), False),
        ({"max": 1, "per": "day", "window": "rolling"}, at(3, 8, 59), True),
        ({"max": 1, "per": "day", "window": "rolling"}, at(3, 9), False),
        ({"max": 1, "per": "week"}, at(8, 23), True),
        ({"max": 1, "per": "week"}, at(9, 0), False),
        ({"max": 1, "per": "36h"}, at(3, 20, 59), True),
        ({"campaign": "news", "max": 1, "per": "day"}, at(2, 23), False),
        ({"max": 2, "per": "week"}, at(2, 23), False),
    ],
)
def test_one_message_too_many_is_found(life, cap, second, broken):
    """In the period of a cap, by the person's own clock, and in no other."""
    found = caps(looked(life, said(at(2, 9)), said(second), policy={"caps": [cap]}))
    assert bool(found.breaches) is broken


@pytest.mark.parametrize(
    ("campaign", "second", "broken"),
    [
        ({}, at(30, 9), True),
        ({"eligible_again": "3d"}, at(4, 9), True),
        ({"eligible_again": "3d"}, at(5, 9), False),
        ({"caps": [{"max": 1, "per": "week"}]}, at(9, 9), False),
    ],
)
def test_a_campaign_that_speaks_once_is_held_to_it(life, campaign, second, broken):
    """Once ever, or once in the time after which it may again, unless caps of its own say how often."""
    found = caps(looked(life, said(at(2, 9)), said(second), campaigns={"lunch": campaign}))
    assert bool(found.breaches) is broken


def test_a_push_to_two_phones_of_a_user_is_one_message(life):
    """But what each phone got by itself counts together once it is known whose both are."""
    life.known_since.update({"p1": at(2, 8), "p2": at(4, 8)})
    cap = {"caps": [{"max": 1, "per": "week"}]}
    twice = [said(at(5, 9), message="m"), said(at(5, 9), message="m", installation="p2")]
    assert not caps(looked(life, *twice, policy=cap)).breaches
    apart = [said(at(2, 9)), said(at(3, 9), installation="p2")]
    assert not caps(looked(life, *apart, policy=cap)).breaches
    known = [said(at(2, 9)), said(at(4, 9), installation="p2")]
    assert len(caps(looked(life, *known, policy=cap)).breaches) == 1


def test_a_sound_in_the_night_is_found(life):
    """By the clock that somebody keeps, and only on channels that make a sound."""
    policy = {"quiet_hours": {"from": "21:30", "to": "08:30"}}
    told = [said(at(2, 21, 30)), said(at(3, 8, 29)), said(at(3, 8, 30)), said(at(2, 23), channel="in_app")]
    assert len(quiet(looked(life, *told, policy=policy)).breaches) == 2
    life.person = replace(life.person, zone=LONDON)
    abroad = quiet(looked(life, said(at(2, 8, 45)), said(at(3, 1)), policy=policy))
    assert [each.rpartition(" ")[2] for each in abroad.breaches] == ["03:15"]


def test_a_push_that_may_arrive_in_the_night_is_found(life):
    """Its life has to end when it gets quiet."""
    policy = {"quiet_hours": {"from": "21:30", "to": "08:30"}}
    letters = [
        Letter(at(2, 20), "push", "token", "m", "lunch", "", until)
        for until in (at(2, 21, 30), at(2, 21, 31))
    ]
    found = quiet(looked(life, said(at(2, 20), message="m"), policy=policy, letters=letters))
    assert len(found.breaches) == 1


def test_a_code_given_twice_is_found(life):
    """Unless the first was over and unused; a code for all is nobody's."""
    offers = {"ten": {"code": {"fixed": "TEN"}}, "one": {"code": {"pool": "x"}, "valid_for": "1d"}}
    both = [said(at(2, 9), code="TEN"), said(at(2, 10), code="TEN")]
    assert not codes(looked(life, *both, offers=offers)).breaches
    soon = [said(at(2, 9), code="A"), said(at(3, 8), code="A")]
    late = [said(at(2, 9), code="B", message="b"), said(at(3, 9), code="B")]
    assert len(codes(looked(life, *soon, offers=offers)).breaches) == 1
    assert not codes(looked(life, *late, offers=offers)).breaches
    assert len(codes(looked(life, *late, offers=offers, redeemed=frozenset({"b"}))).breaches) == 1


def test_a_message_without_consent_is_found(life):
    """By a channel that was never allowed, and by one from the moment at which it was taken back."""
    life.person = replace(life.person, consent={**life.person.consent, "email": "denied"})
    life.denied["push"] = at(3, 9)
    late = [said(at(3, 10), channel=each) for each in ("push", "email", "in_app")]
    told = [said(at(3, 8)), *late]
    assert len(consent(looked(life, *told)).breaches) == 2


def test_a_message_after_erasure_is_found(life):
    """And those before are told of, so that it is seen what ended."""
    life.erased_at = at(3, 13)
    found = erasure(looked(life, said(at(3, 12)), said(at(3, 14))))
    assert (found.of, len(found.breaches)) == (2, 1)


def test_a_message_to_the_control_group_is_found(life):
    """Any at all to who is held out, and those of the campaign to who is kept from one."""
    told = [said(at(2, 9)), said(at(2, 10), campaign="news")]
    for kept, breaches in (({EVERY}, 2), ({"news"}, 1), ({"other"}, 0)):
        found = control(looked(life, *told, kept_back={("phone", "p1"): frozenset(kept)}))
        assert len(found.breaches) == breaches


def test_periods_begin_by_the_clock_on_the_wall():
    """Also in a week in which clocks are put back."""
    noon = datetime(2026, 10, 25, 12, tzinfo=ZoneInfo(LONDON)).timestamp()
    assert noon - begins("day", noon, LONDON) == 13 * 3600
    assert noon - begins("week", noon, LONDON) == (6 * 24 + 13) * 3600
    assert noon - begins("month", noon, LONDON) == (24 * 24 + 13) * 3600
    assert noon - begins("hour", noon + 60, LONDON) == 0
    assert (seconds("36h"), seconds("week"), seconds("30m")) == (129_600, 604_800, 1800)


def test_equal_ends_are_the_whole_day():
    """As the documents mean it; a window over midnight has both its sides."""
    assert is_within({"from": "09:00", "to": "09:00"}, at(2, 3), INDIA)
    assert not is_within({"from": "22:00", "to": "06:00"}, at(2, 12), INDIA)
    assert is_within({"from": "11:30", "to": "14:00"}, at(2, 11, 30), INDIA)
