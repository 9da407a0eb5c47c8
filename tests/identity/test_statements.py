"""Whose word holds when several devices and a backend speak for one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.identity.statements import NEW_S, Statement, persons_consent

STATUS = st.sampled_from(["granted", "denied", "unknown"])
STATEMENTS = st.lists(
    st.builds(lambda status, at: Statement({"push": status}, {"push": at}), STATUS, st.integers(1, 5)),
    max_size=5,
)


def push(*statements, default=None):
    """The status of one purpose."""
    policy = {} if default is None else {"push": default}
    return persons_consent(statements, policy)["push"]


def said(status, at):
    """One source's word."""
    return Statement({"push": status}, {"push": at})


def test_the_latest_word_wins_whoever_brought_it():
    """A phone's no after a backend's yes, and a yes after it."""
    assert push(said("granted", 1), said("denied", 2)) == "denied"
    assert push(said("granted", 3), said("denied", 2)) == "granted"


def test_of_a_yes_and_a_no_at_once_the_no_counts():
    """Nobody is taken at a word that they took back in the same second."""
    assert push(said("granted", 2), said("denied", 2)) == "denied"


def test_a_default_overrules_no_word():
    """Neither the policy's, nor one that a device holds without anybody's having said it."""
    by_default = Statement({"push": "granted"}, {})

    assert push(by_default, said("denied", 1), default="granted") == "denied"
    assert push(by_default, default="denied") == "denied"
    assert push(default="granted") == "granted"


def test_unknown_takes_back_ones_own_word_alone():
    """What another source said stands; where nobody decided, a default is no yes either."""
    assert push(said("unknown", 9), said("granted", 1)) == "granted"
    assert push(said("unknown", 9), default="granted") == "unknown"


def test_who_repeats_what_they_said_adds_nothing():
    """A nightly import of the same list does not overrule what was said on the phone since."""
    backend = Statement().saying({"push": "granted"}, 1)
    again = backend.saying({"push": "granted"}, 5)

    assert again == backend
    assert push(again, said("denied", 3)) == "denied"
    assert push(again.saying({"push": "denied"}, 6).saying({"push": "granted"}, 7), said("denied", 3)) == (
        "granted"
    )


def test_a_change_touches_only_what_it_names():
    """Another purpose keeps its status and its time."""
    told = Statement().saying({"push": "granted", "sms": "denied"}, 1).saying({"push": "denied"}, 2)

    assert told == Statement({"push": "denied", "sms": "denied"}, {"push": 2, "sms": 1})


def test_a_document_from_before_times_were_kept_overrules_no_word():
    """A denial in it counts from then; a grant may have been a default and is older than any word."""
    old = Statement.kept({"consent": {"push": "granted", "sms": "denied"}}, since=7)

    assert push(old, said("denied", 1)) == "denied"
    assert persons_consent([old, Statement({"sms": "granted"}, {"sms": 6})], {})["sms"] == "denied"
    assert persons_consent([old], {})["push"] == "granted"


@given(STATEMENTS, st.randoms())
def test_the_order_of_sources_does_not_matter(statements, random):
    """Links are read in the order of their ids, which says nothing."""
    shuffled = list(statements)
    random.shuffle(shuffled)

    assert push(*statements) == push(*shuffled)


@given(STATEMENTS, STATEMENTS)
def test_nobody_can_add_a_yes_but_by_a_later_word(statements, others):
    """What is denied by the latest word stays denied, whatever was said before it."""
    latest = max((each.stated_at["push"] for each in statements), default=0)
    older = [each for each in others if each.stated_at["push"] <= latest]

    denied = [*statements, said("denied", latest)]
    assert push(*denied, *older, default="granted") == "denied"


NEW = 1000
"""When a phone of these tests was new."""


def on_phone(*words):
    """What a phone says in turn: a status, and the seconds since it was new."""
    phone = Statement(since=NEW)
    for status, after_s in words:
        phone = phone.saying({"push": status}, NEW + after_s)
    return phone


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ([("granted", 0)], "denied"),
        ([("unknown", 0), ("granted", 60)], "denied"),
        ([("unknown", 0), ("granted", NEW_S)], "granted"),
        ([("granted", 0), ("denied", 10), ("granted", 20)], "granted"),
        ([("denied", 0)], "denied"),
    ],
    ids=["first-launch", "prompt", "later", "reconsidered", "denied"],
)
def test_a_first_launch_takes_back_no_denial_of_a_channel(words, holds):
    """Somebody unsubscribed; their new phone asks everybody. What is said later, or anew, counts."""
    assert push(said("denied", NEW - 1), on_phone(*words)) == holds


def test_a_first_launch_opens_what_nobody_denied():
    """Its word is a word: a policy's default does not stand against it."""
    assert push(on_phone(("granted", 0)), default="denied") == "granted"
    assert push(on_phone(("granted", 0)), said("granted", 1)) == "granted"


def test_a_first_launch_is_the_latest_word_of_what_is_no_channel():
    """Who allows analytics on a new phone allows it."""
    phone = Statement(since=NEW).saying({"analytics": "granted"}, NEW)
    before = Statement({"analytics": "denied"}, {"analytics": NEW - 1})

    assert persons_consent((before, phone), {})["analytics"] == "granted"
