"""About how many people a channel reaches: what validation is told on a server or beside the stores."""

from tests.messaging.conftest import APP, campaign

from herenow.channels.addresses import Registration
from herenow.launch.service import FirstLaunch
from herenow.messaging.offers.counts import Counted


def somebody(house, consent, token=None):
    """A phone of somebody with this consent, and perhaps a push token."""
    number = next(house.numbers)
    identity = f"00000000-0000-4000-8000-{number:012d}"
    launch = FirstLaunch(identity, "s" * 40, {"locale": "en"}, {}, consent)
    phone = house.services.launch.first_launch(APP, launch).installation
    if token:
        house.services.addresses.register(APP, phone, "push", Registration(token, "android", "production"))
    return phone


def test_nobody_is_nobody(house):
    """Before the first installation nothing is known, which is not the same as zero."""
    house.publish(campaigns={"hello": campaign()})
    assert house.services.headcount.reach(APP) is None


def test_a_push_reaches_whom_it_may_and_can(house):
    """Consent and an address; in the app consent is enough, and what nobody stated is the policy's."""
    house.publish(campaigns={"hello": campaign()}, policy={"consent": {"in_app": "granted"}})
    somebody(house, {"push": "granted"}, token="a" * 140)
    somebody(house, {"push": "denied"}, token="b" * 140)
    somebody(house, {"push": "granted", "in_app": "denied"})
    somebody(house, {})

    reach = house.services.headcount.reach(APP)

    assert (reach.people, reach.shares["push"], reach.shares["in_app"]) == (4, 0.25, 0.75)
    assert (reach.by(["push"]), reach.by(["push", "in_app"]), reach.by(["sms"])) == (1, 3, 0)


def test_the_present_counts_people_once_and_codes_when_asked(house):
    """What no finding needs is not read."""
    house.publish(campaigns={"hello": campaign()})
    somebody(house, {})
    headcount = house.services.headcount
    house.services.promises.counts.count(APP, "fifty", Counted.CODES, 7)
    present = headcount.present(APP)

    assert (present.now, present.codes("fifty"), present.codes("other")) == (house.clock.now, 7, 0)
    assert present.reach() is present.reach()
