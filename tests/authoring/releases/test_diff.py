import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.authoring.diff import MAX_CHANGES, MAX_VALUE_CHARS, diff_documents


def told(diff):
    """Kind, file and pointer of every change."""
    return [(each.kind, each.place.file, each.place.pointer) for each in diff.changes]


def test_the_same_documents_do_not_differ(reels):
    """Nor does another $schema line make a difference."""
    other = copy.deepcopy(reels)
    other["app.json"]["$schema"] = "elsewhere.json"
    assert diff_documents(reels, other).changes == ()
    assert diff_documents(reels, other).as_text() == "no changes"


def test_a_change_is_told_by_file_pointer_and_values(reels):
    """With the value before and after."""
    other = copy.deepcopy(reels)
    other["features.json"]["title"]["default"] = "Hungry?"
    assert diff_documents(reels, other).as_json() == {
        "changes": [
            {
                "file": "features.json",
                "pointer": "/title/default",
                "kind": "changed",
                "before": "Popular",
                "after": "Hungry?",
            }
        ],
        "truncated": False,
    }


def test_records_and_files_come_and_go(reels):
    """A file that appears or disappears is told record by record."""
    other = copy.deepcopy(reels)
    del other["placements.json"]
    other["features.json"]["a/b"] = {"type": "boolean", "default": True}
    other["offers.json"] = {"ten": {"form": "percentage"}}
    assert told(diff_documents(reels, other)) == [
        ("added", "features.json", "/a~1b"),
        ("added", "offers.json", "/ten"),
        ("removed", "placements.json", "/home"),
    ]


def test_inserting_a_rule_is_one_addition(reels):
    """Rules are compared by their id, not by their place in the list."""
    other = copy.deepcopy(reels)
    other["features.json"]["title"]["rules"].insert(0, {"id": "first", "force": "Hello"})
    other["features.json"]["title"]["rules"][2]["coverage"] = 0.5
    assert told(diff_documents(reels, other)) == [
        ("added", "features.json", "/title/rules/0"),
        ("changed", "features.json", "/title/rules/2/coverage"),
    ]


def test_another_order_of_rules_is_a_move(reels):
    """Order matters, because the first rule that matches decides."""
    other = copy.deepcopy(reels)
    other["features.json"]["title"]["rules"].reverse()
    (change,) = diff_documents(reels, other).changes
    assert (change.kind, change.before, change.after) == ("moved", ["night", "test"], ["test", "night"])


def test_a_list_of_plain_values_is_one_value(reels):
    """Weights are read together, so they are told together."""
    other = copy.deepcopy(reels)
    other["features.json"]["title"]["rules"][1]["variations"] = ["A", "C"]
    (change,) = diff_documents(reels, other).changes
    assert (change.kind, change.before, change.after) == ("changed", ["A", "B"], ["A", "C"])


def test_the_text_is_grouped_by_file_and_names_rules(reels):
    """One line a change, in the words of the documents."""
    other = copy.deepcopy(reels)
    other["features.json"]["title"]["rules"][1]["coverage"] = 0.5
    del other["audiences.json"]["new_night"]["audience"]
    other["placements.json"]["home"]["weights"]["intent"] = 50
    assert diff_documents(reels, other).as_text().splitlines() == [
        "audiences.json",
        '  - new_night / audience: "new"',
        "features.json",
        "  ~ title / rules / test / coverage: 0.2 → 0.5",
        "placements.json",
        "  + home / weights / intent: 50",
    ]


def test_long_values_and_many_changes_are_bounded():
    """What is told stays small whatever was changed, and says when there is more."""
    many = {"features.json": {f"f{n}": "x" * 5_000 for n in range(MAX_CHANGES + 1)}}
    diff = diff_documents({}, many)
    assert (len(diff.changes), diff.truncated) == (MAX_CHANGES, True)
    assert all(len(each["after"]) <= MAX_VALUE_CHARS for each in diff.as_json()["changes"])
    assert diff.as_text().endswith(f"the first {MAX_CHANGES} are shown")


def test_true_and_one_are_different_values():
    """Python's equality is not JSON's."""
    assert diff_documents({"a.json": {"x": 1}}, {"a.json": {"x": True}}).changes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "b"]), inner, max_size=3)
    ),
    max_leaves=8,
)
SETS = st.dictionaries(
    st.sampled_from(["x.json", "y.json"]),
    st.dictionaries(st.sampled_from("pqr"), JSON, min_size=1, max_size=3),
    max_size=2,
)


def canonical(value):
    """One text for one JSON value."""
    return json.dumps(value, sort_keys=True)


@settings(deadline=None)
@given(before=SETS, after=SETS)
def test_there_is_a_change_exactly_when_the_sets_differ(before, after):
    """Nothing is missed, nothing is invented, in either direction."""
    differ = canonical(before) != canonical(after)
    assert bool(diff_documents(before, after).changes) == differ
    assert bool(diff_documents(after, before).changes) == differ
