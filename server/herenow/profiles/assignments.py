"""Which arms of experiments a person was given: kept, so that a change of weights moves nobody.

Sticky documents in the contract's form (SPEC 7.7), by key: of one attribute and value, the variation's key by
``experiment__version``. They are part of how the app works, like the language it was set to: they say nothing
of what the person did, and go with the installation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

MAX_ASSIGNMENTS: Final = 64
"""Assignments kept of one installation."""
MAX_KEY: Final = 256
"""Characters of an attribute and value by which assignments are kept."""

Documents = Mapping[str, Mapping[str, Any]]


def with_assignments(held: Documents, changes: Documents, experiments: Collection[str]) -> Documents:
    """What is held, with what a decision assigned; ``experiments`` are the keys of those that still run.

    Assignments of others are not added (the decision was made just before a publication).
    Past ``MAX_ASSIGNMENTS`` those of other experiments go; when that is not enough, what is held stays and
    nothing is added: who came first is kept, and the same decision again changes nothing.
    """
    grown = _merged(held, _running(changes, experiments))
    if _count(grown) <= MAX_ASSIGNMENTS:
        return grown
    running = _running(grown, experiments)
    return running if _count(running) <= MAX_ASSIGNMENTS else _running(held, experiments)


def _merged(held: Documents, changes: Documents) -> Documents:
    merged = dict(held)
    for key, document in changes.items():
        if len(key) <= MAX_KEY:
            before = held.get(key, {}).get("assignments", {})
            merged[key] = {**document, "assignments": {**before, **document["assignments"]}}
    return merged


def _running(documents: Documents, experiments: Collection[str]) -> Documents:
    """The documents without assignments of experiments that are no more."""
    kept = {
        key: {**document, "assignments": _of(document["assignments"], experiments)}
        for key, document in documents.items()
    }
    return {key: document for key, document in kept.items() if document["assignments"]}


def _of(assignments: Mapping[str, str], experiments: Collection[str]) -> dict[str, str]:
    return {name: arm for name, arm in assignments.items() if name.rpartition("__")[0] in experiments}


def _count(documents: Documents) -> int:
    return sum(len(document["assignments"]) for document in documents.values())
