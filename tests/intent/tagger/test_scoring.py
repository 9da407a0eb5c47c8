from herenow.intent.tagger.scoring import Counts, exact, likelihood_better, overlap, together
from herenow.intent.tagger.spans import SlotSpan

DISH, WIDER, AREA = SlotSpan("dish", 0, 4), SlotSpan("dish", 0, 9), SlotSpan("area", 0, 4)


def test_exact_wants_slot_and_borders():
    """Wider borders are one extra and one missed."""
    assert exact([DISH], [DISH]) == Counts(1, 0, 0)
    assert exact([DISH], [WIDER]) == Counts(0, 1, 1)


def test_overlap_wants_a_shared_character_of_the_slot():
    """One for one: a second span on the same label is extra."""
    assert overlap([DISH], [WIDER]) == Counts(1, 0, 0)
    assert overlap([DISH], [WIDER, DISH]) == Counts(1, 1, 0)
    assert overlap([DISH], [AREA]) == Counts(0, 1, 1)


def test_f1_is_of_all_searches_together():
    """And 0 where there is nothing."""
    assert together([Counts(1, 0, 0), Counts(0, 1, 1)]).f1 == 0.5
    assert Counts().f1 == 0.0


def test_what_is_the_same_is_not_better():
    """What is always right is, and nothing is nothing."""
    right, wrong = [Counts(1, 0, 0)] * 9, [Counts(0, 0, 1)] * 9
    assert likelihood_better(right, right) == 0.0
    assert likelihood_better(right, wrong) == 1.0
    assert likelihood_better([], []) == 0.0
