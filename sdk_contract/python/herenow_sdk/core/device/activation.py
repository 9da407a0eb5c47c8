"""Which answer an app shows, and from when on.

An SDK may hold several answers at once: the server's last one, the rules it can decide by itself with,
the rules packaged in the app. ``choose`` says which of them stands now. An answer that arrives while a
screen is being looked at must not move things under the finger: ``applies`` says whether it may. The
server asks for an activation with each answer, the app may ask for a calmer one, and the calmer of both
counts.

Instants are epoch seconds by the server's clock (``refresh.server_now``), ages seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from herenow_sdk.core.reasons import AnswerSource

SESSION_GAP_S: Final = 1800
"""Half an hour in the background ends a session (the analytics vendors' common default)."""
MAX_START_MS: Final = 5000
"""No screen waits longer for herenow."""
MAX_ANSWER_AGE_S: Final = 30 * 86_400
"""An answer of the server is shown no longer than this, as long as a manifest by default."""


class Activation(StrEnum):
    """When an answer may replace the one on display, calmest last."""

    NOW = "now"
    NEXT_SESSION = "next_session"
    NEXT_START = "next_start"


class Moment(StrEnum):
    """What the app is doing when an answer is there."""

    STARTING = "starting"
    """Inside the bounded start: nothing is on display yet."""
    NEW_SESSION = "new_session"
    """Back in the foreground after ``SESSION_GAP_S`` or more."""
    RUNNING = "running"
    """In use."""


_CALMNESS: Final = tuple(Activation)
_ALLOWED: Final = {
    Moment.STARTING: frozenset(Activation),
    Moment.NEW_SESSION: frozenset({Activation.NOW, Activation.NEXT_SESSION}),
    Moment.RUNNING: frozenset({Activation.NOW}),
}


def read_activation(told: Any) -> Activation:
    """What an answer asks for. A word of a later version counts as the calmest; no word as ``now``."""
    if told is None:
        return Activation.NOW
    known = isinstance(told, str) and told in _CALMNESS
    return Activation(told) if known else Activation.NEXT_START


def calmer(told: Any, app: Any) -> Activation:
    """The calmer of what the server asks for and what the app does."""
    return max(read_activation(told), read_activation(app), key=_CALMNESS.index)


def applies(activation: Activation, moment: Moment) -> bool:
    """Whether an answer may take effect at this moment; otherwise it is kept for a later one."""
    return activation in _ALLOWED[moment]


def start_wait_ms(standing: AnswerSource, budget_ms: Any = None) -> int:
    """How long a start may wait for the server, milliseconds, before it shows what stands.

    It waits only when nothing was made for this person: never for a source that already was.
    """
    if standing in {AnswerSource.SERVER, AnswerSource.DEVICE}:
        return 0
    told = isinstance(budget_ms, int) and not isinstance(budget_ms, bool)
    return min(max(budget_ms, 0), MAX_START_MS) if told else MAX_START_MS


def is_new_session(background_s: int) -> bool:
    """Whether so long a stay in the background has ended the session."""
    return background_s >= SESSION_GAP_S


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer of the server: made at, valid until, and whether rules accepted later supersede it."""

    made_at: int
    valid_until: int
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class HeldRules:
    """Rules to decide with: when their manifest was issued, how long they may serve after that."""

    issued_at: int
    max_age_s: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The source that stands, the age of what it holds, and whether that has outlived its validity."""

    source: AnswerSource
    age_s: int | None = None
    stale: bool = False


def choose(
    answer: HeldAnswer | None, rules: HeldRules | None, packaged: HeldRules | None, now: int
) -> Choice:
    """What stands now: a valid answer, own rules, an outlived answer, the package, nothing, in this order.

    An outlived answer still was made for this person, so it goes before packaged rules, which know nobody.
    """
    if answer is not None and now < answer.valid_until and not (answer.superseded and _serves(rules, now)):
        return Choice(AnswerSource.SERVER, _age(answer.made_at, now))
    if rules is not None and _serves(rules, now):
        return Choice(AnswerSource.DEVICE, _age(rules.issued_at, now))
    if answer is not None and now < answer.made_at + MAX_ANSWER_AGE_S:
        return Choice(AnswerSource.SERVER, _age(answer.made_at, now), stale=True)
    if packaged is not None:
        return Choice(AnswerSource.PACKAGED, _age(packaged.issued_at, now))
    return Choice(AnswerSource.DEFAULT)


def _serves(rules: HeldRules | None, now: int) -> bool:
    return rules is not None and now < rules.issued_at + rules.max_age_s


def _age(since: int, now: int) -> int:
    return max(now - since, 0)
