"""What every adapter of the event log port does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from herenow.storage.ports import Append, DayRecord, LogRecord, VersionConflict


def test_records_come_back_in_order(event_log):
    """Positions are 1, 2, … without gaps, over several appends."""
    assert event_log.append("p", [{"n": 1}, {"n": 2}]) == 2
    assert event_log.append("p", ({"n": n} for n in (3, 4))) == 4
    assert event_log.consume("p") == [LogRecord(n, {"n": n}) for n in (1, 2, 3, 4)]


def test_a_checkpoint_continues(event_log):
    """Consume gives what lies after the checkpoint, at most the limit."""
    event_log.append("p", [{"n": n} for n in range(1, 6)])
    assert [r.position for r in event_log.consume("p", 2)] == [3, 4, 5]
    assert [r.position for r in event_log.consume("p", 1, limit=2)] == [2, 3]
    assert event_log.consume("p", 5) == []
    assert event_log.consume("p", 99) == []


def test_partitions_are_apart(event_log):
    """Each counts for itself, also when one's name begins like another's."""
    for partition in ("a", "a#", "b"):
        assert event_log.append(partition, [{"in": partition}]) == 1
    assert event_log.consume("a") == [LogRecord(1, {"in": "a"})]
    assert event_log.consume("nobody") == []


def test_an_empty_append_writes_nothing(event_log):
    """It returns the last position there is."""
    assert event_log.append("p", []) == 0
    event_log.append("p", [{}])
    assert event_log.append("p", []) == 1
    assert event_log.consume("p") == [LogRecord(1, {})]


def test_a_bad_record_spoils_its_append_only(event_log):
    """Nothing of the append is written, and the next one goes on without a gap."""
    event_log.append("p", [{"n": 1}])
    with pytest.raises(ValueError, match="JSON"):
        event_log.append("p", [{"n": 2}, {"x": float("nan")}])
    assert event_log.append("p", [{"n": 2}]) == 2


def test_an_append_may_demand_what_it_follows(event_log):
    """Somebody else's records in between refuse it whole; where it says it follows, it is like any other."""
    event_log.append("p", [{"n": 1}], after=0)
    event_log.append("p", [{"n": 2}])

    with pytest.raises(VersionConflict):
        event_log.append("p", [{"n": 9}, {"n": 9}], after=1)

    assert event_log.append("p", [{"n": 3}], after=2) == 3
    assert [each.value["n"] for each in event_log.consume("p")] == [1, 2, 3]


def test_of_many_who_follow_the_same_one_is_first(event_log):
    """Appenders at once, in one group or in several: one is stored, all others are told."""

    def append(n):
        try:
            return event_log.append("p", [{"n": n}], after=0)
        except VersionConflict:
            return None

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(append, range(12)))

    assert told.count(1) == 1
    assert told.count(None) == 11
    assert len(event_log.consume("p")) == 1


def test_what_is_forgotten_is_read_by_nobody(event_log):
    """The records of one partition are gone, its positions go on, and other partitions keep theirs."""
    event_log.append("p", [{"n": 1}, {"n": 2}])
    event_log.append("q", [{"n": 7}])

    assert event_log.forget("p") == 2

    assert event_log.consume("p") == []
    assert event_log.forget("p") == 0
    assert event_log.append("p", [{"n": 3}], after=2) == 3
    assert [(each.position, each.value["n"]) for each in event_log.consume("p")] == [(3, 3)]
    assert [(each.position, each.value["n"]) for each in event_log.consume("p", 1)] == [(3, 3)]
    assert event_log.consume("p", 3) == []
    assert [each.value["n"] for each in event_log.consume("q")] == [7]


def test_forgets_up_to_a_position(event_log):
    """What follows stays where it is; a position already forgotten, or yet to come, is no error."""
    event_log.append("p", [{"n": each} for each in range(1, 6)])

    assert event_log.forget("p", through=2) == 2
    assert event_log.forget("p", through=1) == 0

    assert [(each.position, each.value["n"]) for each in event_log.consume("p")] == [(3, 3), (4, 4), (5, 5)]
    assert event_log.append("p", [{"n": 6}], after=5) == 6
    assert event_log.forget("p", through=9) == 4
    assert event_log.append("p", [{"n": 7}]) == 7
    assert [each.position for each in event_log.consume("p")] == [7]


def test_nothing_known_is_nothing_to_forget(event_log):
    """A partition that was never written is no error."""
    assert event_log.forget("nobody") == 0


@pytest.mark.parametrize(
    ("partition", "checkpoint", "limit"), [("", 0, 1), ("p" * 2049, 0, 1), ("p", -1, 1), ("p", 0, 0)]
)
def test_refuses_impossible_arguments(event_log, partition, checkpoint, limit):
    """An empty or over-long partition, a negative checkpoint, a limit of nothing."""
    with pytest.raises(ValueError):  # noqa: PT011  one rule, several sentences
        event_log.consume(partition, checkpoint, limit=limit)


def test_concurrent_appends_keep_each_order(event_log):
    """Threads on shared and own partitions: every record once, gapless, each append contiguous."""

    def append(thread):
        for n in range(10):
            event_log.append(f"own {thread % 3}", [{"thread": thread, "n": n, "i": i} for i in range(3)])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(append, range(6)))
    for partition in range(3):
        records = event_log.consume(f"own {partition}")
        assert [r.position for r in records] == list(range(1, 61))
        groups = [records[start : start + 3] for start in range(0, 60, 3)]
        assert all([r.value["i"] for r in group] == [0, 1, 2] for group in groups)
        for thread in (partition, partition + 3):
            assert [g[0].value["n"] for g in groups if g[0].value["thread"] == thread] == list(range(10))


def test_several_partitions_are_appended_to_at_once(event_log):
    """Each for itself: one that follows nothing of what it says costs no other, and nothing asks nothing."""
    event_log.append("a", [{"n": 1}])
    wanted = [Append("a", [{"n": 2}], 1), Append("b", [{"n": 1}, {"n": 2}]), Append("c", [{"n": 9}], 7)]

    first, second, third, last = event_log.append_each([*wanted, Append("a", [])])

    assert (first, second, last) == (2, 2, 2)
    assert isinstance(third, VersionConflict)
    assert [each.value["n"] for each in event_log.consume("b")] == [1, 2]
    assert event_log.consume("c") == []
    assert event_log.append_each([]) == []


def test_a_bad_record_is_told_before_any_of_several_is_written(event_log):
    """Nothing is half done."""
    with pytest.raises(ValueError, match="JSON"):
        event_log.append_each([Append("a", [{"n": 1}]), Append("b", [{"x": float("nan")}])])

    assert event_log.consume("a") == []


DAY_MS = 86_400_000
SCOPE = "app#production#"


def came(day, n=0):
    """A record that came in on a day."""
    return {"n": n, "received_ms": day * DAY_MS + n}


def all_of_day(event_log, day, scope=SCOPE, limit=1000):
    """Partition and number of all records of a day, page by page."""
    found, after = [], None
    while page := event_log.of_day(scope, day, after, limit=limit):
        assert len(page) <= limit
        found += [(each.partition, each.value["n"]) for each in page]
        after = (page[-1].partition, page[-1].position)
    return found


def test_a_day_of_a_scope_is_read_alone(event_log):
    """By partition and position; other days, other scopes and records without a time are not of it."""
    event_log.append(f"{SCOPE}beacons#b", [came(9, 1), came(10, 2), came(10, 3)])
    event_log.append(f"{SCOPE}beacons#a", [came(10, 4)])
    event_log.append("app#production-2#beacons#a", [came(10, 5)])
    event_log.append(f"{SCOPE}beacons#c", [{"n": 6}, {"n": 7, "received_ms": "soon"}])
    event_log.append("p", [came(10, 8)])

    assert [each.day for each in event_log.days(SCOPE)] == [9, 10]
    assert event_log.of_day(SCOPE, 9) == [DayRecord(f"{SCOPE}beacons#b", 1, came(9, 1))]
    wanted = [(f"{SCOPE}beacons#a", 4), (f"{SCOPE}beacons#b", 2), (f"{SCOPE}beacons#b", 3)]
    assert all_of_day(event_log, 10) == wanted
    assert all_of_day(event_log, 10, limit=1) == wanted
    assert event_log.days("nobody#production#") == []


def test_a_day_is_found_among_records_written_again(event_log):
    """What a withdrawal appends anew keeps its day, and a page full of other days ends nothing."""
    partition = f"{SCOPE}beacons#a"
    event_log.append(partition, [came(9, 1), came(10, 2), came(10, 3), came(11, 4)])
    event_log.append(partition, [came(9, 1), came(10, 3), came(11, 4)])
    event_log.forget(partition, through=4)

    for limit in (1, 2, 1000):
        told = [all_of_day(event_log, day, limit=limit) for day in (9, 10, 11)]
        assert told == [[(partition, n)] for n in (1, 3, 4)]


def test_a_days_mark_changes_with_what_it_tells(event_log):
    """More records, or fewer, of that day and no other; a day of which all is forgotten is none."""
    one, other = f"{SCOPE}beacons#a", f"{SCOPE}beacons#b"
    event_log.append(one, [came(9, 1), came(9, 2), came(10, 3)])
    event_log.append(other, [came(9, 4)])
    seen = [event_log.days(SCOPE)]
    event_log.append(other, [came(9, 5)])
    seen.append(event_log.days(SCOPE))
    event_log.forget(one, through=1)
    seen.append(event_log.days(SCOPE))
    event_log.forget(other)
    seen.append(event_log.days(SCOPE))

    assert len({days[0].mark for days in seen}) == 4
    assert len({days[1].mark for days in seen}) == 1
    assert event_log.days(SCOPE) == seen[-1]
    event_log.forget(one)
    assert event_log.days(SCOPE) == []
    assert all_of_day(event_log, 9) == []
