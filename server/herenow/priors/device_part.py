"""What devices fetch of a model: the part ``priors`` (SPEC 12.2), small whatever the app is like.

A device reckons its tastes by the same shares as the server, so the server reckons by this part too and never
by the whole model. At most ``MOST_SHARES`` shares and ``MOST_BYTES`` of JSON: the smallest shares leave
first, because a prior that is missing counts as 0 and they are the nearest to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from herenow.canonical import canonical_json
from herenow.learning.model import Model
from herenow_sdk.core.profile.priors import PART

MOST_SHARES: Final = 1_000
MOST_BYTES: Final = 32 * 1024
_SOURCE: Final = "source:"

__all__ = ["MOST_BYTES", "MOST_SHARES", "PART", "priors_part"]

_Share = tuple[int, str, str, str]
"""Negated, for the order; source (``""``: everybody), facet, value."""


def priors_part(model: Model) -> dict[str, Any]:
    """The part by its name, as ``parse_bundle`` reads it; without shares it is empty but there."""
    shares = sorted(_shares(model))[:MOST_SHARES]
    fits, beyond = 0, len(shares) + 1
    while beyond - fits > 1:  # the largest number that fits
        middle = (fits + beyond) // 2
        if len(canonical_json(_part(shares[:middle]))) <= MOST_BYTES:
            fits = middle
        else:
            beyond = middle
    return {PART: _part(shares[:fits])}


def _shares(model: Model) -> list[_Share]:
    sources = {
        segment.removeprefix(_SOURCE): facets
        for segment, facets in model.segments.items()
        if segment.startswith(_SOURCE)
    }
    return [
        (-share, source, facet, value)
        for source, facets in {"": model.facets, **sources}.items()
        for facet, values in facets.items()
        for value, share in values.items()
        if share > 0
    ]


def _part(shares: Sequence[_Share]) -> dict[str, Any]:
    everybody: dict[str, dict[str, int]] = {}
    sources: dict[str, dict[str, dict[str, int]]] = {}
    for share, source, facet, value in shares:
        facets = sources.setdefault(source, {}) if source else everybody
        facets.setdefault(facet, {})[value] = -share
    return {PART: {"facets": everybody, "sources": sources}}
