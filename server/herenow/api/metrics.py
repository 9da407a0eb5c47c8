"""Prometheus metrics of one process.

Routes are labelled by their pattern and methods by a closed list, so that the number of series is
bounded by the code, not by callers.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class RequestMetrics:
    """Counts and times requests. ``multiprocess_dir`` is set when several workers share one."""

    def __init__(self, multiprocess_dir: str | None = None) -> None:
        self._shared = multiprocess_dir
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "herenow_requests_total", "Requests", ["route", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "herenow_request_seconds",
            "Time in the application",
            ["route", "method"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._sequence = Gauge(
            "herenow_serving_sequence",
            "Sequence of the serving set in use",
            ["scope"],
            registry=self._registry,
            multiprocess_mode="min",
        )
        self._streams = Gauge(
            "herenow_streams",
            "Event streams open",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Record one finished request; a method that HTTP does not know counts as ``other``."""
        method = method if method in _METHODS else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)

    def serving(self, scope: str, sequence: int) -> None:
        """Record which serving set a scope has; the smallest over all workers is shown."""
        self._sequence.labels(scope).set(sequence)

    def streams(self, count: int) -> None:
        """Record how many event streams are open; summed over all workers."""
        self._streams.set(count)

    def exposition(self) -> bytes:
        """The text format, over all workers when they share a directory."""
        if self._shared is None:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=self._shared)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
