"""How many examples a property is tried with: few while one works, all of them in ``make test-all``."""

from hypothesis import settings

WHOLE = 100
"""Examples of a property that names no number, at full depth."""
FAST = 15
"""The same in ``make test``."""
LEAST = 10
"""Fewer examples than this show little, so no depth goes below."""


def register() -> None:
    """Name both depths; ``--hypothesis-profile`` chooses, full depth without it.

    No example has a deadline: a slow moment of the machine is no failure.
    """
    settings.register_profile("fast", max_examples=FAST, deadline=None)
    settings.register_profile("full", max_examples=WHOLE, deadline=None)
    settings.load_profile("full")


def examples(full: int) -> int:
    """The chosen depth's share of ``full``, the examples that a property of its own cost is tried with."""
    return max(min(full, LEAST), full * min(settings().max_examples, WHOLE) // WHOLE)
