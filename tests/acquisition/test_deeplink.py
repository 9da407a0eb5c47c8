import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.acquisition.deeplink import parse_deep_link
from herenow.acquisition.ladder import Rung


@pytest.mark.parametrize(
    ("link", "text", "rung"),
    [
        ("bites://search?q=burger%20joints", "burger joints", Rung.EXPLICIT_QUERY),
        ("https://bites.example/find?utm_term=pizza&utm_medium=cpc", "pizza", Rung.KEYWORD),
        ("https://bites.example/#/?query=tea", "tea", Rung.EXPLICIT_QUERY),
        (
            "https://bites.example/c/burgers/kandivali-west/8831",
            "c burgers kandivali west",
            Rung.CAMPAIGN_NAME,
        ),
        ("bites://category/burgers", "category burgers", Rung.CAMPAIGN_NAME),
        ("https://bites.example/", None, Rung.NONE),
    ],
)
def test_links_carry_a_query_or_only_words(link, text, rung):
    """A query in our own link is explicit; the words of its path are weak, a web host is none."""
    evidence = parse_deep_link(link).evidence
    assert (evidence.text, evidence.rung) == (text, rung)


@pytest.mark.parametrize("link", ["", "burgers", "mailto:someone@example.org", "javascript:alert(1)", "://x"])
def test_what_is_no_link_says_nothing(link):
    """In particular no address is read as words."""
    assert parse_deep_link(link) is None


@settings(deadline=None)
@given(st.text() | st.text().map("bites://".__add__))
def test_no_text_makes_it_raise(link):
    """Brackets, broken escapes and surrogates included."""
    parsed = parse_deep_link(link)
    assert parsed is None or 0 <= parsed.evidence.confidence <= 1
