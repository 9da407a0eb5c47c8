"""What a person allows when several speak for them: each of their devices, and the app's own backend.

The latest word wins, whoever brought it. A policy's default is nobody's word and overrules none. ``unknown``
takes back one's own word and no other's: where somebody else said yes or no, that stands.

Of channels a device's first word, said while it was new, is an answer to a prompt that asks everybody: a yes
in it opens what nobody denied, and takes back no denial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow_sdk.core.device.consent import PURPOSES, effective_consent

CHANNELS: Final = frozenset({"in_app", "push", "local_notification", "email", "sms"})
NEW_S: Final = 3600
"""So long a device is new: what is said first of a channel meanwhile answers the first launch's prompt."""
_GRANTED: Final = "granted"
_DENIED: Final = "denied"
_SAID: Final = frozenset({_GRANTED, _DENIED})


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source holds by purpose, and when it was stated (epoch seconds); no time: by default.

    ``since`` is when a device was new, 0 for another source; ``reconsidered`` are the channels of which a
    device had said yes or no before.
    """

    consent: Mapping[str, str] = field(default_factory=dict)
    stated_at: Mapping[str, int] = field(default_factory=dict)
    reconsidered: frozenset[str] = frozenset()
    since: int = 0

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
        said = CHANNELS.intersection(self.stated_at) if self.since else frozenset()
        again = {each for each in said.intersection(news) if self.consent.get(each) in _SAID}
        return replace(
            self,
            consent={**self.consent, **news},
            stated_at={**self.stated_at, **dict.fromkeys(news, now)},
            reconsidered=self.reconsidered | again,
        )

    def weight(self, purpose: str) -> int:
        """When the word was said that it has on a purpose; 0, older than any, for an answer to a prompt."""
        at = self.stated_at[purpose]
        first = purpose in CHANNELS and purpose not in self.reconsidered
        prompted = first and self.since > 0 and at < self.since + NEW_S
        return 0 if prompted and self.consent.get(purpose) == _GRANTED else at


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
        (each.weight(purpose), status)
        for each in statements
        if purpose in each.stated_at and (status := each.consent.get(purpose)) is not None
    ]
    ranked = [(at, status == _DENIED, status) for at, status in words if status in _SAID]
    if ranked:
        return max(ranked)[2]
    return words[0][1] if words else None
