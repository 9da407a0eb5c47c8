import json

import pytest

from herenow.cli import explaining
from herenow_sdk.core.checks import CheckName
from herenow_sdk.core.reasons import RuleOutcome


def test_a_preview_explains_every_rule_and_score(here, small):
    """Each rule with what was compared, each shown item with the products of its score."""
    told = here("preview", small, "--persona", "searcher", "--explain").stdout
    assert "rule 'searched' decides: " in told
    assert "rule 'newcomer' not asked" in told
    assert "score " in told
    assert " × " in told
    assert " × " not in here("preview", small, "--persona", "searcher").stdout


def test_an_explained_preview_is_the_same_in_both_places(here, at_server, small):
    """A server explains what this machine would; every feature is told, changed or not."""
    for place in (here, at_server):
        place("publish", small)
        place("catalog", "import", small / "catalog.csv", "--folder", small)
    told = [json.loads(place("preview", small, "--explain", "--json").stdout) for place in (here, at_server)]
    assert told[0] == told[1]
    assert "home_title" in told[0]["personas"][0]["explanation"]["features"]
    assert "rule 'searched' decides" in here("preview", small, "--explain").stdout


def test_every_outcome_and_check_has_words():
    """Totality: a new one in the core without words here fails this test."""
    assert set(explaining.OUTCOMES) == set(RuleOutcome)
    assert set(explaining.CHECKS) == set(CheckName)


@pytest.mark.parametrize("check", [*CheckName, "SUNNY"])
@pytest.mark.parametrize("passed", [True, False])
def test_a_check_without_its_values_still_reads(check, passed):
    """One from a server of another version has other members; words never fail."""
    assert explaining.check_words({"check": check, "passed": passed})


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (
            {"check": "CONDITION", "passed": False, "clauses": [
                {"path": "a", "actual": 1, "expected": 1, "passed": True},
                {"path": "b", "actual": None, "expected": "x", "passed": False},
            ]},
            'b unknown does not fit "x"',
        ),
        (
            {"check": "ROLLOUT", "passed": True, "attribute": "id", "bucket": 0.21, "coverage": 0.5},
            "id falls at 0.21, within coverage 0.5",
        ),
        (
            {"check": "ROLLOUT", "passed": False, "attribute": "id", "bucket": None, "coverage": 0.5},
            "the person has no id, outside coverage 0.5",
        ),
        (
            {"check": "PREREQUISITE", "passed": False, "feature": "map"},
            "it depends on 'map', which is not as needed",
        ),
        (
            {"check": "EXPERIMENT", "passed": True, "experiment": "e", "attribute": "id", "bucket": 0.6,
             "variation": 1},
            "experiment 'e': id falls at 0.6, arm 1",
        ),
        ({"check": "TEXT", "passed": False, "names": {"a": None, "b": 1}}, "the text needs a"),
    ],
)  # fmt: skip
def test_checks_read_as_sentences(check, words):
    """The values compared, and how the comparison came out."""
    assert explaining.check_words(check) == words


def test_an_item_that_stands_elsewhere_than_its_score_says_so():
    """Pins and variety move items; the score alone would not put them there."""
    parts = {"quality": {"weight": 100, "feature": 10, "product": 1000}}
    items = [
        {"id": "pinned", "score": 1, "rank": 3, "position": 1, "parts": {}, "pinned": True},
        {"id": "moved", "score": 1000, "rank": 1, "position": 2, "parts": parts},
    ]
    assert explaining.score_lines({"items": items}) == {
        "pinned": ["score 1; pinned here"],
        "moved": ["score 1000 = quality 100 × 10; 1 by score, moved by pins or variety"],
    }
