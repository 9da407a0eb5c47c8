"""What goes together: item neighbours learned from everybody's histories, applied to one person's.

Three tables over items, each from counts alone. *together* is EASE (Steck 2019): with the Gram matrix
G = X'X of who touched what, P = (G + ridge I)^-1, B = -P / diag(P), zero on the diagonal. *alike* is the
cosine of co-occurrence, shrunk: G_ij / sqrt((n_i + 10)(n_j + 10)). *follows* counts what came within ``LAGS``
places after what, fading by ``LAG_FADE`` a place, normalised likewise (a Markov chain with lags).

A person enters as weights of their history: the latest item weighs 1, the one before ``fade``, then
``fade`` squared: recency is the largest single gain there is in ordering content. The profile needs the ids
of the latest items in their order, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RIDGE: Final = 600.0
LAGS: Final = 5
LAG_FADE: Final = 0.7
FEATURES: Final = ("neighbour", "neighbour_long", "follows", "alike", "popular")
"""Names of the ordering features, in the order of ``features``."""

Matrix = NDArray[Any]
History = Sequence[int]
"""Positions of items, oldest first."""

_FADES: Final = {"neighbour": 0.8, "neighbour_long": 0.97, "follows": 0.8, "alike": 0.85}
_COSINE_PRIOR: Final = 10.0
_FOLLOWS_PRIOR: Final = 5.0


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The tables, item × item (a row an item of the history), and how many people touched each item."""

    together: Matrix
    alike: Matrix
    follows: Matrix
    people: Matrix


def fit_neighbours(histories: Sequence[History], items: int, ridge: float = RIDGE) -> Neighbours:
    """The tables of everybody. O(items³); for some ten thousand items at most.

    Raises ``ValueError`` when ``ridge`` is not positive: the inverse might not exist.
    """
    touched = np.stack([faded(history, items, 1.0) for history in histories])
    gram = touched.T @ touched
    people = gram.diagonal().copy()
    return Neighbours(together(gram, ridge), _cosine(gram, people), _follows(histories, items), people)


def faded(history: History, items: int, fade: float) -> Matrix:
    """A person's history as weights: ``fade ** n`` for the item n places before the latest."""
    weights = np.zeros(items)
    for place, item in enumerate(reversed(history)):
        weights[item] = max(weights[item], fade**place)
    return weights


def features(model: Neighbours, history: History) -> Matrix:
    """An item a row, a feature a column (``FEATURES``), as real numbers."""
    items = len(model.people)
    tables = {
        "neighbour": model.together,
        "neighbour_long": model.together,
        "follows": model.follows,
        "alike": model.alike,
    }
    near = [faded(history, items, _FADES[name]) @ table for name, table in tables.items()]
    return np.stack([*near, np.log1p(model.people)], axis=1)


def nearest(table: Matrix, most: int = 50) -> list[list[tuple[int, float]]]:
    """Of each item its strongest neighbours, best first: what a model artefact carries."""
    order = np.argsort(-table, axis=1, kind="stable")[:, :most]
    return [[(int(at), float(row[at])) for at in best] for row, best in zip(table, order, strict=True)]


def together(gram: Matrix, ridge: float = RIDGE) -> Matrix:
    """The EASE table of a Gram matrix: how many people touched each two items. O(items³).

    Raises ``ValueError`` when ``ridge`` is not positive: the inverse might not exist.
    """
    if ridge <= 0:
        raise ValueError(f"ridge must be positive, got {ridge}: it makes the inverse exist")
    inverse = np.linalg.inv(gram + ridge * np.eye(len(gram)))
    table = -inverse / inverse.diagonal()
    np.fill_diagonal(table, 0.0)
    return np.asarray(table)


def _cosine(gram: Matrix, people: Matrix) -> Matrix:
    size = np.sqrt(people + _COSINE_PRIOR)
    alike = gram / np.outer(size, size)
    np.fill_diagonal(alike, 0.0)
    return np.asarray(alike)


def _follows(histories: Sequence[History], items: int) -> Matrix:
    counts = np.zeros((items, items))
    for history in histories:
        for lag in range(1, LAGS + 1):
            np.add.at(counts, (list(history[:-lag]), list(history[lag:])), LAG_FADE ** (lag - 1))
    leaving, coming = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    return np.asarray(counts / np.sqrt((leaving + _FOLLOWS_PRIOR) * (coming + _FOLLOWS_PRIOR)))
