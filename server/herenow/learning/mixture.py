"""How much to believe each of several predictions: weights of a mixture, by expectation–maximisation.

A mixture predicts sum of weight_k * p_k. Given what each component gave to outcomes that came true, EM raises
the likelihood with each round: responsibility r_k = w_k p_k / sum w p, weight w_k = mean of r_k (Jelinek and
Mercer 1980, interpolated estimation; Dempster, Laird and Rubin 1977). A small pseudo-count keeps each weight
above zero.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ROUNDS: Final = 40
PSEUDO: Final = 0.5
STRENGTH: Final = 20.0
ANY: Final = "*"
"""The context of all."""

Row = NDArray[Any]
_NOTHING: Final = 1e-200
"""Less than this is no prediction, and would not survive a division."""


def fit_weights(
    given: NDArray[Any],
    counts: NDArray[Any] | None = None,
    *,
    rounds: int = ROUNDS,
    pseudo: float = PSEUDO,
    towards: Row | None = None,
) -> Row:
    """Weights (summing to 1) of the components.

    ``given`` has a row an outcome and a column a component: the probability that this component gave to what
    came true; ``counts`` says how often each row happened. Rows that no component foresaw teach nothing.
    Weights are shrunk ``towards`` others, if given, as if these had been found from ``STRENGTH`` outcomes.
    """
    foreseen = given.sum(axis=1) > _NOTHING
    rows = given[foreseen]
    times = np.ones(len(rows)) if counts is None else counts[foreseen]
    width = given.shape[1]
    believed = np.full(width, pseudo) + (0.0 if towards is None else STRENGTH * towards)
    weights = np.full(width, 1.0 / width) if towards is None else towards
    for _ in range(rounds):
        shares = rows * weights
        shares /= shares.sum(axis=1, keepdims=True)
        weights = (times @ shares + believed) / (times.sum() + believed.sum())
    return np.asarray(weights)


def fit_by_context(given: NDArray[Any], contexts: Sequence[Hashable]) -> dict[Hashable, Row]:
    """Weights for each context that occurs, shrunk towards those of all; under ``ANY`` those of all."""
    found: dict[Hashable, list[int]] = {}
    for at, context in enumerate(contexts):
        found.setdefault(context, []).append(at)
    of_all = fit_weights(given)
    return {
        ANY: of_all,
        **{context: fit_weights(given[rows], towards=of_all) for context, rows in found.items()},
    }


def weights_for(by_context: Mapping[Hashable, Row], context: Hashable, width: int) -> Row:
    """The weights of a context; of one that was never seen those of all, without any all alike."""
    known = by_context.get(context, by_context.get(ANY))
    return np.full(width, 1.0 / width) if known is None else known


def adapted(weights: Row, earned: Iterable[float], strength: float) -> Row:
    """A person's own weights: what their components earned, shrunk towards the weights of everybody.

    (earned_k + strength * weight_k) / (sum of earned + strength), the posterior mean under a Dirichlet prior.
    """
    own = np.fromiter(earned, dtype=float, count=len(weights))
    return np.asarray((own + strength * weights) / (own.sum() + strength))


def responsibility(given: Row, weights: Row) -> Row:
    """How much of an outcome that came true each component foresaw; zeros when none did."""
    shares = given * weights
    total = float(shares.sum())
    return np.asarray(shares / total) if total > _NOTHING else np.zeros_like(shares)
