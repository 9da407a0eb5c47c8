"""People in journeys: who enters, what moves them on, what ends it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.messaging.journeys import Ending, Walk, entered, noticed, parse_journeys, walked
from herenow.messaging.journeys.walking import read_walks
from herenow_sdk.core.messages.waiting import Happening, Pending

HOUR, DAY = 3600, 86_400
START = 1_795_700_000
ONBOARDING = {
    "kind": "journey",
    "trigger": {"event": "session_start"},
    "cancel_on": [{"event": "purchase"}],
    "steps": [
        {"id": "hello", "campaign": "welcome"},
        {"id": "look", "wait_for": {"event": "item_view", "within": "2d"}, "otherwise": "remind"},
        {"id": "thanks", "campaign": "tip", "then": "end"},
        {"id": "remind", "campaign": "reminder"},
        {"id": "end", "wait": "1d"},
    ],
}


def journeys(**changes):
    """One journey, with these members changed."""
    return parse_journeys({"onboarding": {**ONBOARDING, **changes}, "welcome": {"channels": ["push"]}}, {})


def event(name, at=START, **properties):
    """Something that happened."""
    return Happening(name, at, at, properties)


def begun(known, attributes=None, at=START, entries=None):
    """Whoever was let in by a session."""
    walks, entering = noticed((), Pending(), known, event("session_start", at))
    return entered(walks, entries or {}, entering, known, attributes or {})


def test_an_event_lets_in_and_the_first_step_speaks():
    """Somebody enters once, and the welcome waits to be decided like any triggered message."""
    known = journeys()
    walks, entries, entering = begun(known)

    found = walked(walks, known, {}, (), START)

    assert entering.waiting == ()
    assert entries == {"onboarding": START}
    assert [(each.campaign, each.at) for each in found.triggered] == [("welcome", START)]
    assert found.walks[0].step == "hello"


def test_a_message_that_is_only_held_keeps_somebody_at_its_step():
    """Quiet hours hold it: the journey goes on once it is decided for good, however that is."""
    known = journeys()
    first = walked(begun(known)[0], known, {}, (), START)

    held = walked(first.walks, known, {}, {("welcome", START)}, START + HOUR)
    decided = walked(held.walks, known, {}, (), START + 2 * HOUR)

    assert held.walks == first.walks
    assert held.triggered == ()
    assert (decided.walks[0].step, decided.walks[0].since) == ("look", START + 2 * HOUR)


def test_an_event_that_was_waited_for_ends_the_wait_at_once():
    """Not when the two days are over."""
    known = journeys()
    walks = (Walk("onboarding", START, "look", START),)

    walks, _ = noticed(walks, Pending(), known, event("item_view", START + HOUR))
    found = walked(walks, known, {}, (), START + HOUR)

    assert [each.campaign for each in found.triggered] == ["tip"]


@pytest.mark.parametrize(
    ("after", "reached"), [(12 * HOUR, "late"), (30 * HOUR, "early"), (80 * HOUR, "late")]
)
def test_an_event_counts_for_a_wait_that_nobody_has_seen_begin(after, reached):
    """A day's pause ended, nobody looked, the event came in the time of the wait that follows."""
    steps = [
        {"id": "pause", "wait": "1d"},
        {
            "id": "look",
            "wait_for": {"event": "item_view", "within": "2d"},
            "then": "early",
            "otherwise": "late",
        },
        {"id": "early", "wait": "90d"},
        {"id": "late", "wait": "90d"},
    ]
    known = journeys(steps=steps)
    walks, _ = noticed(begun(known)[0], Pending(), known, event("item_view", START + after))

    found = walked(read_walks([each.as_json() for each in walks]), known, {}, (), START + 90 * HOUR)

    assert [each.step for each in found.walks] == [reached]


def test_an_event_that_stays_away_takes_the_other_branch():
    """A second after the two days, and not before; an event after them is too late."""
    known = journeys()
    walks = (Walk("onboarding", START, "look", START),)

    assert walked(walks, known, {}, (), START + 2 * DAY).triggered == ()
    late, _ = noticed(walks, Pending(), known, event("item_view", START + 2 * DAY + 1))
    found = walked(late, known, {}, (), START + 2 * DAY + 1)

    assert [each.campaign for each in found.triggered] == ["reminder"]
    assert found.walks[0].step == "remind"


def test_when_to_look_again_is_when_the_wait_ends():
    """A worker needs no other call."""
    known = journeys()
    waiting = (Walk("onboarding", START, "look", START),)

    assert walked(waiting, known, {}, (), START + HOUR).due_at == START + 2 * DAY + 1
    assert walked((Walk("onboarding", START, "end", START),), known, {}, (), START).due_at == START + DAY


def test_an_exit_event_ends_a_journey_wherever_somebody_is():
    """Whoever bought needs no onboarding."""
    known = journeys()

    for step in ("hello", "look", "end"):
        walks, _ = noticed(
            (Walk("onboarding", START, step, START),), Pending(), known, event("purchase", START + 1)
        )
        found = walked(walks, known, {}, (), START + 1)
        assert (found.walks, found.triggered) == ((), ())
        assert [ending for _, ending in found.ended] == [Ending.SENT_AWAY]


def test_after_the_last_step_the_journey_is_over():
    """Nothing is kept of it but when it was entered."""
    known = journeys()

    found = walked((Walk("onboarding", START, "end", START),), known, {}, (), START + DAY)

    assert (found.walks, found.due_at) == ((), None)
    assert found.ended == ((Walk("onboarding", START, "end", START), Ending.FINISHED),)


def test_nobody_enters_twice():
    """Not while inside, and not again without being eligible again."""
    known = journeys()
    walks, entries, _ = begun(known)
    again, entering = noticed(walks, Pending(), known, event("session_start", START + DAY))

    assert len(entered(again, entries, entering, known, {})[0]) == 1
    assert begun(known, at=START + 400 * DAY, entries=entries)[0] == ()


def test_somebody_enters_again_when_they_are_eligible_again():
    """Counted from the entry, in seconds."""
    known = journeys(eligible_again="30d")

    assert begun(known, at=START + 30 * DAY - 1, entries={"onboarding": START})[0] == ()
    assert begun(known, at=START + 30 * DAY, entries={"onboarding": START})[0] != ()


def test_only_the_audience_enters():
    """Judged when somebody would enter."""
    known = journeys(audience={"lifecycle.stage": "new"})

    assert begun(known, {"lifecycle": {"stage": "loyal"}})[0] == ()
    assert begun(known, {"lifecycle": {"stage": "new"}})[0] != ()


def test_a_step_for_others_is_passed_over():
    """Its condition fails: the step named otherwise, or the following one, is next at once."""
    steps = [
        {"id": "vip", "campaign": "champagne", "condition": {"vip": True}, "otherwise": "all"},
        {"id": "more", "campaign": "caviar"},
        {"id": "all", "campaign": "water"},
    ]
    known = journeys(steps=steps)
    walks = begun(known)[0]

    assert [each.campaign for each in walked(walks, known, {}, (), START).triggered] == ["water"]
    assert [each.campaign for each in walked(walks, known, {"vip": True}, (), START).triggered] == [
        "champagne"
    ]


def test_a_circle_without_a_wait_ends_the_turn():
    """A server is never held up by a journey that was drawn wrong."""
    known = journeys(steps=[{"id": "a", "wait": "1s", "condition": {"never": True}, "otherwise": "a"}])

    found = walked(begun(known)[0], known, {}, (), START)

    assert found.walks[0].step == "a"
    assert found.due_at > START


def test_a_step_that_a_newer_release_has_no_more_ends_the_journey():
    """As does a journey that is gone or switched off."""
    known = journeys()

    assert walked((Walk("onboarding", START, "gone", START),), known, {}, (), START).walks == ()
    elsewhere = Walk("other", START, "hello", START)
    assert walked((elsewhere,), known, {}, (), START).ended == ((elsewhere, Ending.WITHDRAWN),)
    switched_off = journeys(enabled=False)
    assert walked((Walk("onboarding", START, "hello", START),), switched_off, {}, (), START).walks == ()


@pytest.mark.parametrize("steps", [[], "no", [{"campaign": "x"}], [{"id": "a", "wait": "soon"}]])
def test_a_journey_that_cannot_be_read_is_left_out_alone(steps):
    """Others of the release go on."""
    known = parse_journeys({"bad": {**ONBOARDING, "steps": steps}, "good": ONBOARDING}, {})

    assert set(known.by_id) == {"good"}


@given(st.lists(st.sampled_from(["session_start", "item_view", "purchase", None]), max_size=30), st.data())
def test_nothing_is_said_twice_in_one_walk(events, data):
    """Whatever happens in whatever order: of one entry each message is triggered at most once."""
    known, walks, entries, entering, said = journeys(), (), {}, Pending(), []
    now = START
    for name in events:
        now += data.draw(st.integers(0, 3 * DAY))
        if name is not None:
            walks, entering = noticed(walks, entering, known, event(name, now))
        walks, entries, entering = entered(walks, entries, entering, known, {})
        found = walked(walks, known, {}, (), now)
        walks = read_walks([each.as_json() for each in found.walks])
        said += [each.campaign for each in found.triggered]

    assert len(said) == len(set(said))
    assert len(walks) <= 1
