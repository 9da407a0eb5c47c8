"""Messages that events start leave at a pace, over everybody or at each place."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.messaging.conftest import APP, NOON, campaign

from herenow.messaging.pacing import Pace, Pacing, Ticket
from herenow.storage.memory import MemoryDocuments

HOUR = 3600
VIEW = ("item_view", {"item": "patty"})
ENTER = ("fence_entered", {"fence": "patty"})


def paced(**pace):
    """A campaign at a pace, by push."""
    return {"p": campaign(channels=["push"], pace=pace)}


def by_hour(house):
    """How many letters were handed over in each hour."""
    return Counter((at - NOON) // HOUR for _, _, at in house.couriers.letters)


def test_no_more_leave_in_an_hour_than_the_pace_allows(house):
    """Of seven, three at once, three in the next hour, one in the third; each is held until its turn."""
    house.publish(campaigns=paced(max=3, per="1h"))
    house.clock.now = start = NOON - NOON % HOUR + HOUR
    phones = [house.phone() for _ in range(7)]
    for phone in phones:
        house.tell(phone, VIEW)
    for _ in range(8):
        house.worker().turn(APP)
        house.worker("w2").turn(APP)
        house.clock.now += HOUR // 2

    assert [hours - (start - NOON) // HOUR for hours in by_hour(house)] == [0, 1, 2]
    assert list(by_hour(house).values()) == [3, 3, 1]
    assert Counter(tuple(house.ledger(phone)) for phone in phones) == {
        (("show", "SHOWN"),): 3,
        (("held", "PACED"), ("show", "SHOWN")): 4,
    }


def test_each_place_has_a_pace_of_its_own():
    """One an hour at each of two fences, or one an hour at both together."""
    pacing = Pacing(MemoryDocuments(lambda: float(NOON)))

    def taken(name, pace):
        found = [pacing.take(APP, name, pace, place, NOON) for place in ("patty", "bun", "patty")]
        return [isinstance(each, Ticket) for each in found]

    assert taken("each", Pace(1, HOUR, by_place=True)) == [True, True, False]
    assert taken("all", Pace(1, HOUR)) == [True, False, False]


def test_a_shop_is_not_flooded(house):
    """Of two who enter within the hour one is told now; the other is not told after they have left."""
    at_fence = {"fence_group": "diners", "transition": "enter"}
    pace = {"max": 1, "per": "1h", "by": "place"}
    house.publish(campaigns={"p": campaign(trigger=at_fence, pace=pace, expires_after="10m")})
    first, second = house.phone(), house.phone()

    told = [house.tell(phone, ENTER)[0] for phone in (first, second)]

    assert [each["reason"] for each in told] == ["SHOWN", "EXPIRES_HELD"]
    assert told[1]["args"]["by"] == "PACED"


def test_a_message_shown_in_the_app_takes_its_number_in_the_request(house):
    """The second person is told that they are held, and until when."""
    house.publish(campaigns={"p": campaign(pace={"max": 1, "per": "1h"})})
    first, second = house.phone(), house.phone()

    (shown,), (held,) = house.tell(first, VIEW), house.tell(second, VIEW)
    assert (shown["outcome"], held["outcome"], held["reason"]) == ("show", "held", "PACED")
    assert held["until"] == "2026-11-24T07:00:00Z"
    assert [each["reason"] for each in house.tell(second, VIEW)] == ["PACED"]
    house.clock.now = NOON + HOUR // 2
    assert [each["campaign"] for each in house.messages.opened(APP, second)] == ["p"]


def test_what_would_expire_before_its_turn_is_given_up(house):
    """Half an hour's life, an hour's queue."""
    house.publish(campaigns={"p": campaign(pace={"max": 1, "per": "2h"}, expires_after="10m")})
    for phone in (house.phone(), late := house.phone()):
        house.tell(phone, VIEW)

    assert house.ledger(late) == [("expired", "EXPIRES_HELD")]


def test_a_number_is_given_back_when_nothing_is_said(house):
    """The words are missing: the next person has the only place of the hour."""
    silent = {"en": {"title": "{{item.price}}"}}
    house.publish(campaigns={"p": campaign(pace={"max": 1, "per": "1h"}, template=silent)})
    first, second = house.phone(), house.phone()

    house.tell(first, VIEW)
    house.tell(second, VIEW)

    assert [house.ledger(each) for each in (first, second)] == [[("failed", "TEMPLATE_FAILED")]] * 2


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["take", "give_back"]), st.integers(0, 900))),
)
def test_the_pace_is_never_exceeded_in_any_interleaving(most, calls):
    """Four workers take and give back in any order: of one window there are never more than ``max`` out."""
    pacing, pace, now = Pacing(MemoryDocuments(lambda: float(NOON))), Pace(most, HOUR), NOON
    out: dict[int, list[Ticket]] = {each: [] for each in range(4)}
    for worker, call, later in calls:
        now += later
        if call == "take":
            taken = pacing.take(APP, "p", pace, None, now)
            if isinstance(taken, Ticket):
                out[worker].append(taken)
            else:
                assert taken.until is not None
                assert taken.until > now
        elif out[worker]:
            pacing.give_back(out[worker].pop())
        windows = Counter(ticket.window for tickets in out.values() for ticket in tickets)
        assert all(count <= most for count in windows.values())
