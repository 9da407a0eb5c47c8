"""Which apps and environments ever had something published here: there is no scan in the stores.

The first publication of each leaves a mark. Apps from before there were marks are known by their next one.
"""

from __future__ import annotations

from typing import Final

from herenow.scope import Scope
from herenow.storage.ports import Documents, Key, Put, walk

PARTITION: Final = "herenow#system#apps"


def mark_of(scope: Scope) -> Put:
    """The write that says so."""
    return Put(Key(PARTITION, str(scope)), {})


def published_apps(documents: Documents) -> tuple[Scope, ...]:
    """Every scope that is marked, by app and environment."""
    return tuple(Scope(*each.key.sort.split("/", 1)) for each in walk(documents, PARTITION))
