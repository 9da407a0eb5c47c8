"""What a person allows when several speak for them: each of their devices, and the app's own backend.

The latest word wins, whoever brought it. A policy's default is nobody's word and overrules none. ``unknown``
takes back one's own word and no other's: where somebody else said yes or no, that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.device.consent import PURPOSES, effective_consent

_DENIED: Final = "denied"
_SAID: Final = frozenset({"granted", _DENIED})


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source holds by purpose, and when it was stated (epoch seconds); no time: by default."""

    consent: Mapping[str, str] = field(default_factory=dict)
    stated_at: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def kept(cls, document: Mapping[str, Any], since: int) -> Statement:
        """As a document holds it that was written at ``since``.

        One from before times were kept does not tell a word from a default: a denial in it counts as said
        then, a grant as older than any word.
        """
        consent = document.get("consent", {})
        older = {each: since if status == _DENIED else 0 for each, status in consent.items()}
        return cls(consent, document.get("stated_at", older))

    def saying(self, change: Mapping[str, str], now: int) -> Statement:
        """The statement once its source has said this.

        Who repeats what they said adds nothing: else a nightly import would overrule what a person said on
        their phone since.
        """
        news = {
            each: status
            for each, status in change.items()
            if each not in self.stated_at or self.consent.get(each) != status
        }
        return Statement({**self.consent, **news}, {**self.stated_at, **dict.fromkeys(news, now)})


def persons_consent(statements: Iterable[Statement], policy: Any) -> dict[str, str]:
    """Every purpose with its status: the latest word of any source, else as the policy says.

    Of a yes and a no at the same second the no counts. Where nobody said either and somebody said
    ``unknown``, it is ``unknown``, whatever the policy's default.
    """
    every = tuple(statements)
    stated = {purpose: status for purpose in PURPOSES if (status := _latest(every, purpose)) is not None}
    return effective_consent(stated, policy=policy)


def _latest(statements: Iterable[Statement], purpose: str) -> str | None:
    words = [
        (each.stated_at[purpose], status)
        for each in statements
        if purpose in each.stated_at and (status := each.consent.get(purpose)) is not None
    ]
    ranked = [(at, status == _DENIED, status) for at, status in words if status in _SAID]
    if ranked:
        return max(ranked)[2]
    return words[0][1] if words else None
