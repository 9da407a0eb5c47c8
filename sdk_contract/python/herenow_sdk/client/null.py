"""A client that does nothing, for an app that could not be configured: every default stands."""

# ruff: noqa: ARG002 - the arguments are those of the client it stands in for

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from herenow_sdk.client.messages import Messages
from herenow_sdk.client.proximity import Proximity
from herenow_sdk.client.view import Explanation, Placement
from herenow_sdk.core.reasons import AnswerSource, FeatureReason

Value = TypeVar("Value")


class NullHerenow:
    """The methods of ``Herenow``, without a folder, a server or a thread."""

    config: Mapping[str, Any] = {}
    proximity = Proximity(
        lambda _action, default: default, lambda _device, _kind, _name, _properties: None, lambda: None
    )
    messages = Messages(lambda _action, default: default, lambda _device, _kind, _name, _properties: None)

    def start(
        self,
        context: Mapping[str, Any],
        acquisition: Mapping[str, Any] | None = None,
        consent: Mapping[str, str] | None = None,
    ) -> AnswerSource:
        """The app's own defaults stand."""
        return AnswerSource.DEFAULT

    def feature(self, name: str, default: Value) -> Value:
        """The default."""
        return default

    def placement(self, name: str) -> Placement:
        """Nothing: the app's own order stands."""
        return Placement()

    def explain(self, name: str) -> Explanation:
        """That nothing is known."""
        return Explanation(AnswerSource.DEFAULT, FeatureReason.UNKNOWN_FEATURE.value)

    def track(self, name: str, properties: Mapping[str, Any] | None = None, kind: str = "behavior") -> None:
        """Nothing."""

    def exposure(self, name: str) -> None:
        """Nothing."""

    def set_consent(self, change: Mapping[str, str]) -> None:
        """Nothing."""

    def identify(self, user: str, token: str) -> None:
        """Nothing."""

    def logout(self) -> None:
        """Nothing."""

    def erased(self) -> None:
        """Nothing."""

    def background(self) -> None:
        """Nothing."""

    def foreground(self) -> None:
        """Nothing."""

    def refresh(self, within_s: float = 0.0) -> bool:
        """Nothing came."""
        return False

    def flush(self, within_s: float = 0.0) -> bool:
        """Nothing was sent."""
        return False

    def close(self, within_s: float = 0.0) -> None:
        """Nothing."""
