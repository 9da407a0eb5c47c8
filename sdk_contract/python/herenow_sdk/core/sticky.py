"""Sticky buckets: who was once assigned stays, whatever happens to the weights.

A document belongs to one attribute and value of a person (``id||123``) and lists assignments, from
``experiment__version`` to the key of a variation. Raising an experiment's ``bucketVersion`` assigns anew;
raising ``minBucketVersion`` puts out whoever was assigned under an older version. Source: GrowthBook SDK
specification 0.8.0.

The documents are handed in and never changed; what an evaluation adds stands in ``changes``, for the host to
keep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.values import json_text

_VERSION: Final = re.compile(r"0|[1-9][0-9]{0,15}")

Document = Mapping[str, Any]
"""``{"attributeName", "attributeValue", "assignments": {"experiment__version": variation key}}``"""


def document_key(attribute: str, value: Any) -> str:
    """The name under which a document is kept: ``attribute||value``, the value as ``value_text`` has it."""
    return f"{attribute}||{value_text(value)}"


def value_text(value: Any) -> str:
    """The text of a hashed value in a document: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json_text(value)


class StickyBuckets:
    """The sticky documents of one person, by key, and what one evaluation has added to them."""

    def __init__(self, documents: Any) -> None:
        self._documents: Mapping[str, Any] = documents if isinstance(documents, Mapping) else {}
        self.changes: dict[str, Document] = {}
        """The documents that are new or changed, whole, by key."""

    def assignments(self, key: str) -> Mapping[str, Any]:
        """The assignments of one document; none for one that is missing or malformed."""
        document = self.changes.get(key) or self._documents.get(key)
        found = document.get("assignments") if isinstance(document, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    def keep(self, attribute: str, value: Any, experiment: str, version: int, variation: str) -> None:
        """Note an assignment; nothing changes when it stands already."""
        key = document_key(attribute, value)
        held = self.assignments(key)
        name = f"{experiment}__{version}"
        if held.get(name) != variation:
            self.changes[key] = {
                "attributeName": attribute,
                "attributeValue": value_text(value),
                "assignments": {**held, name: variation},
            }


def is_blocked(assignments: Mapping[str, Any], experiment: str, least_version: int) -> bool:
    """Whether the person was ever assigned under a version below the least that still counts."""
    prefix = f"{experiment}__"
    return least_version > 0 and any(
        name.startswith(prefix)
        and _VERSION.fullmatch(name[len(prefix) :]) is not None
        and int(name[len(prefix) :]) < least_version
        for name in assignments
    )
