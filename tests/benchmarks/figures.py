"""Measured figures, and the figures of the design that they are held against."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure to reach: at most or at least ``limit``."""

    sense: Literal["≤", "≥"]
    limit: float
    unit: str

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles by nearest rank, in milliseconds."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Spread:
        """Of at least one sample."""
        ordered = sorted(milliseconds)
        return cls(
            *(ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99))
        )


@dataclass(frozen=True, slots=True)
class HttpFigure:
    """Requests over sockets: what clients waited, what the server says it took, what it cost.

    ``cpu_ms`` is the worker's CPU time per request, which another load on the machine disturbs least.
    """

    name: str
    clients: int
    requests: int
    per_second: float
    client: Spread
    server: Spread | None
    body_kb: float
    cpu_ms: float
    statuses: dict[int, int]
    bound: Bound | None = None
    bounded: float = 0.0


@dataclass(frozen=True, slots=True)
class CallFigure:
    """Calls within the process."""

    name: str
    calls: int
    took: Spread
    bound: Bound | None = None
    bounded: float = 0.0


@dataclass(frozen=True, slots=True)
class SingleFigure:
    """One number."""

    name: str
    value: float
    unit: str
    bound: Bound | None = None

    @property
    def bounded(self) -> float:
        """What the bound is about."""
        return self.value


Figure = HttpFigure | CallFigure | SingleFigure


def timed(
    name: str,
    call: Callable[[Any], object],
    inputs: Sequence[Any],
    *,
    seconds: float,
    bound: Bound | None = None,
    clock: Callable[[], float] = time.perf_counter,
    held: Literal["p50", "p95"] = "p95",
) -> CallFigure:
    """Call with each input in turn for ``seconds``, after once through for warmth; the bound is ``held``'s.

    ``clock`` tells what a call took: by default time, or ``time.thread_time`` for the processor's.
    """
    for each in inputs:
        call(each)
    milliseconds: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(milliseconds) < len(inputs):
        each = inputs[len(milliseconds) % len(inputs)]
        started = clock()
        call(each)
        milliseconds.append((clock() - started) * 1000)
    took = Spread.of(milliseconds)
    return CallFigure(name, len(milliseconds), took, bound, getattr(took, held))
