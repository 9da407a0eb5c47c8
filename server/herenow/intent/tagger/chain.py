"""What was learned, in numbers: how features weigh for labels, and labels for the next; reading by them.

The likeliest labels are found by Viterbi's algorithm, how likely each is by the forward-backward algorithm
(Rabiner 1989), both in time linear in the length. ``blended`` is the mean of several models: where they were
fitted on different features, mistakes that only one makes are outvoted (a logarithmic opinion pool; Smith,
Cohn and Osborne 2005), and the mean is again one model, as fast as any.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.artefact import Artefact

Features = Sequence[Sequence[str]]
"""Of each token."""
Weights = NDArray[np.float32]

_SCALED_EVERY = 4
"""Steps; four of the most unlikely passages stay far above the smallest float."""
_LEVEL = 9
_SEPARATOR = "\n"


class Reading(NamedTuple):
    """The likeliest labels of a sequence, and what it takes to tell how likely each is."""

    labels: list[str]
    best: list[int]
    scores: Weights
    passages: Weights

    def likely(self) -> list[float]:
        """Of each label how likely it is by itself, 0 to 1."""
        marginals = _marginals(self.scores, self.passages)
        return [float(row[label]) for row, label in zip(marginals, self.best, strict=True)]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Chain:
    """``state[rows[feature], label]`` and ``passages[label before, label after]``."""

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    state: Weights
    passages: Weights

    def read(self, features: Features) -> Reading:
        """The likeliest labels of a sequence."""
        scores = self._scores(features)
        best = _viterbi(scores, self.passages)
        return Reading([self.labels[label] for label in best], best, scores, self.passages)

    def _scores(self, features: Features) -> Weights:
        row_of = self.rows.get
        known = [[row for row in map(row_of, each) if row is not None] for each in features]
        scores = np.zeros((len(features), len(self.labels)), dtype=np.float32)
        at = [place for place, rows in enumerate(known) if rows]
        if at:
            lengths = [len(known[place]) for place in at]
            starts = [0, *accumulate(lengths[:-1])]
            scores[at] = np.add.reduceat(self.state[[row for rows in known for row in rows]], starts)
        return scores

    def sections(self) -> dict[str, bytes | NDArray[Any]]:
        """For a container; only weights that are not 0, to three digits."""
        row, label = np.nonzero(self.state)
        return {
            "features": zlib.compress(_SEPARATOR.join(self.rows).encode(), _LEVEL),
            "labels": _SEPARATOR.join(self.labels).encode(),
            "row": _packed(np.diff(row, prepend=0).astype(np.uint16)),
            "label": _packed(label.astype(np.uint8)),
            "weight": _packed(self.state[row, label].astype(np.float16)),
            "passages": _packed(self.passages.astype(np.float16)),
        }

    @classmethod
    def of(cls, artefact: Artefact) -> Chain:
        """From the sections of a container. Raises ``ValueError`` where they do not fit each other."""
        labels = tuple(bytes(artefact.blob("labels")).decode().split(_SEPARATOR))
        features = zlib.decompress(artefact.blob("features")).decode().split(_SEPARATOR)
        row = np.cumsum(_unpacked(artefact, "row", np.uint16), dtype=np.int64)
        label = _unpacked(artefact, "label", np.uint8)
        state = np.zeros((len(features), len(labels)), dtype=np.float32)
        passages = _unpacked(artefact, "passages", np.float16).astype(np.float32)
        try:
            state[row, label] = _unpacked(artefact, "weight", np.float16)
            return cls(
                labels,
                {name: at for at, name in enumerate(features)},
                state,
                passages.reshape(len(labels), len(labels)),
            )
        except IndexError as error:
            raise ValueError("a weight of no feature or label") from error


def blended(chains: Sequence[Chain]) -> Chain:
    """Their mean, as exact as a file keeps it; all have the same labels.

    A feature that one does not know weighs nothing there.
    """
    labels = chains[0].labels
    names = reduce(lambda known, chain: known | chain.rows.keys(), chains, set[str]())
    rows = {name: at for at, name in enumerate(sorted(names))}
    state = np.zeros((len(rows), len(labels)), dtype=np.float32)
    passages = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for chain in chains:
        state[[rows[name] for name in chain.rows]] += chain.state / len(chains)
        passages += chain.passages / len(chains)
    return Chain(labels, rows, _as_kept(state), _as_kept(passages))


def _viterbi(scores: Weights, passages: Weights) -> list[int]:
    if not len(scores):
        return []
    score, came_from = scores[0], []
    for row in scores[1:]:
        paths = score[:, None] + passages
        came_from.append(paths.argmax(axis=0))
        score = paths.max(axis=0) + row
    best = [int(score.argmax())]
    for before in reversed(came_from):
        best.append(int(before[best[-1]]))
    return best[::-1]


def _marginals(scores: Weights, passages: Weights) -> NDArray[np.float64]:
    """Steps are scaled now and then, so that long sequences neither overflow nor underflow."""
    here = np.exp(scores - scores.max(axis=1, keepdims=True), dtype=np.float64)
    over = np.exp(passages - passages.max(), dtype=np.float64)
    forward, backward = here.copy(), np.ones_like(here)
    for at in range(1, len(here)):
        forward[at] *= forward[at - 1] @ over
        if not at % _SCALED_EVERY:
            forward[at] /= forward[at].sum()
    for at in range(len(here) - 2, -1, -1):
        np.dot(over, backward[at + 1] * here[at + 1], out=backward[at])
        if not at % _SCALED_EVERY:
            backward[at] /= backward[at].sum()
    both = forward * backward
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def _as_kept(weights: Weights) -> Weights:
    return weights.astype(np.float16).astype(np.float32)


def _packed(array: NDArray[Any]) -> bytes:
    return zlib.compress(array.astype(array.dtype.newbyteorder("<")).tobytes(), _LEVEL)


def _unpacked(artefact: Artefact, name: str, kind: type[np.generic]) -> NDArray[Any]:
    content = zlib.decompress(artefact.blob(name))
    return np.frombuffer(content, dtype=np.dtype(kind).newbyteorder("<"))
