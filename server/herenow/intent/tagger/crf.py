"""Fitting a linear-chain conditional random field, by python-crfsuite.

Fitted by L-BFGS with L1 and L2 penalties (Lafferty, McCallum and Pereira 2001; Okazaki's CRFsuite). The same
examples in the same order give the same weights. The library is optional and imported nowhere else: what
was learned is read by ``chain`` without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from herenow.errors import Unavailable
from herenow.intent.tagger.chain import Chain, Features

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True, slots=True)
class Penalties:
    """How much a model is kept from trusting what it saw once: found by cross-validation."""

    l1: float = 0.5
    l2: float = 0.3
    iterations: int = 100


DEFAULT: Final = Penalties()


def fitted(examples: Iterable[tuple[Features, Sequence[str]]], penalties: Penalties = DEFAULT) -> Chain:
    """What labelled sequences teach. Raises ``Unavailable`` (NO_TAGGER) without python-crfsuite."""
    library = _crfsuite()
    trainer = library.Trainer(verbose=False)
    for features, labels in examples:
        trainer.append(features, labels)
    trainer.select("lbfgs")
    trainer.set_params(
        {
            "c1": penalties.l1,
            "c2": penalties.l2,
            "max_iterations": penalties.iterations,
            "feature.possible_transitions": True,
        }
    )
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.crfsuite")
        trainer.train(path)
        tagger = library.Tagger()
        tagger.open(path)
        return _chain(tagger.labels(), tagger.info())


def _chain(labels: Iterable[str], info: Any) -> Chain:
    state: Mapping[tuple[str, str], float] = info.state_features
    passing: Mapping[tuple[str, str], float] = info.transitions
    names = tuple(sorted(labels))
    column = {label: at for at, label in enumerate(names)}
    rows = {feature: at for at, feature in enumerate(sorted({feature for feature, _ in state}))}
    weights = np.zeros((len(rows), len(names)), dtype=np.float32)
    for (feature, label), weight in state.items():
        weights[rows[feature], column[label]] = weight
    passages = np.zeros((len(names), len(names)), dtype=np.float32)
    for (before, after), weight in passing.items():
        passages[column[before], column[after]] = weight
    return Chain(names, rows, weights, passages)


def _crfsuite() -> ModuleType:
    try:
        import pycrfsuite  # noqa: PLC0415 - an extra; the rest of herenow works without it
    except ImportError as error:
        raise Unavailable(
            "the tagger of searches is not installed",
            code="NO_TAGGER",
            detail="Install it:  pip install 'herenow[tagger]'",
        ) from error
    module: ModuleType = pycrfsuite
    return module
