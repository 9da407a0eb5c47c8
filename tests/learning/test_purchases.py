"""Expected purchases: the paper's model, recovered from customers that follow it."""

import numpy as np
import pytest

from herenow.learning.purchases import (
    BgNbd,
    Customers,
    chance_active,
    expected,
    fit_purchases,
    foretell_purchases,
    hypergeometric,
)
from herenow.learning.rates import Evidence

MODEL = BgNbd(0.8, 6.0, 0.9, 2.5)
SEEN = 52.0


@pytest.fixture(scope="module")
def customers():
    """Four thousand customers who behave exactly as the model says, seen for a year."""
    draw = np.random.default_rng(11)
    rates, leaves = draw.gamma(MODEL.r, 1 / MODEL.alpha, 4000), draw.beta(MODEL.a, MODEL.b, 4000)
    rows = [_simulated(draw, *each) for each in zip(rates, leaves, strict=True)]
    repeats, last = np.array(rows).T
    return Customers(repeats, last, np.full(len(rows), SEEN))


def _simulated(draw, rate, leave):
    """How often one customer came back, and when last."""
    at, repeats, last = 0.0, 0, 0.0
    while True:
        at += draw.exponential(1 / rate)
        if at > SEEN:
            return repeats, last
        repeats, last = repeats + 1, at
        if draw.random() < leave:
            return repeats, last


def test_the_parameters_are_recovered(customers):
    """The fit expects of the next year what the true parameters expect."""
    pytest.importorskip("scipy", reason="the fit needs the learn extra")
    fitted = fit_purchases(customers)
    told, true = (expected(model, customers, 26).sum() for model in (fitted, MODEL))
    assert told == pytest.approx(true, rel=0.1)


def test_parameters_that_ran_off_are_not_plausible(customers):
    """Of customers who are all alike the likelihood has no maximum; of those who differ it has."""
    pytest.importorskip("scipy", reason="the fit needs the learn extra")
    alike = Customers(np.full(50, 6.0), np.full(50, 6.0), np.full(50, 7.0))
    assert not fit_purchases(alike).plausible
    assert fit_purchases(Customers(*(each[:500] for each in _columns(customers)))).plausible
    assert BgNbd(0.243, 4.414, 0.793, 2.426).plausible


def _columns(customers):
    return customers.repeats, customers.last, customers.seen


def test_silence_after_much_buying_is_leaving():
    """Of two with ten purchases, the one silent for forty weeks is hardly a customer any more."""
    pair = Customers(np.array([10.0, 10.0]), np.array([12.0, 50.0]), np.array([52.0, 52.0]))
    silent, recent = chance_active(MODEL, pair)
    assert silent < 0.1 < 0.7 < recent
    assert expected(MODEL, pair, 10)[0] < expected(MODEL, pair, 10)[1]


def test_the_closed_form_has_no_hole(customers):
    """With a of exactly 1, where the formula is 0 / 0, as much is expected as right beside it."""
    at, beside = (expected(BgNbd(0.8, 6.0, a, 2.5), customers, 10) for a in (1.0, 1.001))
    assert at == pytest.approx(beside, rel=0.01)


def test_nothing_is_expected_of_no_time(customers):
    """In a window of zero weeks nobody buys; in a longer one more than in a shorter."""
    assert expected(MODEL, customers, 0.0) == pytest.approx(np.zeros(4000))
    assert (expected(MODEL, customers, 20) > expected(MODEL, customers, 10)).all()


def test_the_series_is_the_known_function():
    """2F1(1, 1; 2; z) is -ln(1 - z) / z."""
    z = np.array([0.1, 0.5, 0.9])
    assert hypergeometric(*(np.array([n]) for n in (1.0, 1.0, 2.0)), z) == pytest.approx(-np.log(1 - z) / z)


def test_what_is_foretold_lies_between_both():
    """The mean of model and decayed rate lies between them, also for who never came back."""
    one = Customers(np.array([0.0]), np.array([0.0]), np.array([20.0]))
    told = foretell_purchases(MODEL, one, [Evidence()], 140, 10)
    assert told == pytest.approx(expected(MODEL, one, 10) / 2)


def test_an_app_to_which_nobody_returns_is_told():
    """Without one repeat there is nothing to fit, and the error says so."""
    with pytest.raises(ValueError, match="nobody bought twice"):
        fit_purchases(Customers(np.zeros(3), np.zeros(3), np.ones(3)))
