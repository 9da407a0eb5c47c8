"""What a marketer is told of a set of documents: whether it could be released, and what to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from herenow.authoring.local_features import RemoteFeature, local_features
from herenow.authoring.parts import compile_parts, decoded, without_schema
from herenow.authoring.validation import Finding


class Judged(Protocol):
    """A set of documents that was validated."""

    @property
    def documents(self) -> Mapping[str, Any]:
        """The documents by file name, as far as they could be read."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors and warnings in order."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors alone."""


def verdict(judged: Judged) -> dict[str, Any]:
    """``{"valid", "findings", "remote_features"}``; the last only of a set without errors."""
    findings = [{"severity": each.severity.value, **each.as_json()} for each in judged.findings]
    remote = () if judged.errors else remote_features(judged.documents)
    return {
        "valid": not judged.errors,
        "findings": findings,
        "remote_features": [each.as_json() for each in remote],
    }


def remote_features(documents: Mapping[str, Any]) -> tuple[RemoteFeature, ...]:
    """The features of a valid set that stock GrowthBook SDKs cannot decide without the server."""
    named = {name: without_schema(document) for name, document in documents.items()}
    return local_features(decoded(compile_parts(named))["features"]).remote
