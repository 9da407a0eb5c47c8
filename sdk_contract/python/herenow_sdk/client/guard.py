"""The one place where every failure ends: nothing of herenow's is ever raised into the host app.

A full disk, a bug of ours, a broken callback of the app's: the app gets its default, diagnostics the kind.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from herenow_sdk.client.settings import Diagnostics

Result = TypeVar("Result")


class Guard:
    """Runs what may fail, and answers a default in its place."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self._diagnostics = diagnostics

    def run(self, action: Callable[[], Result], default: Result) -> Result:
        """What ``action`` answers, or ``default`` whatever it raises."""
        try:
            return action()
        except Exception as error:  # noqa: BLE001 - the host app must live, whatever is wrong here
            self.tell("INTERNAL_ERROR", type(error).__name__)
            return default

    def tell(self, code: str, kind: str) -> None:
        """Diagnostics that cannot fail either: the name of the error alone, its text may hold anything."""
        with suppress(Exception):
            self._diagnostics(code, {"kind": kind})
