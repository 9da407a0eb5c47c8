"""The conditional random field, of python-crfsuite, which is optional and imported nowhere else.

Fitted by L-BFGS with L1 and L2 penalties (Lafferty, McCallum and Pereira 2001; Okazaki's CRFsuite). The same
examples in the same order give the same model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from herenow.errors import Unavailable

if TYPE_CHECKING:
    from types import ModuleType

Features = Sequence[Sequence[str]]
"""Of each token."""


@dataclass(frozen=True, slots=True)
class Penalties:
    """How much a model is kept from trusting what it saw once: found by cross-validation."""

    l1: float = 0.15
    l2: float = 0.05
    iterations: int = 100


DEFAULT: Final = Penalties()


def fitted(examples: Iterable[tuple[Features, Sequence[str]]], penalties: Penalties = DEFAULT) -> bytes:
    """A model of labelled sequences. Raises ``Unavailable`` (NO_TAGGER) without python-crfsuite."""
    trainer = _crfsuite().Trainer(verbose=False)
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
        path = Path(folder) / "model.crfsuite"
        trainer.train(str(path))
        return path.read_bytes()


class Crf:
    """A fitted model. Threads may share it; they take turns."""

    def __init__(self, model: bytes) -> None:
        """Open a model. Raises ``Unavailable`` (NO_TAGGER), ``ValueError`` when it is none."""
        self._tagger: Any = _crfsuite().Tagger()
        self._tagger.open_inmemory(model)
        self._turn = Lock()
        self.labels: tuple[str, ...] = tuple(self._tagger.labels())

    def tag(self, features: Features) -> tuple[list[str], list[float]]:
        """The likeliest labels, and of each how likely it is."""
        with self._turn:
            self._tagger.set(features)
            labels: list[str] = self._tagger.tag()
            return labels, [self._tagger.marginal(label, at) for at, label in enumerate(labels)]


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
