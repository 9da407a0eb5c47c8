"""Chapter 3: what a device believes of what it is offered."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.conformance.p256 import verify
from herenow_sdk.core.device.jws import Refused as NoManifest
from herenow_sdk.core.device.jws import object_of, read_jws
from herenow_sdk.core.device.manifest import Manifest, Part, read_manifest
from herenow_sdk.core.device.package import open_package
from herenow_sdk.core.device.parts import missing_parts, needed_parts, refuse_part
from herenow_sdk.core.device.trust import Trust, accept, activated, read_trust, reopen, with_floor


def _manifest(given: Mapping[str, Any]) -> Any:
    """``{"text", "trust", "now"}``: the manifest accepted; ``trust`` is a kept one with ``pinned`` keys."""
    acceptance = accept(given["text"], _trust(given["trust"]), verify, given["now"])
    if acceptance.manifest is None:
        raise Refused(str(acceptance.refusal))
    return _told(acceptance.manifest, given["now"])


def _manifest_steps(given: Mapping[str, Any]) -> Any:
    try:
        jws = read_jws(given["text"])
    except NoManifest as refused:
        return {"form": refused.code.value}
    key = _trust(given["trust"]).key(jws.kid)
    verified = key is not None and verify(key, jws.signed, jws.signature)
    told: dict[str, Any] = {"kid": jws.kid, "trusted": key is not None, "verified": verified}
    try:
        return {**told, "payload": object_of(jws.payload)}
    except NoManifest as refused:
        return {**told, "payload": refused.code.value}


def _told(manifest: Manifest, now: int) -> dict[str, Any]:
    return {
        "kid": manifest.kid,
        "spec": manifest.spec,
        "sequence": manifest.sequence,
        "issued_at": manifest.issued_at,
        "expires_at": manifest.expires_at,
        "max_age_s": manifest.max_age_s,
        "parts": [part.name for part in manifest.parts],
        "keys": list(manifest.keys),
        "revoked": list(manifest.revoked),
        "kill": list(manifest.kill),
        "dropped": list(manifest.dropped),
        "standing": manifest.standing(now).value,
    }


def _rotate(given: Mapping[str, Any]) -> Any:
    """``{"trust", "offers": [{"text", "now", "activate"?}]}``: after each offer, what is believed."""
    trust = _trust(given["trust"])
    if "package" in given:
        packaged = reopen(given["package"], trust, verify)
        trust = trust if packaged is None else with_floor(trust, packaged)
    told = []
    for offer in given["offers"]:
        acceptance = accept(offer["text"], trust, verify, offer["now"])
        trust = acceptance.trust
        if acceptance.manifest is not None and offer.get("activate", True):
            trust = activated(trust, acceptance.manifest)
        told.append({"refusal": acceptance.refusal, **_believed(trust)})
    return told


def _believed(trust: Trust) -> dict[str, Any]:
    active = reopen(trust.active, trust, verify)
    accepted = reopen(trust.accepted, trust, verify)
    named = {*trust.pinned, *trust.announced}
    return {
        "sequence": trust.sequence,
        "trusted": sorted(kid for kid in named if trust.key(kid)),
        "accepted": accepted.sequence if accepted else None,
        "active": active.sequence if active else None,
    }


def _part(given: Mapping[str, Any]) -> Any:
    """``{"part", "content" | "content_base64"}``: refused, or the digest that held."""
    content = b64decode(given["content_base64"]) if "content_base64" in given else given["content"].encode()
    refusal = refuse_part(content, Part(**given["part"]))
    if refusal is not None:
        raise Refused(refusal.value)
    return {"sha256": given["part"]["sha256"]}


def _part_set(given: Mapping[str, Any]) -> Any:
    """``{"payload", "capabilities", "have"}``: the parts needed, those missing, whether the set is whole."""
    text = given["payload"].encode()
    manifest = read_manifest("k", text)
    needed = needed_parts(manifest, given["capabilities"])
    missing = missing_parts(manifest, given["capabilities"], given["have"])
    return {
        "needed": [part.name for part in needed],
        "missing": [part.name for part in missing],
        "activates": not missing,
    }


def _package(given: Mapping[str, Any]) -> Any:
    """``{"package", "trust", "capabilities", "app_version"}``: the parts that serve, or ``null``."""
    opened = open_package(
        given["package"], _trust(given["trust"]), verify, given["capabilities"], given["app_version"]
    )
    return None if opened is None else {"sequence": opened.manifest.sequence, "parts": sorted(opened.parts)}


def _trust(given: Mapping[str, Any]) -> Trust:
    return read_trust(given.get("kept"), given["app"], given["environment"], given["pinned"])


OPERATIONS: Final[Mapping[str, Operation]] = {
    "manifest": _manifest,
    "trust": _rotate,
    "part": _part,
    "part-set": _part_set,
    "package": _package,
}
STEPS: Final[Mapping[str, Operation]] = {"manifest": _manifest_steps}
