"""The items a device was given to re-order, read from an answer of the server.

Each item carries what the server ordered it by: fixed-point features, the groups that variety counts,
and which of the placement's boosts are for it (ADR 0012). Whose audience a boost's is can change while the
device is alone (a lunch rule begins at eleven), so the ``boost`` feature is computed anew from the boosts
that are active now. An item without features was not given to be re-ordered, and is left out.

Specification: section 8.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from herenow_sdk.core.ordering import Candidate
from herenow_sdk.core.placements import Boost
from herenow_sdk.core.values import is_array, is_whole

MAX_CANDIDATES: Final = 60
MAX_GROUPS: Final = 64
FEATURE_LIMIT: Final = 2**15 - 1
"""Features are int16; what is beyond is held at the edge."""


def read_candidates(
    items: Any, boosts: Sequence[Boost] = (), active: Sequence[Boost] = ()
) -> tuple[Candidate, ...]:
    """The first 60 items that carry features. Never raises; a malformed item, feature or group is left out.

    ``boosts`` are the placement's, all of them, in order; ``active`` those in force for this person now. An
    item that does not say which boosts are for it keeps its ``boost`` feature as it came. An id that comes
    twice counts once, at its first place.
    """
    found: dict[str, Candidate] = {}
    for item in items if is_array(items) else ():
        candidate = _candidate(item, boosts, active)
        if candidate is not None and candidate.id not in found:
            found[candidate.id] = candidate
        if len(found) == MAX_CANDIDATES:
            break
    return tuple(found.values())


def _candidate(item: Any, boosts: Sequence[Boost], active: Sequence[Boost]) -> Candidate | None:
    if not isinstance(item, Mapping) or not isinstance(item.get("features"), Mapping):
        return None
    name = item.get("id")
    if not isinstance(name, str) or not name:
        return None
    features = {key: _held(value) for key, value in item["features"].items() if is_whole(value)}
    if is_array(item.get("boosts")):
        features["boost"] = _boost(item["boosts"], boosts, active)
    groups: Any = item.get("groups")
    texts = [each for each in groups if isinstance(each, str)] if is_array(groups) else []
    priority = item.get("priority", 0)
    return Candidate(name, features, tuple(texts[:MAX_GROUPS]), priority if is_whole(priority) else 0)


def _boost(indexes: Sequence[Any], boosts: Sequence[Boost], active: Sequence[Boost]) -> int:
    named = {each for each in indexes if is_whole(each)}
    return _held(sum(boost.value for at, boost in enumerate(boosts) if at in named and boost in active))


def _held(value: int) -> int:
    return max(-FEATURE_LIMIT, min(int(value), FEATURE_LIMIT))
