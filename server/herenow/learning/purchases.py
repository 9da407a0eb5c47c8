"""How many purchases to expect of a customer: BG/NBD, and its mean with the decayed rate.

BG/NBD (Fader, Hardie and Lee 2005, Marketing Science 24:275): while active, a customer buys as a Poisson
process whose rate is Gamma(r, alpha); after each purchase they leave with a probability that is Beta(a, b).
A customer is x repeat purchases, the last t_x after the first, seen for T; all in weeks. The four parameters
of an app are fitted by maximum likelihood (with scipy, of the ``learn`` extra); what a customer is expected
to do is a closed form.

It rules out that who has left comes back, the decayed rate that anybody leaves for good: their mean errs less
than either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.learning.rates import Evidence, rate

WEEK: Final = 7
_LEAST, _MOST = 1e-4, 1e4
"""Far beyond what purchases were published with: CDNOW has .24, 4.4, .79 and 2.4."""
_FARTHEST: Final = math.log(10 * _MOST)
_START: Final = (0.5, 5.0, 0.8, 2.5)
_SERIES: Final = 10_000
_ENOUGH: Final = 1e-12
_NEAR_ONE: Final = 1e-6

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class BgNbd:
    """The parameters of an app, in weeks."""

    r: float
    alpha: float
    a: float
    b: float

    @property
    def plausible(self) -> bool:
        """Whether it tells customers apart: of who never differ the likelihood has no maximum.

        Then the fit runs off, r and alpha (or a and b) towards infinity or nought with their ratio fixed.
        """
        return all(_LEAST <= each <= _MOST for each in (self.r, self.alpha, self.a, self.b))


@dataclass(frozen=True, slots=True)
class Customers:
    """Columns of customers: repeat purchases, weeks from the first to the last, weeks since the first."""

    repeats: Column
    last: Column
    seen: Column


def fit_purchases(customers: Customers) -> BgNbd:
    """The most likely parameters. Raises ``ValueError`` when nobody came back. Needs scipy."""
    if not customers.repeats.sum():
        raise ValueError("nobody bought twice: there is nothing yet to learn a return from")
    from scipy.optimize import minimize  # noqa: PLC0415 - of the learn extra, for batches alone

    def loss(logs: Column) -> float:
        if np.abs(logs).max() > _FARTHEST:
            return math.inf  # where nothing is plausible any more a search would walk on and on
        return -log_likelihood(BgNbd(*map(float, np.exp(logs))), customers)

    options = {"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-6}
    found = minimize(loss, np.log(_START), method="Nelder-Mead", options=options)
    return BgNbd(*map(float, np.exp(found.x)))


def log_likelihood(model: BgNbd, customers: Customers) -> float:
    """The logarithm of the likelihood, equation (7) of the paper, summed over customers."""
    from scipy.special import betaln, gammaln  # noqa: PLC0415 - as above

    x, last, seen = customers.repeats, customers.last, customers.seen
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    rate_part = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    active = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + seen)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + last)
    return float((rate_part + np.logaddexp(active, np.where(x > 0, left, -np.inf))).sum())


def expected(model: BgNbd, customers: Customers, weeks: float) -> Column:
    """Expected purchases in the coming weeks, equation (10) of the paper."""
    x, seen = customers.repeats, customers.seen
    r, alpha, b = model.r, model.alpha, model.b
    a = model.a if abs(model.a - 1) > _NEAR_ONE else 1 + _NEAR_ONE  # at 1 the formula is 0 / 0
    ends = alpha + seen + weeks
    stays = ((alpha + seen) / ends) ** (r + x) * hypergeometric(r + x, b + x, a + b + x - 1, weeks / ends)
    ahead = (a + b + x - 1) / (a - 1) * (1 - stays)
    return np.asarray(ahead * chance_active(model, customers))


def chance_active(model: BgNbd, customers: Customers) -> Column:
    """P(still a customer). No score of churn: who bought once is active by construction."""
    x, last, seen = customers.repeats, customers.last, customers.seen
    odds = model.a / (model.b + np.maximum(x, 1) - 1)
    odds = odds * ((model.alpha + seen) / (model.alpha + last)) ** (model.r + x)
    return np.asarray(1 / (1 + np.where(x > 0, odds, 0.0)))


def hypergeometric(a: Column, b: Column, c: Column, z: Column) -> Column:
    """Gauss' series 2F1(a, b; c; z) = sum (a)_n (b)_n / (c)_n z^n / n!, for 0 <= z < 1."""
    a, b, c, z = np.broadcast_arrays(a, b, c, z)
    term, total = np.ones(z.shape), np.ones(z.shape)
    for n in range(_SERIES):
        term = term * (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        total = total + term
        if np.abs(term).max(initial=0.0) <= _ENOUGH * np.abs(total).max(initial=1.0):
            break
    return np.asarray(total)


def foretell_purchases(
    model: BgNbd, customers: Customers, evidence: list[Evidence], today: int, weeks: float
) -> Column:
    """The mean of BG/NBD and of the decayed rate, each for the coming weeks.

    ``evidence`` holds the repeat purchases of each customer, in days.
    """
    everybody = float(customers.repeats.sum() / (customers.seen.sum() * WEEK))
    rates = [
        rate(each, seen * WEEK, today, everybody) for each, seen in zip(evidence, customers.seen, strict=True)
    ]
    return np.asarray((expected(model, customers, weeks) + np.array(rates) * WEEK * weeks) / 2)
