"""Where messages of a run stand is counted: every message at one place, whatever happens to it."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from herenow.messaging.mass.counting import moves
from herenow.messaging.records import Record
from herenow.messaging.state import Handing, Kept
from herenow_sdk.core.messages.waiting import Pending, Waiting

AT = Waiting("sale", 7)
NAME = "sale#7#"
RUN = "sale#once"


def kept(where):
    """Somebody whose message stands there."""
    if where == "nowhere":
        return Kept(runs={NAME: RUN})
    if where == "leaving":
        return Kept(handing=(Handing("m", AT, "push", 8, 9),), runs={NAME: RUN})
    told = {NAME: where} if where else {}
    return Kept(Pending((AT,)), told=told, runs={NAME: RUN})


STAGES = st.sampled_from(["", "leaving", "held/QUIET_HOURS/9", "held/CAPPED/", "outranked/OUTRANKED/12"])
ENDS = st.sampled_from([("show", "SHOWN"), ("suppressed", "CAPPED"), ("unknown", "WORKER_LOST"), None])


@given(st.lists(STAGES, max_size=8), ENDS)
def test_a_message_stands_at_one_place(stages, end):
    """Through whatever it passes: one when it was triggered, one when it ended."""
    counted = Counter()
    before = Kept()
    for each in stages:
        after = kept(each)
        counted.update(moves([(before, after, ())]).get(RUN, {}))
        before = after
    if stages:
        outcome, reason = end or ("", "")
        told = {"campaign": "sale", "at": 7, "outcome": outcome, "reason": reason}
        record = (Record(9, told),) if end else ()
        counted.update(moves([(before, Kept(), record)]).get(RUN, {}))

    standing = {stage: many for stage, many in counted.items() if many}
    assert all(many > 0 for many in standing.values())
    assert sum(standing.values()) == (1 if stages else 0)
    if stages and end:
        assert list(standing) == [{"show": "sent", "unknown": "unknown"}.get(end[0], "suppressed/" + end[1])]


def test_messages_of_no_run_are_not_counted():
    """What an event triggered is no run's."""
    plain = Kept(Pending((AT,)))

    assert moves([(Kept(), plain, ()), (plain, Kept(), ())]) == {}


def test_a_name_that_is_remembered_longer_counts_nothing():
    """A message that ended before does not end again."""
    assert moves([(kept("nowhere"), kept("nowhere"), ()), (kept("nowhere"), Kept(), ())]) == {}
