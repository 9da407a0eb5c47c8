"""Ending a channel by the link of a message, without signing in."""

from dataclasses import replace

import pytest
from tests.api.persons import sign_in, subject

from herenow.bootstrap import build_services
from herenow.channels.model import Recipient
from herenow.channels.unsubscribing import LIFE_S, Unsubscription
from herenow.measures.counters import Counters
from herenow.measures.outcomes import Outcome
from herenow.scope import Scope

GRANTED = {"email": "granted", "push": "granted", "personalization": "granted"}


def link(live, recipient, channel="email", campaign="lunch"):
    """The path of the link in a message."""
    token = live.services.unsubscribe_links.seal(Unsubscription(live.scope, recipient, channel, campaign))
    return f"/u/{token}"


def consent(live, phone):
    """What is held of a phone."""
    return live.services.installations.get(live.scope, phone.json["installation"]["id"]).consent


def device(phone):
    """Who holds this phone."""
    return Recipient(installation=phone.json["installation"]["id"])


def test_looking_changes_nothing(live):
    """A scanner of mail that follows the link ends nothing; the page has one button and runs nothing."""
    phone = live.launch(consent=GRANTED)
    page = live.client.get(link(live, device(phone)))

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert '<form method="post"><button>Unsubscribe</button>' in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert consent(live, phone)["email"] == "granted"


def test_one_click_ends_the_channel(live):
    """As mail clients post it (RFC 8058): that channel is denied, the others are not, and it is recorded."""
    phone = live.launch(consent=GRANTED)
    done = live.client.post(link(live, device(phone)), data={"List-Unsubscribe": "One-Click"})

    assert (done.status_code, "no more e-mails" in done.text) == (200, True)
    assert consent(live, phone)["email"] == "denied"
    assert consent(live, phone)["push"] == "granted"
    told = live.client.get("/v1/me?format=json", headers=live.bearer(phone)).json["installations"][0]
    assert told["records"]["unsubscribed#email"]["campaign"] == "lunch"
    assert live.client.post(link(live, device(phone))).status_code == 200


def test_it_counts_on_every_device(live):
    """What one person ends, ends on all their phones, and as their backend knows them."""
    phones = [live.launch(consent=GRANTED), live.launch(consent=GRANTED)]
    for phone in phones:
        sign_in(live, phone, "asha")
    asha = subject(live, "asha")
    live.client.post(link(live, Recipient(subject=asha)))

    assert [consent(live, phone)["email"] for phone in phones] == ["denied", "denied"]
    exported = live.services.exports.person(live.scope, asha, None, 0)
    assert exported["person"]["records"]["customer"]["consent"]["email"] == "denied"
    assert exported["person"]["records"]["unsubscribed#email"]["campaign"] == "lunch"


def test_it_counts_as_harm_once(live):
    """Of two phones, two clicks and two campaigns, the first that ended the channel counts one."""
    phones = [live.launch(consent=GRANTED), live.launch(consent=GRANTED)]
    for phone in phones:
        sign_in(live, phone, "asha")
    asha = Recipient(subject=subject(live, "asha"))
    for campaign in ("lunch", "lunch", "dinner"):
        live.client.post(link(live, asha, campaign=campaign))

    counted = {
        each: Counters(live.services.documents).of(live.scope, each).total for each in ("lunch", "dinner")
    }
    assert counted["lunch"][Outcome.UNSUBSCRIBED] == 1
    assert counted["dinner"][Outcome.UNSUBSCRIBED] == 0


def test_nothing_comes_back_of_who_was_erased(live):
    """An old mail's link still answers, and keeps nothing."""
    phone = live.launch(consent=GRANTED)
    sign_in(live, phone, "asha")
    asha = subject(live, "asha")
    live.services.erasures.person(live.scope, asha)
    path = link(live, Recipient(phone.json["installation"]["id"], asha))

    assert live.client.post(path).status_code == 200
    assert live.services.exports.person(live.scope, asha, None, 0) is None
    assert live.services.installations.get(live.scope, phone.json["installation"]["id"]) is None


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "A" * 40, "é", "A" * 3000, "%00", "AQ"])
def test_what_is_no_link_is_told_clearly(live, method, token):
    """A page for people, whatever was made up."""
    page = getattr(live.client, method)(f"/u/{token}")

    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "unknown or too old" in page.text


def test_a_link_is_worth_two_years(live):
    """And not a day more."""
    phone = live.launch(consent=GRANTED)
    path = link(live, device(phone))
    live.services.clock.now += LIFE_S - 1
    assert live.client.get(path).status_code == 200
    live.services.clock.now += 1

    assert live.client.post(path).status_code == 404


def test_a_token_tells_nobody_anything(live):
    """Neither whom nor what it is about; changed by a letter it is none."""
    asha = subject(live, "asha")
    path = link(live, Recipient(subject=asha))
    swapped = path[:40] + ("A" if path[40] != "A" else "B") + path[41:]

    assert asha not in path
    assert "lunch" not in path
    assert live.client.post(swapped).status_code == 404


def test_a_link_outlives_the_rotation_of_keys(live):
    """What was sent before a token key was replaced works after it."""
    phone = live.launch(consent=GRANTED)
    path = link(live, device(phone))
    live.services.keyring.rotate("token", int(live.services.clock()), announce_s=0, overlap_s=0)
    live.services.clock.now += 60

    assert live.client.post(path).status_code == 200


@pytest.mark.parametrize(("asked", "words"), [("de-AT,en;q=0.5", "Abbestellen"), ("xx", "Unsubscribe")])
def test_it_speaks_ones_language(live, asked, words):
    """That of the browser, else English."""
    page = live.client.get(link(live, Recipient("i-1")), headers={"Accept-Language": asked})

    assert words in page.text
    assert page.headers["Vary"].startswith("Accept-Language")


def test_links_need_an_address_to_lead_to(live, settings, tmp_path):
    """Without a public address there is none; with one it is the server's own page."""
    assert live.services.unsubscribe_links.link(live.scope, Recipient("i-1"), "email", "lunch") == ""
    public = replace(settings, data_dir=tmp_path / "public", public_url="https://h.bites.example/")
    services = build_services(public)
    made = services.unsubscribe_links.link(Scope("bites", "staging"), Recipient("i-1"), "sms", "lunch")
    told = services.unsubscribe_links.open(made.removeprefix("https://h.bites.example/u/"))
    services.close()

    assert told == Unsubscription(Scope("bites", "staging"), Recipient("i-1"), "sms", "lunch")
