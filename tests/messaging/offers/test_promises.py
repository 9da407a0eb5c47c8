"""Offers from the pool to the till: who gets one, with which code, and when it goes back."""

from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.messaging.conftest import APP, NOON, House, campaign

from herenow.messaging.offers.appointments import GRACE_S, HOUR_S
from herenow.messaging.offers.promises import StockedPromises, Use, Word
from herenow.messaging.offers.terms import terms_of
from herenow.messaging.people import Person
from herenow.messaging.seams import NotPromised, Occasion, Promise
from herenow.storage.memory import MemoryDocuments
from herenow.storage.ports import Key

DAY = 86_400


@dataclass
class Shop:
    """A house with one offer, and what people ask of it."""

    house: House
    promises: StockedPromises
    messages: object = field(default_factory=lambda: count(1))

    def offers(self, **terms):
        """Publish the offer ``treat`` with these terms."""
        offer = {"form": "percentage", "percentage": 10, "text": {"en": "10 % off"}, **terms}
        self.house.publish(campaigns={"lunch": campaign(offers=["treat"])}, offers={"treat": offer})

    def reserve(self, phone, message=None, promises=None):
        """Ask for the offer for a message."""
        occasion = Occasion(
            self.house.services.serving.current(APP),
            phone,
            Person.of(APP, phone),
            {},
            message or f"m{next(self.messages)}",
            "lunch",
            "in_app",
            int(self.house.clock.now),
            offer="treat",
        )
        return (promises or self.promises).reserve(occasion)

    def use(self, phone, code=None, event="e1", at=None):
        """Word from a person that they used it."""
        terms = terms_of(self.house.services.serving.current(APP), "treat")
        word = Word("treat", code, int(at or self.house.clock.now), event)
        return self.promises.use([Person.of(APP, phone)], terms, word)

    def sweep_after(self, seconds):
        """Return what has ended, after some time."""
        self.house.clock.now += seconds
        return self.promises.sweep(APP)

    @property
    def counts(self):
        """The counts as an admin sees them."""
        (told,) = self.promises.counts.told(
            APP, self.house.services.serving.current(APP).documents["offers.json"]
        )
        return told


@pytest.fixture
def shop(house):
    """A shop with a pool of three codes."""
    made = Shop(house, StockedPromises(house.services.documents, clock=house.clock))
    made.promises.codes.add(APP, "treat", ["A1", "B2", "C3"])
    return made


def test_everybody_gets_the_fixed_code_until_it_ends(shop):
    """A promise names the code and the earlier of its two ends."""
    shop.offers(code={"fixed": "TEN"}, valid_for="1d", valid_until="2026-12-31")
    assert shop.reserve(shop.house.phone()) == Promise("TEN", NOON + DAY)
    shop.offers(code={"fixed": "TEN"}, valid_for="60d", valid_until="2026-11-24")
    assert shop.reserve(shop.house.phone()).valid_until == NOON + DAY // 2


def test_one_message_has_one_promise(shop):
    """Asked for again, a promise is the same and nothing more is counted."""
    shop.offers(code={"pool": "codes.csv"}, budget=2)
    phone = shop.house.phone()
    first = shop.reserve(phone, "m")
    assert shop.reserve(phone, "m") == first
    assert shop.counts["open"] == 1


def test_a_pool_gives_each_code_once_and_then_none(shop):
    """Three codes go to three people; the fourth gets none."""
    shop.offers(code={"pool": "codes.csv"})
    got = [shop.reserve(shop.house.phone()) for _ in range(4)]
    assert {each.code for each in got[:3]} == {"A1", "B2", "C3"}
    assert got[3] == NotPromised("NO_CODE_LEFT")
    assert (shop.counts["codes_left"], shop.counts["open"]) == (0, 3)


def test_why_there_is_none(shop):
    """Budget, share and end each have their reason, and leave no trace in the counts."""
    shop.offers(budget=2, per_person=1)
    phone = shop.house.phone()
    assert isinstance(shop.reserve(phone), Promise)
    assert shop.reserve(phone) == NotPromised("OFFER_HAD")
    assert isinstance(shop.reserve(shop.house.phone()), Promise)
    assert shop.reserve(shop.house.phone()) == NotPromised("BUDGET_SPENT")
    assert (shop.counts["open"], shop.counts["budget_left"]) == (2, 0)
    shop.offers(valid_until="2026-11-23")
    assert shop.reserve(phone) == NotPromised("OFFER_OVER")


def test_what_is_not_shown_is_given_back(shop):
    """Code, budget and share return at once; giving back twice gives nothing more."""
    shop.offers(code={"pool": "codes.csv"}, budget=1, per_person=1)
    phone = shop.house.phone()
    shop.reserve(phone, "m")
    for _ in range(2):
        shop.promises.give_back(Person.of(APP, phone), "m")
    assert (shop.counts["open"], shop.counts["codes_left"]) == (0, 3)
    assert isinstance(shop.reserve(phone, "n"), Promise)


def test_what_ends_unused_returns_a_day_later(shop):
    """Until then it is theirs; afterwards code and budget are free, and the share is had."""
    shop.offers(code={"pool": "codes.csv"}, budget=1, per_person=1, valid_for="1d")
    phone = shop.house.phone()
    shop.reserve(phone)
    assert shop.sweep_after(DAY) == 0
    assert shop.sweep_after(GRACE_S + HOUR_S) == 1
    assert shop.sweep_after(0) == 0
    assert (shop.counts["returned"], shop.counts["open"], shop.counts["codes_left"]) == (1, 0, 3)
    assert shop.reserve(phone) == NotPromised("OFFER_HAD")
    assert isinstance(shop.reserve(shop.house.phone()), Promise)


def test_nothing_is_forgotten_by_a_late_sweep(shop):
    """Promises of many hours return together when nobody looked for a month."""
    shop.offers(valid_for="1h")
    for _ in range(5):
        shop.reserve(shop.house.phone())
        shop.house.clock.now += 5 * HOUR_S
    assert shop.sweep_after(30 * DAY) == 5
    shop.reserve(shop.house.phone())
    assert shop.sweep_after(3 * DAY) == 1


def test_a_use_is_counted_once(shop):
    """The same word again changes nothing, and what was used does not return."""
    shop.offers(code={"pool": "codes.csv"}, valid_for="1d")
    phone = shop.house.phone()
    code = shop.reserve(phone).code
    assert [shop.use(phone, code), shop.use(phone, code), shop.use(phone, code, "e2")] == [
        Use.TAKEN,
        Use.TOLD_BEFORE,
        Use.TAKEN_BEFORE,
    ]
    assert shop.sweep_after(9 * DAY) == 0
    assert (shop.counts["redeemed"], shop.counts["codes_left"]) == (1, 2)


def test_why_a_use_does_not_count(shop):
    """Another's code, an unknown one, one without a promise and one that is over are told apart."""
    shop.offers(code={"pool": "codes.csv"}, valid_for="1d")
    mine, other = shop.house.phone(), shop.house.phone()
    code = shop.reserve(mine).code
    assert shop.use(other, code) == Use.NOT_THEIRS
    assert shop.use(mine, "Z9") == Use.UNKNOWN_CODE
    assert shop.use(other) == Use.NOT_PROMISED
    assert shop.use(mine, code, at=NOON + DAY + 1) == Use.EXPIRED
    assert shop.counts["redeemed"] == 0


def test_a_use_told_late_counts_by_when_it_happened(shop):
    """Within the day of grace."""
    shop.offers(valid_for="1d")
    phone = shop.house.phone()
    shop.reserve(phone)
    shop.house.clock.now += DAY + HOUR_S
    assert shop.use(phone, at=NOON + HOUR_S) == Use.TAKEN


def test_beacons_say_that_an_offer_was_used(shop):
    """From the message to the till: offer_redeemed of the person counts, and only their own."""
    shop.offers(code={"pool": "codes.csv"}, valid_for="1d")
    shop.house.with_parts(promises=shop.promises)
    phone = shop.house.phone()
    (shown,) = [
        each["message"] for each in shop.house.tell(phone, ("item_view", {"item": "a"})) if "message" in each
    ]
    assert shown["content"]["code"] in {"A1", "B2", "C3"}
    redeemed = ("offer_redeemed", {"offer": "treat", "code": shown["content"]["code"]})
    shop.house.tell(shop.house.phone(), redeemed)
    assert shop.counts["redeemed"] == 0
    shop.house.tell(phone, redeemed)
    shop.house.tell(phone, ("item_view", {"item": "b"}))
    assert shop.counts["redeemed"] == 1


def test_only_the_backend_may_say_so_where_the_offer_asks_for_it(shop):
    """A device's word does not count for an offer with server_only."""
    shop.offers(redemption={"event": "offer_redeemed", "server_only": True})
    shop.house.with_parts(promises=shop.promises)
    phone = shop.house.phone()
    shop.house.tell(phone, ("item_view", {"item": "a"}))
    shop.house.tell(phone, ("offer_redeemed", {"offer": "treat"}))
    assert (shop.counts["open"], shop.counts["redeemed"]) == (1, 0)


def test_an_erasure_takes_promises_and_leaves_codes_spent(shop):
    """Nothing in the pool names a person, and nobody else gets the code."""
    shop.offers(code={"pool": "codes.csv"}, valid_for="1d")
    phone = shop.house.phone()
    shop.reserve(phone)
    shop.house.services.erasures.device(APP, phone)
    held = shop.house.services.documents.query(Person.of(APP, phone).partition).documents
    assert not [each for each in held if each.key.sort.startswith(("promise#", "offer#"))]
    assert shop.sweep_after(9 * DAY) == 0
    assert shop.counts["codes_left"] == 2
    assert shop.reserve(phone) == NotPromised("OFFER_BUSY")  # who is erased is promised nothing


def test_codes_are_imported_once(shop):
    """The same codes again are duplicates; lines that are none are told with their number."""
    lines = ["A1", "D4", '"E5"', "", "D4", "x" * 41]
    told = shop.promises.codes.add(APP, "treat", lines)
    assert told.as_json() == {"added": 2, "duplicates": 2, "wrong": 1, "lines": [6]}


def test_another_offer_is_made_when_the_first_cannot_be_promised(house):
    """An empty pool sends on to the campaign's next offer; without one the record says why."""
    offers = {
        "fifty": {"form": "amount", "amount": 50, "text": "₹50 off", "code": {"pool": "c.csv"}},
        "ten": {"form": "amount", "amount": 10, "text": "₹10 off", "code": {"fixed": "TEN"}},
    }
    both = campaign(offers=["fifty", "ten"])
    house.publish(campaigns={"lunch": both, "dinner": campaign(offers=["fifty"])}, offers=offers)
    phone = house.phone()
    told = house.tell(phone, ("item_view", {"item": "a"}))
    (shown,) = [each["message"] for each in told if "message" in each]
    assert (shown["campaign"], shown["offer"], shown["content"]["code"]) == ("lunch", "ten", "TEN")
    assert ("failed", "NO_CODE_LEFT") in house.ledger(phone)


class Interrupting:
    """Documents in whose way others come: before each transaction, what waits is done."""

    def __init__(self, documents, waiting):
        self._documents = documents
        self._waiting = waiting

    def __getattr__(self, name):
        """Everything else is the store's own."""
        return getattr(self._documents, name)

    def transact(self, writes):
        """Let one other finish first."""
        if self._waiting:
            self._waiting.pop()()
        self._documents.transact(writes)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "give_back", "use", "sweep"]), st.integers(0, 2), st.integers(0, 3)
    ),
    min_size=1,
    max_size=14,
)


@given(acts=ACTS, interruptions=st.lists(st.integers(0, 3), max_size=14), budget=st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_code_is_ever_given_twice(house, acts, interruptions, budget):
    """Whatever comes between reading and writing, open codes are distinct, and budget and shares hold."""
    documents = MemoryDocuments(clock=house.clock)
    house.clock.now = NOON
    plain = Shop(house, StockedPromises(documents, clock=house.clock))
    plain.offers(code={"pool": "c.csv"}, budget=budget, per_person=2, valid_for="1h")
    phones = _phones(house, documents)
    plain.promises.codes.add(APP, "treat", ["A1", "B2", "C3"])
    waiting = [
        lambda n=number, who=phones[number % 3]: plain.reserve(who, f"i{n}-{who.id[-2:]}")
        for number in interruptions
    ]
    shop = replace(plain, promises=StockedPromises(Interrupting(documents, waiting), clock=house.clock))
    for act, who, number in acts:
        phone, message = phones[who], f"a{number}-{phones[who].id[-2:]}"
        if act == "reserve":
            shop.reserve(phone, message)
        elif act == "give_back":
            shop.promises.give_back(Person.of(APP, phone), message)
        elif act == "use":
            shop.use(phone, event=f"e{number}")
        else:
            shop.sweep_after(DAY + 2 * HOUR_S)
        kept = [_promises(documents, each) for each in phones]
        live = [promise["code"] for each in kept for promise in each if promise["state"] != "returned"]
        assert len(live) == len(set(live)) <= budget
        assert all(len(each) <= 2 for each in kept)
        assert shop.counts["open"] + shop.counts["redeemed"] == len(live)
        assert len(documents.query(APP.partition("codes#treat"), prefix="free#").documents) == 3 - len(live)


def _phones(house, documents):
    phones = [house.phone() for _ in range(3)]
    for each in phones:
        own = house.services.documents.get(_installation(each))
        for _ in range(own.version):
            documents.put_if(own.key, own.value)
    return phones


def _installation(phone):
    return Key(Person.of(APP, phone).partition, "installation")


def _promises(documents, phone):
    found = documents.query(Person.of(APP, phone).partition, prefix="promise#").documents
    return [each.value for each in found]
