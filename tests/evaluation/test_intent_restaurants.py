"""How the evaluation of searches for restaurants counts."""

from pathlib import Path

import pytest
from tests.evaluation.intent_restaurants import Query, exact, measured, overlap, read
from tests.evaluation.restaurant_conventions import as_labelled
from tests.evaluation.restaurant_rules import baseline
from tests.evaluation.restaurant_slots import slots
from tests.evaluation.restaurant_spans import Span

GOLD = (Span("Price", 0, 5), Span("Dish", 6, 11))


def said(text, spans):
    """The words of spans with their types."""
    return [(text[span.start : span.end], span.type) for span in spans]


def test_exact_needs_type_and_borders():
    """One hit, one extra, one missed."""
    assert exact(GOLD, [Span("Price", 0, 5), Span("Dish", 5, 11)]) == (1, 1, 1)


def test_overlap_needs_type_and_a_shared_character_one_for_one():
    """Two finds on one labelled span are one hit and one extra; dishes and cuisines are one slot."""
    found = [Span("Cuisine", 6, 8), Span("Dish", 8, 11)]
    assert overlap(GOLD, found, "Cuisine∪Dish") == (1, 1, 0)
    assert overlap(GOLD, found, "Price") == (0, 0, 1)


def test_a_perfect_reader_scores_one_and_a_silent_one_nothing():
    """Beside each other on the same searches."""
    rows = measured([Query("cheap tacos", GOLD)] * 3, lambda _: GOLD, lambda _: [])
    assert [(row["ours"], row["rules baseline"]) for row in rows[:2]] == [(1.0, 0.0), (0.0, 0.0)]
    assert {row["n"] for row in rows} == {3}


def test_a_file_is_read_as_texts_with_spans(tmp_path: Path):
    """A text, a tab, a list of spans."""
    path = tmp_path / "some.tsv"
    path.write_text('cheap tacos\t[{"type": "Price", "start": 0, "end": 5, "text": "cheap"}]\n', "utf-8")
    assert read(path) == [Query("cheap tacos", (GOLD[0],))]


def test_borders_are_drawn_as_the_labels_do():
    """The word for the house is not part of a cuisine, and makes a dish one."""
    text = "moderately priced italian restaurant pizza place tacos"
    spans = [Span("Price", 0, 17), Span("Cuisine", 18, 36), Span("Cuisine", 37, 48), Span("Cuisine", 49, 54)]
    assert said(text, as_labelled(text, spans)) == [
        ("moderately", "Price"),
        ("italian", "Cuisine"),
        ("pizza", "Cuisine"),
        ("tacos", "Dish"),
    ]


@pytest.mark.parametrize("reader", [slots, baseline])
def test_both_readers_understand_a_plain_search(reader):
    """Whatever else they do."""
    text = "cheap italian restaurant nearby"
    assert said(text, sorted(reader(text), key=lambda span: span.start)) == [
        ("cheap", "Price"),
        ("italian", "Cuisine"),
        ("nearby", "Location"),
    ]
