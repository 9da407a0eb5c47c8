"""The rules that the device may decide by: a manifest it trusts, with all of its parts at hand.

The kill switch counts as soon as a manifest is accepted, its parts once all of them are there (SPEC
chapter 3, 17.2). Without a verifier nothing is trusted and nothing is decided here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.client.settings import Settings
from herenow_sdk.client.store import Store
from herenow_sdk.core.bundle import Bundle, parse_bundle
from herenow_sdk.core.device.activation import HeldRules
from herenow_sdk.core.device.manifest import Manifest, Part
from herenow_sdk.core.device.package import open_package
from herenow_sdk.core.device.parts import missing_parts, needed_parts, refuse_part
from herenow_sdk.core.device.strict_json import is_count
from herenow_sdk.core.device.trust import accept, activated, read_trust, reopen, with_floor
from herenow_sdk.core.reasons import ManifestRefusal, PartRefusal

_TRUST: Final = "trust"
_PART: Final = "part-"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A manifest and the bundle its parts make; ``since`` is when it became the active one."""

    manifest: Manifest
    bundle: Bundle
    since: int = 0

    @property
    def held(self) -> HeldRules:
        """How long it may serve."""
        return HeldRules(self.manifest.issued_at, self.manifest.max_age_s)

    def supersedes(self, made_at: int, serving_set: Any) -> bool:
        """Whether an answer made then, of that serving set, is older news than these rules."""
        return self.since > made_at and serving_set != self.manifest.serving_set


class Rules:
    """What is trusted, what is active, and what came with the app. Its owner locks."""

    active: RuleSet | None = None
    packaged: RuleSet | None = None
    accepted: Manifest | None = None
    etag: str | None = None

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = settings
        self.store = store
        kept = self.store.read_json(_TRUST)
        self._trust = read_trust(kept.get("trust"), settings.app, settings.environment, list(settings.keys))
        if settings.verify is None:
            settings.diagnostics("NO_VERIFIER", {})
            return
        self._open_package()
        self.accepted = reopen(self._trust.accepted, self._trust, settings.verify)
        since = kept.get("since")
        self._open_active(since if is_count(since) else 0)
        if self.accepted is not None and self.active is not None:
            self.etag = kept.get("etag") if isinstance(kept.get("etag"), str) else None

    @property
    def killed(self) -> frozenset[str]:
        """The capabilities that the newest manifest switches off."""
        packaged = self.packaged.manifest.kill if self.packaged else ()
        return frozenset(self.accepted.kill if self.accepted else packaged)

    @property
    def may_fetch(self) -> bool:
        """Whether fetching a manifest is of any use."""
        return self.settings.verify is not None

    def offer(self, text: str, etag: str | None, now: int) -> ManifestRefusal | None:
        """Judge a manifest that came; why it was refused."""
        if self.settings.verify is None:
            return None
        acceptance = accept(text, self._trust, self.settings.verify, now)
        if acceptance.refusal is not None:
            self.settings.diagnostics(acceptance.refusal.value, {})
            return acceptance.refusal
        self._trust, self.accepted, self.etag = acceptance.trust, acceptance.manifest, etag
        self._keep()
        return None

    def missing(self) -> tuple[Part, ...]:
        """The parts of the accepted manifest that are not on disk."""
        if self.accepted is None:
            return ()
        have = {each.removeprefix(_PART) for each in self.store.names(_PART)}
        return missing_parts(self.accepted, self.settings.capabilities, have)

    def put(self, part: Part, content: bytes) -> PartRefusal | None:
        """Keep a part, or say why it is none."""
        refusal = refuse_part(content, part)
        if refusal is None:
            self.store.write(_PART + part.sha256, content)
        else:
            self.settings.diagnostics(refusal.value, {"part": part.name})
        return refusal

    def activate(self, now: int) -> bool:
        """Use the accepted manifest, now that its parts are there; whether that changed anything."""
        accepted = self.accepted
        if accepted is None or (self.active is not None and accepted == self.active.manifest):
            return False
        since = now
        if self.active is not None and accepted.content == self.active.manifest.content:
            since = self.active.since  # only its dates are new
        bundle = self._bundle(accepted)
        if bundle is None:
            return False
        self.active = RuleSet(accepted, bundle, since)
        self._trust = activated(self._trust, accepted)
        self._keep()
        self._tidy(accepted)
        return True

    def _open_active(self, since: int) -> None:
        if self.settings.verify is None:
            return
        manifest = reopen(self._trust.active, self._trust, self.settings.verify)
        bundle = self._bundle(manifest) if manifest else None
        if manifest is not None and bundle is not None:
            self.active = RuleSet(manifest, bundle, since)

    def _open_package(self) -> None:
        settings = self.settings
        if settings.verify is None or settings.package is None:
            return
        package = open_package(
            settings.package, self._trust, settings.verify, settings.capabilities, settings.app_version
        )
        if package is None:
            settings.diagnostics("PACKAGE_UNUSABLE", {})
            return
        self._trust = with_floor(self._trust, package.manifest)
        self.packaged = RuleSet(package.manifest, _compiled(package.parts, settings))

    def _bundle(self, manifest: Manifest) -> Bundle | None:
        """The bundle of a manifest's parts, ``None`` unless all of them are on disk and whole."""
        contents: dict[str, bytes] = {}
        for part in needed_parts(manifest, self.settings.capabilities):
            content = self.store.read(_PART + part.sha256)
            if content is None or refuse_part(content, part) is not None:
                return None
            contents[part.name] = content
        return _compiled(contents, self.settings)

    def _keep(self) -> None:
        since = self.active.since if self.active else 0
        self.store.keep_json(_TRUST, {"trust": self._trust.kept(), "since": since, "etag": self.etag})

    def _tidy(self, manifest: Manifest) -> None:
        named = {_PART + part.sha256 for part in manifest.parts}
        for name in self.store.names(_PART):
            if name not in named:
                self.store.delete(name)


def _compiled(contents: Mapping[str, bytes], settings: Settings) -> Bundle:
    bundle, dropped = parse_bundle({name: json.loads(content) for name, content in contents.items()})
    for each in dropped:
        settings.diagnostics("MALFORMED_RECORD", {"part": each.part})
    return bundle
