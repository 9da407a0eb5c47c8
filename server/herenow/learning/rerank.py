"""Weights of named features, learned from what was chosen, and the order they make, in integers.

Weights are those of a conditional logit (McFadden 1974): among the candidates that a person saw, item i is
chosen with probability exp(w f_i) / sum_j exp(w f_j); the likelihood, less ``PENALTY`` |w|², is raised by
Newton's method. Features are then brought to int16 fixed point (mean 0, deviation 1, times 1024) and weights
to integers whose largest is 1024, so that a device orders by multiplying and adding alone, bit for bit as
here: ``score`` is that of ``herenow_sdk.core.ordering``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SCALE: Final = 1024
LIMIT: Final = 32_767
PENALTY: Final = 1.0
_ROUNDS: Final = 30
_ENOUGH: Final = 1e-8
_LEAST_SPREAD: Final = 1e-9

Matrix = NDArray[Any]


@dataclass(frozen=True, slots=True)
class OrderModel:
    """Names of features, their mean and spread, and their integer weights."""

    names: tuple[str, ...]
    mean: Matrix
    spread: Matrix
    weights: Matrix


def fit_order(names: Sequence[str], shown: Matrix, chosen: Matrix, penalty: float = PENALTY) -> OrderModel:
    """The model of choices: ``shown`` is choice × candidate × feature, ``chosen`` the position of each.

    Raises ``ValueError`` without a choice.
    """
    if not len(shown):
        raise ValueError("no choices to learn an order from: give what was shown and what was chosen")
    mean, spread = shown.mean(axis=(0, 1)), np.maximum(shown.std(axis=(0, 1)), _LEAST_SPREAD)
    weights = _newton((shown - mean) / spread, chosen, penalty)
    largest = max(float(np.abs(weights).max()), _LEAST_SPREAD)
    return OrderModel(tuple(names), mean, spread, np.rint(weights * SCALE / largest).astype(np.int64))


def fixed(model: OrderModel, features: Matrix) -> Matrix:
    """Features (… × feature) in int16 fixed point, as they are served."""
    scaled = np.rint((features - model.mean) / model.spread * SCALE)
    return np.asarray(np.clip(scaled, -LIMIT, LIMIT).astype(np.int64))


def scores(model: OrderModel, served: Matrix) -> Matrix:
    """The integer score of each item (… × feature): what the device computes."""
    return np.asarray(served @ model.weights)


def rerank(model: OrderModel, ids: Sequence[str], features: Matrix) -> list[str]:
    """The items in order: score from the highest, then id by its bytes."""
    told = scores(model, fixed(model, features))
    return [ids[at] for at in sorted(range(len(ids)), key=lambda at: (-int(told[at]), ids[at].encode()))]


def _newton(shown: Matrix, chosen: Matrix, penalty: float) -> Matrix:
    width = shown.shape[2]
    taken = shown[np.arange(len(shown)), chosen].sum(axis=0)
    weights = np.zeros(width)
    for _ in range(_ROUNDS):
        slope, bend = _slope_and_bend(shown, taken, weights, penalty)
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < _ENOUGH:
            break
    return weights


def _slope_and_bend(shown: Matrix, taken: Matrix, weights: Matrix, penalty: float) -> tuple[Matrix, Matrix]:
    """Gradient of the log-likelihood, and its negative second derivative."""
    told = shown @ weights
    share = np.exp(told - told.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    expected = np.einsum("uc,ucf->uf", share, shown)
    second = np.einsum("uc,ucf,ucg->fg", share, shown, shown, optimize=True)
    slope = taken - expected.sum(axis=0) - 2 * penalty * weights
    return slope, second - expected.T @ expected + 2 * penalty * np.eye(len(weights))
