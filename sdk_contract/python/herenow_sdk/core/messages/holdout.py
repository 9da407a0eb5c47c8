"""Who gets no message, so that what messages do can be measured: by hash, the same on every host.

Specification: 11.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.hashing import fnv1a32

BUCKETS: Final = 10_000


def group_bucket(seed: str, person: str) -> int:
    """0..9999: version 2 of the contract's buckets, before it is divided.

    >>> group_bucket("holdout:2026-q4", "u1") == fnv1a32(str(fnv1a32("holdout:2026-q4u1"))) % 10_000
    True
    """
    return fnv1a32(str(fnv1a32(seed + person))) % BUCKETS


def holdout_bucket(salt: str, person: str) -> int:
    """The bucket that decides about every campaign; another salt draws other people."""
    return group_bucket(f"holdout:{salt}", person)


def control_bucket(campaign: str, person: str) -> int:
    """The bucket that decides about one campaign."""
    return group_bucket(f"control:{campaign}", person)


def counted_as(attributes: Mapping[str, Any]) -> str | None:
    """Whom somebody is counted as: ``user_id``, the same on each of their devices, else this one's ``id``."""
    known = (attributes.get(name) for name in ("user_id", "id"))
    return next((each for each in known if isinstance(each, str) and each), None)
