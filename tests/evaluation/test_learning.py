"""What is learned is worth its code: on real histories it beats the baseline that is rerun beside it."""

from types import ModuleType

import pytest
from tests.evaluation import best_time, content_order, next_place, offer_choice, purchases
from tests.evaluation.folders import DEVELOPMENT

pytestmark = [pytest.mark.slow, pytest.mark.data]


def told(evaluation: ModuleType):
    """The rows of an evaluation on the development data, by measure."""
    try:
        rows = evaluation.rows(DEVELOPMENT)
    except FileNotFoundError as missing:
        pytest.skip(f"the development data has no {missing.filename}")
    return {(row["measure"], row.get("baseline")): row for row in rows}


def test_times_are_told_better_than_by_one_kernel():
    """Less surprise by what came, and more of it in the best hours, beyond chance."""
    losses, hits = told(best_time).values()
    assert losses["difference high"] < 0 < hits["difference low"]


def test_the_wanted_item_stands_higher_than_with_neighbours_alone():
    """More people find their next item among the first ten, beyond chance."""
    assert all(row["difference low"] > 0 for row in told(content_order).values())


def test_the_next_place_is_told_better_than_by_an_unbounded_interpolation():
    """The bounded profile is more often right, with and without the hour, beyond chance, and stays small."""
    for row in told(next_place).values():
        assert row["difference low"] > 0
        assert row["most stored bytes"] <= 4096


def test_purchases_are_foretold_no_worse_than_by_either_model():
    """The mean of both errs less than each, and orders customers no worse."""
    for (measure, _), row in told(purchases).items():
        better = -row["difference"] if measure.startswith("RMSE") else row["difference"]
        assert better > 0


def test_offers_learned_are_as_good_as_the_best_one():
    """After the learning, visits are not fewer than with the mail that was better in hindsight."""
    *_, after = told(offer_choice).values()
    assert after["difference high"] > 0
    assert after["ours"] > after["uniform"]
