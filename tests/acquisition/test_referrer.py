import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from herenow.acquisition.referrer import (
    REFERRER_LIMIT,
    Clocks,
    canonical_referrer,
    parse_referrer,
    read_play_referrer,
)

PIECES = st.sampled_from(
    ["utm_source=", "utm_term=", "utm_medium=", "UTM_Campaign=", "q=", "gclid=", "&", "=", "+", "%", "%2",
     "%25", "%2B", "%252B", "%2541", "%26", "%3D", "%00", "%ff", "%C3%A9", "％41", "＋", "＆", "ﷺ", "\x00",
     "\u200b", "\ud800", "é", " ̈", "बर्गर", "burger", "(not set)", "{keyword}", "{{user.id}}"]
)  # fmt: skip
REFERRERS = st.one_of(
    st.text(), st.lists(PIECES, max_size=60).map("".join), st.text(string.printable, max_size=300)
)


@settings(deadline=None)
@given(REFERRERS)
@example("utm_term=" + "%25" * 700 + "41")
@example(
    "&".join(f"{key}=" + "ﷺ" * 150 for key in ("utm_source", "utm_medium", "utm_campaign", "utm_term", "q"))
)
@example(
    "utm_term=" + "＆" * 200 + "&q=" + "＆" * 200 + "&utm_campaign=" + "＆" * 200 + "&keyword=" + "＆" * 200
)
def test_parsing_never_raises_and_is_idempotent(referrer):
    """Whatever the string, its canonical rendering means the same and fits the limit."""
    parameters = parse_referrer(referrer)
    canonical = canonical_referrer(parameters)
    assert len(canonical) <= REFERRER_LIMIT
    assert parse_referrer(canonical) == parameters


@pytest.mark.parametrize(
    "encoded",
    [
        "utm_term=burger%2Bjoints%2Bin%2Bkandivali%2Bwest",
        "utm_term=burger%252Bjoints%252Bin%252Bkandivali%252Bwest",
        "utm_term=burger+joints+in+kandivali+west",
        "utm_term=burger%20joints%20in%20kandivali%20west",
        "utm_term%3Dburger%2Bjoints%2Bin%2Bkandivali%2Bwest",
        "UTM_TERM=burger%2520joints in\tkandivali\x00 west",
    ],
)
def test_search_text_survives_every_usual_encoding(encoded):
    """Once, twice or wholly encoded, with plus signs or control characters: the words are the same."""
    assert parse_referrer(encoded).term == "burger joints in kandivali west"


def test_what_is_still_encoded_after_two_rounds_is_dropped():
    """A third layer of encoding is an attack or noise, never text."""
    assert parse_referrer("utm_term=pizza%252541").term == "pizza"


def test_not_set_and_unexpanded_macros_are_no_values():
    """A link without a referrer and an ad without its keyword say nothing."""
    assert parse_referrer("utm_source=(not%20set)&utm_medium=(not%20set)&utm_term={keyword}").is_empty
    assert parse_referrer("utm_campaign=%7B%7Bcampaign.name%7D%7D").is_empty


def test_store_organic_is_recognised():
    """Play's own string for an organic install."""
    assert parse_referrer("utm_source=google-play&utm_medium=organic").is_store_organic


def test_click_ids_name_their_network_and_are_forgotten():
    """The id itself is in nothing that comes out."""
    parameters = parse_referrer("gclid=EAIaIQobChMI")
    assert (parameters.source, parameters.medium) == ("google", "cpc")
    assert "EAIaIQobChMI" not in repr(parameters)


def test_declared_source_wins_over_the_network_of_a_click_id():
    """A link's author knows better than the id that an ad server appended."""
    parameters = parse_referrer("utm_source=newsletter&fbclid=abc")
    assert (parameters.source, parameters.medium) == ("newsletter", None)


def test_content_of_an_ad_is_never_read():
    """Meta's encrypted JSON in utm_content disturbs nothing around it."""
    bomb = "%7B%22source%22%3A" + "%5B" * 500
    assert parse_referrer(f"utm_source=fb&utm_content={bomb}&utm_term=tea").term == "tea"


def test_the_first_of_repeated_keys_counts():
    """A key appended by somebody later does not replace the link's own."""
    assert parse_referrer("q=tea&q=coffee").query == "tea"


def test_ten_megabytes_are_cut_not_refused():
    """Only the first two kilobytes are looked at, and the touch says so."""
    referrer = read_play_referrer({"install_referrer": "q=tea&utm_term=" + "a" * 10_000_000})
    assert referrer.over_long
    assert referrer.parameters.query == "tea"
    assert len(referrer.parameters.term) == 200


def test_clocks_of_device_and_server_are_compared():
    """A device three minutes ahead is told so, and times come from the server's clock."""
    clocks = read_play_referrer(
        {
            "referrer_click_timestamp_seconds": 1795138980,
            "referrer_click_timestamp_server_seconds": 1795138800,
            "install_begin_timestamp_seconds": 1795139041,
            "install_begin_timestamp_server_seconds": 1795138860,
        }
    ).clocks
    assert (clocks.skew_s, clocks.click_at, clocks.install_at) == (181, 1795138800, 1795138860)
    assert not clocks.click_after_install


def test_a_click_after_the_download_began_is_seen_within_one_clock():
    """Clocks of two machines are never compared for it."""
    assert Clocks(click_server=1795138900, install_server=1795138860).click_after_install
    assert not Clocks(click_device=1795138900, install_server=1795138860).click_after_install


@pytest.mark.parametrize("value", [0, -5, True, "1795138800", 1795138800.5, None, [], 10**30])
def test_unusable_times_are_unknown(value):
    """Zero is Play's word for unknown; the rest is nonsense."""
    clocks = read_play_referrer({"referrer_click_timestamp_seconds": value}).clocks
    assert clocks.click_at is None
