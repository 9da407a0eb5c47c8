"""The parts of a manifest: which are needed, whether bytes are the part, and when all is there.

A set of parts is used whole or not at all: features of one release beside placements of another would be a
state that nobody ever published. So the last set that was complete stays until the next one is.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Final

from herenow_sdk.core.device.manifest import Manifest, Part
from herenow_sdk.core.device.strict_json import NotStrict, read_object
from herenow_sdk.core.reasons import PartRefusal

MAX_PART_BYTES: Final = 8 * 1024 * 1024
"""Decompressed. A part that says it is larger is not fetched."""


def needed_parts(manifest: Manifest, capabilities: Collection[str]) -> tuple[Part, ...]:
    """The parts that an SDK with these capabilities uses, in the order of the manifest.

    A part of another capability is of no use to it, and neither is one of a capability switched off.
    """
    return tuple(
        part
        for part in manifest.parts
        if part.capability in capabilities and part.capability not in manifest.kill
    )


def missing_parts(
    manifest: Manifest, capabilities: Collection[str], have: Collection[str]
) -> tuple[Part, ...]:
    """The needed parts whose digest is not among those at hand, each digest once.

    Nothing is missing: the manifest may become the active one (``trust.activated``).
    """
    missing: dict[str, Part] = {}
    for part in needed_parts(manifest, capabilities):
        if part.sha256 not in have:
            missing.setdefault(part.sha256, part)
    return tuple(missing.values())


def refuse_part(content: bytes, part: Part) -> PartRefusal | None:
    """Why these decompressed bytes are not the part, ``None`` when they are."""
    if part.size > MAX_PART_BYTES:
        return PartRefusal.PART_TOO_LARGE
    if len(content) != part.size:
        return PartRefusal.WRONG_SIZE
    if sha256(content).hexdigest() != part.sha256:
        return PartRefusal.WRONG_DIGEST
    try:
        read_object(content)
    except NotStrict:
        return PartRefusal.MALFORMED_PART
    return None
