from hypothesis import given
from hypothesis import strategies as st

from herenow.profiles.assignments import MAX_ASSIGNMENTS, MAX_KEY, with_assignments


def document(value, **assignments):
    """A sticky document of the attribute ``id``."""
    return {"attributeName": "id", "attributeValue": value, "assignments": assignments}


def many(count, prefix="old"):
    """A document with so many assignments."""
    return {"id||a": document("a", **{f"{prefix}{n}__0": "on" for n in range(count)})}


names = st.sampled_from([f"{experiment}__{version}" for experiment in "abcdef" for version in range(20)])
documents = st.dictionaries(
    st.sampled_from(["id||1", "id||2", "user_id||3"]),
    st.dictionaries(names, st.sampled_from(["on", "off"]), min_size=1, max_size=60).map(
        lambda assignments: document("x", **assignments)
    ),
    max_size=3,
)


@given(held=documents, changes=documents, running=st.sets(st.sampled_from("abcdef")))
def test_keeping_is_bounded_and_the_same_again_changes_nothing(held, changes, running):
    """What began within bounds stays so, and a decision made twice is kept once."""
    held = with_assignments({}, held, running)
    once = with_assignments(held, changes, running)
    assert sum(len(each["assignments"]) for each in once.values()) <= MAX_ASSIGNMENTS
    assert with_assignments(once, changes, running) == once


def test_a_change_joins_what_is_held_and_wins():
    """Another request may have kept something else meanwhile; both stand."""
    held = {"id||a": document("a", first__0="on", test__0="off")}
    kept = with_assignments(held, {"id||a": document("a", test__0="on")}, {"first", "test"})
    assert kept == {"id||a": document("a", first__0="on", test__0="on")}
    assert held == {"id||a": document("a", first__0="on", test__0="off")}


def test_ended_experiments_go_when_there_is_no_room():
    """And not before: one that is switched off for a day finds its people where they were."""
    full = many(MAX_ASSIGNMENTS)
    added = {"id||a": document("a", fresh__0="on")}
    assert with_assignments(full, added, {"fresh"}) == added
    roomy = with_assignments(many(3), added, {"fresh"})
    assert len(roomy["id||a"]["assignments"]) == 4


def test_who_came_first_is_kept_when_all_still_run():
    """Nothing is pushed out by something new, so that no decision undoes another one's."""
    full = many(MAX_ASSIGNMENTS)
    running = {f"old{n}" for n in range(MAX_ASSIGNMENTS)} | {"fresh"}
    assert with_assignments(full, {"id||a": document("a", fresh__0="on")}, running) == full


def test_what_ended_meanwhile_is_not_added():
    """A decision made just before a publication adds nothing that the next one would have to drop."""
    held = many(40)
    assert with_assignments(held, {"id||b": document("b", gone__0="on")}, {"fresh"}) == held


def test_an_absurdly_long_value_is_not_kept_by():
    """A list or text that a device makes up cannot fill the document."""
    key = "capabilities||" + "x" * MAX_KEY
    assert with_assignments({}, {key: document("x", test__0="on")}, {"test"}) == {}
