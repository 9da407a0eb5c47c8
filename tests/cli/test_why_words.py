"""Decisions in words: every reason and check has some, and times are of the person's clock."""

import re

import pytest

from herenow.cli.explain import why_lines
from herenow.cli.why_words import CHECKS, OUTCOMES, REASONS, Clock, check_words, decision_words, length
from herenow_sdk.core.reasons import MessageOutcome, MessageReason

KOLKATA = Clock.of("Asia/Kolkata")
NOON = 1_795_500_000  # 2026-11-24 06:00 UTC


def test_every_outcome_and_reason_of_the_contract_has_words():
    """Totality: a new one without words fails this test."""
    assert set(MessageOutcome) <= set(OUTCOMES)
    assert set(MessageReason) <= set(REASONS)


@pytest.mark.parametrize("code", [*REASONS, "SUNNY"])
def test_a_reason_without_its_arguments_still_reads(code):
    """One from a server of another version has other arguments; words never fail."""
    assert f"[{code}]" in decision_words({"outcome": "held", "reason": code}, KOLKATA)
    assert decision_words({"reason": code, "args": "?"}, KOLKATA)


@pytest.mark.parametrize("name", [*CHECKS, "sunny"])
@pytest.mark.parametrize("passed", [True, False])
def test_a_check_without_its_values_still_reads(name, passed):
    """Also one that is not known here."""
    assert check_words({"check": name, "passed": passed}, KOLKATA)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (
            {"outcome": "held", "reason": "QUIET_HOURS", "until": "2026-11-25T03:00:00Z"},
            "waits: the person has quiet hours; asked again 2026-11-25 08:30  [QUIET_HOURS]",
        ),
        (
            {"outcome": "suppressed", "reason": "FOLLOWED", "args": {"by": "purchase"}},
            "not said: purchase happened meanwhile  [FOLLOWED]",
        ),
        (
            {"outcome": "suppressed", "reason": "NOT_ELIGIBLE_AGAIN",
             "args": {"shown_at": NOON, "again_at": NOON + 86_400}},
            ("not said: it was said 2026-11-24 11:30 and may be said again 2026-11-25 11:30"
             "  [NOT_ELIGIBLE_AGAIN]"),
        ),
        (
            {"outcome": "suppressed", "reason": "CAPPED",
             "args": {"rule": "policy/caps/0", "counted": 1, "max": 1}},
            "not said: 1 of 1 messages are used of policy/caps/0  [CAPPED]",
        ),
        (
            {"outcome": "expired", "reason": "EXPIRES_HELD",
             "args": {"by": "QUIET_HOURS", "held_until": NOON}},
            ("not said: the person has quiet hours until 2026-11-24 11:30, and by then it has expired"
             "  [EXPIRES_HELD]"),
        ),
        (
            {"outcome": "show", "reason": "SHOWN", "channel": "push", "place": "patty-lane", "offer": "ten"},
            "said: nothing spoke against it, by push, at patty-lane, with the offer ten  [SHOWN]",
        ),
        (
            {"outcome": "held", "reason": "PACED", "args": {"max": 20, "per_s": 3600}},
            "waits: at most 20 of it leave in 1 hour, over everybody  [PACED]",
        ),
    ],
)  # fmt: skip
def test_decisions_read_as_sentences(decision, words):
    """With channel, place and offer, and times where the person lives."""
    assert decision_words(decision, KOLKATA) == words


def test_lengths_are_told_in_the_largest_unit_that_fits():
    """And what is no number is an ellipsis."""
    assert [length(each) for each in (172_800, 5400, 60, 7, None)] == [
        "2 days", "90 minutes", "1 minute", "7 seconds", "…",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../etc", 7])
def test_a_clock_of_no_zone_is_that_of_utc(name):
    """And it says so."""
    assert Clock.of(name).time(NOON) == "2026-11-24 06:00"
    assert Clock.of(name).name == "UTC"


def test_no_line_holds_epoch_seconds_or_json():
    """Whatever stands in the answer."""
    told = {
        "time_zone": "Asia/Kolkata",
        "at": "2026-11-24T06:00:00Z",
        "decisions": [{"decided_at": "2026-11-24T05:00:00Z", "campaign": "c", "outcome": "outranked",
                       "reason": "OUTRANKED", "args": {"by": "d", "at": NOON}}],
        "waiting": [{"campaign": "c", "at": "2026-11-24T05:00:00Z"}],
        "journeys": [{"journey": "tour", "step": "look", "since": "2026-11-24T05:00:00Z"}],
        "now": {"outcome": "held", "reason": "DELAYED", "checks": [
            {"check": "delay", "passed": False, "due": NOON},
            {"check": "caps", "passed": False, "tightest": {"rule": "r", "counted": 2, "max": 2}},
        ]},
    }  # fmt: skip
    lines = "\n".join(why_lines(told))
    assert "2026-11-24 10:30  c waits: 'd' goes first" in lines
    assert "in journey  tour: at step look since 2026-11-24 10:30" in lines
    assert "✗ its delay ends 2026-11-24 11:30" in lines
    assert "✗ 2 of 2 messages are used of r" in lines
    assert not re.search(r"[{}]|\d{9}", lines)
