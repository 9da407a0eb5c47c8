"""The pair that everything belongs to: an app and one of its environments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from herenow.errors import Invalid

NAME_PATTERN: Final = r"[a-z][a-z0-9-]{0,39}"
_NAME = re.compile(NAME_PATTERN)


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """``app`` and ``environment``; both lower-case names, so that a key can carry them unescaped.

    Raises ``Invalid`` when a name does not match ``NAME_PATTERN``.
    """

    app: str
    environment: str

    def __post_init__(self) -> None:
        for what, name in (("app", self.app), ("environment", self.environment)):
            if not _NAME.fullmatch(name):
                raise Invalid(
                    f"'{name[:60]}' is not a name for an {what}",
                    code="INVALID_SCOPE",
                    detail="Use 1 to 40 of a-z, 0-9 and '-', beginning with a letter.",
                )

    def partition(self, room: str) -> str:
        """The storage partition ``app#environment#room``: no key of one pair begins like another's."""
        return f"{self.app}#{self.environment}#{room}"

    def __str__(self) -> str:
        return f"{self.app}/{self.environment}"
