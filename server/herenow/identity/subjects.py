"""Pseudonyms: under which name a person is kept who is not an installation.

The customer's own backend proves who somebody is by its secret key; a publishable key proves nobody. So what
a client merely claims is kept under another pseudonym, and can neither read nor spoil what is kept of the
person it names (DESIGN D14). A pseudonym is a keyed hash: the id itself is never stored.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

from herenow.scope import Scope
from herenow.storage.ports import Key

Standing = Literal["proven", "claimed"]


class Subjects:
    """Makes the pseudonyms of one store."""

    def __init__(self, *, pepper: bytes) -> None:
        self._pepper = pepper

    def of(self, scope: Scope, standing: Standing, user_id: str) -> str:
        """32 hex digits, always the same for one person of an app and environment."""
        told = f"{standing}:{scope}:{user_id}".encode()
        return hmac.new(self._pepper, told, hashlib.sha256).hexdigest()[:32]

    def claims(self, scope: Scope, user_id: str) -> tuple[str, str]:
        """The names under which clients that prove nobody speak of this id: of a user, of a stranger."""
        return self.claim(scope, user=user_id), self.claim(scope, stranger=user_id)

    def claim(self, scope: Scope, *, user: str = "", stranger: str = "") -> str:
        """The pseudonym of whom a client claims to speak of."""
        return self.of(scope, "claimed", f"user:{user}" if user else f"anonymous:{stranger}")


def subject_partition(scope: Scope, subject: str) -> str:
    """Where everything of a person lies, but for what their installations hold."""
    return scope.partition(f"subject#{subject}")


def subject_mark(scope: Scope, subject: str) -> Key:
    """What stands outside it and blocks what comes later: that the person was erased or is suppressed."""
    return Key(scope.partition(f"erased#{subject}"), "receipt")
