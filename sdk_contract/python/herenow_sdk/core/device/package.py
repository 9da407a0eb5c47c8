"""What an app is built with, so that its first start without a network decides by real rules.

An export of the build: ``{"manifest", "parts", "keys", "min_app_version"}``, where ``manifest`` is the
compact JWS as served, ``parts`` the text of each part by its sha256, ``keys`` the JWKs to pin. It is judged
like anything else, but for its age: a package gets old with the app that carries it, and it is the last
thing before nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from herenow_sdk.core.device.jws import Jwk, Verifier
from herenow_sdk.core.device.manifest import Manifest
from herenow_sdk.core.device.parts import needed_parts, refuse_part
from herenow_sdk.core.device.trust import Trust, reopen
from herenow_sdk.core.versions import version_key


@dataclass(frozen=True, slots=True)
class Package:
    """A package that may serve: its manifest, and the bytes of the parts in use by name."""

    manifest: Manifest
    parts: Mapping[str, bytes]


def open_package(
    told: Any, trust: Trust, verify: Verifier, capabilities: Collection[str], app_version: str
) -> Package | None:
    """The package of this app, ``None`` when it may not serve: then the app's own defaults do.

    It serves when its manifest verifies, every part of the SDK's capabilities is in it and is what the
    manifest names, and the app is not older than ``min_app_version``. Never raises.
    """
    if not isinstance(told, Mapping) or _is_too_new(told.get("min_app_version"), app_version):
        return None
    text = told.get("manifest")
    manifest = reopen(text, trust, verify) if isinstance(text, str) else None
    contents = told.get("parts")
    if manifest is None or not isinstance(contents, Mapping):
        return None
    parts = {}
    for part in needed_parts(manifest, capabilities):
        content = _bytes(contents.get(part.sha256))
        if content is None or refuse_part(content, part) is not None:
            return None
        parts[part.name] = content
    return Package(manifest, parts)


def pack(
    text: str, parts: Mapping[str, bytes], keys: Iterable[Jwk], min_app_version: str | None = None
) -> dict[str, Any]:
    """The package to build an app with: a manifest, the contents of its parts by sha256, the keys to pin.

    Raises ``UnicodeDecodeError`` for a part that is not UTF-8, so not a part.
    """
    contents = {sha256: content.decode("utf-8") for sha256, content in sorted(parts.items())}
    packed: dict[str, Any] = {"manifest": text, "parts": contents, "keys": list(keys)}
    return packed if min_app_version is None else {**packed, "min_app_version": min_app_version}


def _is_too_new(minimum: Any, app_version: str) -> bool:
    return minimum is not None and version_key(app_version) < version_key(minimum)


def _bytes(text: Any) -> bytes | None:
    try:
        return text.encode("utf-8") if isinstance(text, str) else None
    except UnicodeEncodeError:
        return None
