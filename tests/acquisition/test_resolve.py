import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.acquisition.ladder import Rung, words_of
from herenow.acquisition.model import from_touch, without_text
from herenow.acquisition.resolve import resolve, touches
from herenow.canonical import canonical_json

APPLE_ADS = {
    "keyword": {"1234567": "burger joints in kandivali west"},
    "ad_group": {"777": "burgers"},
    "campaign": {"1": "food"},
}
FOUNDING = {
    "play_install_referrer": {
        "install_referrer": "utm_source=web&utm_medium=search"
        "&utm_term=burger%2Bjoints%2Bin%2Bkandivali%2Bwest",
        "referrer_click_timestamp_seconds": 1795138800,
        "install_begin_timestamp_seconds": 1795138860,
        "google_play_instant": False,
    }
}
TOKEN = "dG9rZW4tb2YtdGhlLWRldmljZQ=="


def referrer(text):
    """The input of a Play install referrer."""
    return {"play_install_referrer": {"install_referrer": text}}


def test_the_founding_search_is_read_from_the_referrer():
    """What the first phone of the examples sends, and what it is told."""
    acquisition = resolve(FOUNDING, APPLE_ADS)
    assert acquisition.text == "burger joints in kandivali west"
    assert acquisition.as_json() == {
        "status": "resolved",
        "source": "web",
        "medium": "search",
        "confidence": 1.0,
    }
    assert (acquisition.click_at, acquisition.install_at) == (1795138800, 1795138860)


@pytest.mark.parametrize(
    ("raw", "confidence", "text"),
    [
        ({"query": "burgers"}, 1.0, "burgers"),
        (referrer("q=burgers&utm_source=fb"), 1.0, "burgers"),
        (referrer("utm_source=google&utm_medium=cpc&utm_term=burgers"), 0.8, "burgers"),
        (referrer("utm_source=fb&utm_campaign=2026_burgers-andheri"), 0.4, "burgers andheri"),
        (referrer("utm_source=newsletter"), 0.0, None),
        ({"utm": {"source": "google", "medium": "cpc", "term": "tea"}}, 0.8, "tea"),
        (
            {"apple_adservices": {"attribution": True, "keywordId": 1234567}},
            0.8,
            APPLE_ADS["keyword"]["1234567"],
        ),
        ({"apple_adservices": {"attribution": True, "keywordId": 9, "adGroupId": 777}}, 0.8, "burgers"),
        ({"apple_adservices": {"attribution": True, "campaignId": 1}}, 0.8, "food"),
        ({"apple_adservices": {"attribution": True, "campaignId": 2}}, 0.0, None),
    ],
)
def test_confidence_follows_the_ladder(raw, confidence, text):
    """Explicit query, keyword, mapped id, campaign name, none."""
    acquisition = resolve(raw, APPLE_ADS)
    assert (acquisition.status, acquisition.confidence, acquisition.text) == ("resolved", confidence, text)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        None,
        [],
        "utm_source=x",
        referrer("utm_source=(not%20set)&utm_medium=(not%20set)"),
        {"apple_adservices": {"attribution": False}},
        {"query": "  \x00 "},
    ],
)
def test_without_a_trace_it_is_none(raw):
    """Nothing known is told as nothing known."""
    assert resolve(raw, APPLE_ADS).as_json() == {"status": "none"}


def test_store_organic_is_none_and_says_where():
    """An organic install is known to be organic."""
    told = resolve(referrer("utm_source=google-play&utm_medium=organic"), {}).as_json()
    assert told == {"status": "none", "source": "google-play", "medium": "organic"}


def test_the_most_confident_of_several_wins_and_all_are_touches():
    """A campaign's name does not stand in the way of a query."""
    raw = referrer("utm_source=fb&utm_campaign=food") | {
        "query": "tea",
        "deep_link": "bites://category/coffee",
    }
    assert resolve(raw, {}).kind == "query"
    assert [touch.kind for touch in touches(raw, {})] == ["play_install_referrer", "deep_link", "query"]


def test_a_token_alone_is_pending():
    """The device is told when to ask again."""
    told = resolve({"apple_adservices_token": TOKEN}, {}).as_json()
    assert told == {"status": "pending", "poll_after_ms": 5000}


def test_a_weak_answer_beside_a_token_still_asks_to_be_polled():
    """A keyword from Apple could outrank a campaign's name, but not a query."""
    weak = referrer("utm_source=fb&utm_campaign=food") | {"apple_adservices_token": TOKEN}
    assert resolve(weak, {}).poll_after_ms == 5000
    assert resolve(weak, {}).text == "food"
    assert resolve({"query": "tea", "apple_adservices_token": TOKEN}, {}).poll_after_ms is None


def test_upgrades_only():
    """A later touch replaces an earlier one when it knows more, never the other way round."""
    none, weak, sure = (resolve(raw, {}) for raw in ({}, referrer("utm_campaign=food"), {"query": "tea"}))
    assert sure.outranks(weak)
    assert weak.outranks(none)
    assert not weak.outranks(sure)
    assert not none.outranks(weak)
    assert not sure.outranks(sure)


def test_a_stored_touch_holds_no_raw_text_and_no_click_id():
    """Without consent the text is in it neither plainly nor as a digest that could be guessed."""
    raw = referrer("q=burgers&gclid=EAIaIQ")
    touch = resolve(raw, {}).as_touch(keep_text=False)
    assert "burgers" not in json.dumps(touch)
    assert "EAIaIQ" not in json.dumps(touch)
    other = resolve(referrer("q=tea&gclid=EAIaIQ"), {}).as_touch(keep_text=False)
    assert touch["touch_id"] == other["touch_id"]


def test_a_stored_touch_keeps_the_text_when_allowed():
    """With consent the words are kept, and two searches are two touches."""
    touch, other = (resolve({"query": text}, {}).as_touch(keep_text=True) for text in ("tea", "coffee"))
    assert touch["text"] == "tea"
    assert touch["touch_id"] != other["touch_id"]


def test_a_kept_text_can_be_forgotten():
    """What is left is the touch as if the text had never been kept, its id included."""
    acquisition = resolve(FOUNDING, {})
    assert without_text(acquisition.as_touch(keep_text=True)) == acquisition.as_touch(keep_text=False)


def test_the_same_touch_twice_has_one_id():
    """So that it is recorded once."""
    assert resolve(FOUNDING, {}).as_touch(keep_text=True) == resolve(FOUNDING, {}).as_touch(keep_text=True)


def test_touches_are_read_back():
    """What was stored is the acquisition again."""
    acquisition = resolve(FOUNDING, {})
    assert from_touch(acquisition.as_touch(keep_text=True)) == acquisition


def test_withheld_keeps_the_fact_alone():
    """A person who refused gets a status and nothing else."""
    withheld = resolve(FOUNDING, {}).withheld()
    assert withheld.as_json() == {"status": "withheld"}
    assert withheld.text is None
    assert withheld.confidence == 0


def test_searched_words_stay_out_of_repr():
    """A log line that holds an acquisition holds no search."""
    assert "kandivali" not in repr(resolve(FOUNDING, {}))


@pytest.mark.parametrize(
    ("vendor", "payload", "text", "confidence"),
    [
        ("branch", {"~campaign": "burgers_mumbai", "~channel": "Facebook"}, "burgers mumbai", 0.4),
        ("branch", {"~campaign": "x", "q": "burgers"}, "burgers", 1.0),
        ("branch", {"$canonical_url": "https://bites.example/?q=tea"}, "tea", 1.0),
        ("appsflyer", {"media_source": "google", "af_keywords": "pizza near me"}, "pizza near me", 0.8),
        ("appsflyer", {"media_source": "mail", "deep_link_value": "bites://s?q=tea"}, "tea", 1.0),
        ("appsflyer", {"media_source": "mail", "deep_link_value": "burgers"}, "burgers", 0.4),
        ("adjust", {"network": "Unity", "campaign": "Momos (1234)", "fbInstallReferrer": "{}"}, "Momos", 0.4),
    ],
)
def test_vendor_payloads_are_read_by_table(vendor, payload, text, confidence):
    """Each vendor's names for source, campaign, keyword and link."""
    acquisition = resolve({"vendor": {"name": vendor, "payload": payload}}, {})
    assert (acquisition.text, acquisition.confidence) == (text, confidence)


def test_an_unknown_vendor_is_ignored():
    """No table, no touch."""
    assert touches({"vendor": {"name": "nobody", "payload": {"q": "tea"}}}, {}) == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [("2026-11_burgers-andheri (8831)", "burgers andheri"), ("a1b2c3d4", ""), ("", ""), (None, "")],
)
def test_campaign_names_are_read_as_words(name, words):
    """Numbers, dates and hashes are no theme."""
    assert words_of(name) == words


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
INPUTS = st.dictionaries(
    st.sampled_from(
        [
            "play_install_referrer",
            "deep_link",
            "utm",
            "query",
            "vendor",
            "apple_adservices",
            "apple_adservices_token",
        ]
    ),
    JSON
    | st.fixed_dictionaries({"install_referrer": JSON, "install_begin_timestamp_seconds": JSON})
    | st.fixed_dictionaries({"name": st.sampled_from(["branch", "adjust"]), "payload": JSON})
    | st.fixed_dictionaries({"attribution": JSON, "keywordId": JSON, "clickDate": JSON}),
)


@settings(deadline=None)
@given(INPUTS | JSON, JSON)
def test_any_json_resolves_to_something_storable(raw, apple_ads):
    """No input raises; what comes out can be stored, sent and read back."""
    acquisition = resolve(raw, apple_ads if isinstance(apple_ads, dict) else {})
    assert acquisition.rung in Rung
    canonical_json([acquisition.as_json(), acquisition.as_touch(keep_text=True)])
    assert from_touch(acquisition.as_touch(keep_text=True)).text == acquisition.text
