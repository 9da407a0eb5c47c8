"""What an app is built with: the manifest in force, its parts, and the keys to pin (contract, 3.7).

A first start without a network then decides by real rules, and a device knows from its build whose
signature counts.
"""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.publishing import Publishing
from herenow.errors import NotFound
from herenow.scope import Scope
from herenow.storage.ports import Blobs
from herenow_sdk.core.device.package import pack

MIN_APP_VERSION: Final = r"v?[0-9]{1,9}(\.[0-9]{1,9}){0,3}([-+][0-9A-Za-z.+-]{1,40})?"
"""The app versions that a package can be bound to: ``3``, ``3.2.0``, ``3.2.0-rc.1``."""


def package_of(
    publishing: Publishing, blobs: Blobs, scope: Scope, min_app_version: str | None = None
) -> dict[str, Any]:
    """The package of what ``scope`` serves now, for apps from ``min_app_version`` on.

    Raises ``NotFound`` (NOTHING_PUBLISHED).
    """
    if publishing.pointer(scope) is None:
        raise NotFound(
            f"nothing is published in {scope} yet",
            code="NOTHING_PUBLISHED",
            detail="Publish a release first.",
        )
    manifest = publishing.manifest(scope)
    parts = {part["sha256"]: blobs.get(part["sha256"]) for part in manifest.payload["parts"]}
    return pack(manifest.jws, parts, manifest.payload["keys"], min_app_version)
