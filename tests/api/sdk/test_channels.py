"""Where somebody is reached, as apps say it."""

import pytest
from tests.api.persons import sign_in, sign_out, subject
from tests.api.problems import assert_problem

from herenow.channels.model import Recipient
from herenow.scope import Scope

TOKEN = "8d2f06a1c94be7d35a1f6c0e92b47d8305e1fa6c7b8d904e2f3a5c6b7d8e9f01"
PUSH = {"value": TOKEN, "platform": "ios"}
MAIL = {"value": "asha@Bites.Example"}


def put(live, phone, channel, body):
    """``PUT /v1/channels/{channel}``."""
    return live.client.put(f"/v1/channels/{channel}", json=body, headers=live.bearer(phone))


def asked(live):
    """A phone whose owner allowed push when the system asked."""
    return live.launch(consent={"push": "granted"})


def delete(live, phone, channel):
    """``DELETE /v1/channels/{channel}``."""
    return live.client.delete(f"/v1/channels/{channel}", headers=live.bearer(phone))


def device(phone):
    """The recipient who holds this phone."""
    return Recipient(installation=phone.json["installation"]["id"])


def reached(live, recipient, channel="push"):
    """The values at which a recipient is reached."""
    return [each.value for each in live.services.addresses.of(live.scope, recipient, channel)]


def test_an_address_is_registered_and_removed(live):
    """Each channel holds one address, in the spelling in which it is compared."""
    phone = live.launch()
    said = put(live, phone, "sms", {"value": "+91 (98) 7654-3210"})

    assert said.json == {"channel": "sms", "registered": True, "consent": "unknown"}
    assert reached(live, device(phone), "sms") == ["+919876543210"]
    assert put(live, phone, "sms", {"value": "+4915112345678"}).status_code == 200
    assert reached(live, device(phone), "sms") == ["+4915112345678"]
    assert delete(live, phone, "sms").json["registered"] is False
    assert reached(live, device(phone), "sms") == []
    assert delete(live, phone, "sms").status_code == 200


@pytest.mark.parametrize(
    ("channel", "body"),
    [
        ("push", {"value": TOKEN}),
        ("push", {"value": "no token", "platform": "ios"}),
        ("push", {"value": TOKEN[:-1] + "g", "platform": "ios"}),
        ("push", {"value": "short", "platform": "android"}),
        ("email", {"value": "asha"}),
        ("email", {"value": "asha@localhost"}),
        ("email", {"value": "asha@10.0.0.1"}),
        ("email", {"value": "a@b.example\r\nBcc: c@d.example"}),
        ("email", {"value": "Asha <asha@bites.example>"}),
        ("sms", {"value": "98765 43210"}),
        ("sms", {"value": "+0123456789"}),
        ("sms", {"value": "+1234567890123456"}),
    ],
)
def test_what_reaches_nobody_is_refused(live, channel, body):
    """A value that no provider would take is told at once, and nothing is stored."""
    phone = live.launch()

    assert_problem(put(live, phone, channel, body), 422, "INVALID_ADDRESS")
    assert reached(live, device(phone), channel) == []


def test_only_channels_with_addresses_take_one(live):
    """What the device shows itself needs no address."""
    phone = live.launch()

    assert_problem(put(live, phone, "in_app", MAIL), 404, "UNKNOWN_CHANNEL")
    assert_problem(delete(live, phone, "fax"), 404, "UNKNOWN_CHANNEL")


def test_an_address_allows_nothing(live):
    """Consent by channel is what was said of it, before and after."""
    phone = live.launch(consent={"push": "denied"})

    assert put(live, phone, "push", PUSH).json["consent"] == "denied"


def test_only_who_allowed_it_is_pushed_to(live):
    """A token says where, consent whether: a phone that never asked its owner is left alone."""
    for consent in ({}, {"push": "denied"}):
        phone = live.launch(consent=consent)
        put(live, phone, "push", PUSH)
        assert reached(live, device(phone)) == []


def test_a_token_moves_with_the_device(live):
    """Registered by another installation it is that one's alone, so nobody is pushed to twice."""
    old, new = asked(live), asked(live)
    put(live, old, "push", PUSH)
    put(live, new, "push", {**PUSH, "value": TOKEN.upper()})

    assert reached(live, device(old)) == []
    assert reached(live, device(new)) == [TOKEN]
    put(live, old, "push", PUSH)
    assert (reached(live, device(old)), reached(live, device(new))) == ([TOKEN], [])


def test_a_token_that_was_replaced_may_be_anybodys(live):
    """A device that got a new token no longer holds the old one."""
    first, second = asked(live), asked(live)
    put(live, first, "push", PUSH)
    put(live, first, "push", {**PUSH, "value": "ab" * 32})
    put(live, second, "push", PUSH)

    assert reached(live, device(first)) == ["ab" * 32]
    assert reached(live, device(second)) == [TOKEN]


def test_saying_it_again_writes_nothing(live):
    """Apps say it at every launch; it is one read of the address."""
    phone = asked(live)
    put(live, phone, "push", PUSH)
    (before,) = live.services.addresses.of(live.scope, device(phone), "push")
    live.services.clock.now += 60
    put(live, phone, "push", PUSH)

    assert live.services.addresses.of(live.scope, device(phone), "push") == [before]


def test_mail_is_the_persons_on_every_device(live):
    """Once known, a person has one address, whichever phone said it; removing it removes it everywhere."""
    one, two = live.launch(), live.launch()
    put(live, one, "email", {"value": "before@bites.example"})
    sign_in(live, one, "asha")
    asha = Recipient(subject=subject(live, "asha"))
    assert reached(live, asha, "email") == ["before@bites.example"]
    sign_in(live, two, "asha")
    put(live, two, "email", MAIL)

    assert reached(live, asha, "email") == ["asha@bites.example"]
    delete(live, two, "email")
    assert reached(live, asha, "email") == []


def test_push_reaches_every_device_of_a_person_once(live):
    """Of a person all phones, of an installation its own."""
    phones = [asked(live), asked(live)]
    for n, phone in enumerate(phones):
        sign_in(live, phone, "asha")
        put(live, phone, "push", {**PUSH, "value": f"{n}a" * 32})

    assert sorted(reached(live, Recipient(subject=subject(live, "asha")))) == ["0a" * 32, "1a" * 32]
    assert reached(live, device(phones[1])) == ["1a" * 32]


def test_who_has_signed_out_is_not_pushed_to(live):
    """The device may be somebody else's now; mail still reaches who left."""
    phone = asked(live)
    sign_in(live, phone, "asha")
    put(live, phone, "push", PUSH)
    put(live, phone, "email", MAIL)
    sign_out(live, phone)

    asha = Recipient(subject=subject(live, "asha"))
    assert (reached(live, asha), reached(live, asha, "email")) == ([], ["asha@bites.example"])
    assert_problem(put(live, phone, "push", PUSH), 409, "SIGNED_OUT")


def test_addresses_go_with_whose_they_are(live):
    """An erased device holds no token and an erased person no address; nothing tells that they did."""
    phone, next_phone = asked(live), asked(live)
    sign_in(live, phone, "asha")
    put(live, phone, "push", PUSH)
    put(live, phone, "email", MAIL)
    told = live.client.get("/v1/me?format=json&scope=person", headers=live.bearer(phone)).get_data(
        as_text=True
    )
    assert TOKEN in told
    assert "asha@bites.example" in told
    live.client.delete("/v1/me?scope=person", headers=live.bearer(phone))

    asha = Recipient(phone.json["installation"]["id"], subject(live, "asha"))
    assert (reached(live, asha), reached(live, asha, "email")) == ([], [])
    put(live, next_phone, "push", PUSH)
    assert reached(live, device(next_phone)) == [TOKEN]


def test_nothing_is_registered_for_who_is_suppressed(live):
    """Their backend wants nothing kept of them; removing is still theirs."""
    phone = live.launch()
    sign_in(live, phone, "asha")
    put(live, phone, "push", PUSH)
    live.services.erasures.suppress(live.scope, subject(live, "asha"))

    assert_problem(put(live, phone, "email", MAIL), 403, "SUPPRESSED")
    assert delete(live, phone, "push").status_code == 200
    assert reached(live, device(phone)) == []


def test_a_dead_address_is_forgotten_unless_it_was_replaced(live):
    """A token goes; a mail address stays marked, until it is said anew. A newer one is not touched."""
    phone = asked(live)
    put(live, phone, "push", PUSH)
    put(live, phone, "email", MAIL)
    addresses = live.services.addresses
    (token,), (mail,) = (addresses.of(live.scope, device(phone), each) for each in ("push", "email"))
    put(live, phone, "push", {**PUSH, "value": "cd" * 32})
    addresses.spoil(live.scope, token)
    assert reached(live, device(phone)) == ["cd" * 32]
    (token,) = addresses.of(live.scope, device(phone), "push")
    addresses.spoil(live.scope, token)
    addresses.spoil(live.scope, mail)

    assert (reached(live, device(phone)), reached(live, device(phone), "email")) == ([], [])
    put(live, phone, "email", MAIL)
    assert reached(live, device(phone), "email") == ["asha@bites.example"]


def test_apps_and_environments_know_nothing_of_each_other(live):
    """The same token in another scope is another."""
    phone = live.launch()
    put(live, phone, "push", PUSH)

    assert live.services.addresses.of(Scope("bites", "staging"), device(phone), "push") == []
