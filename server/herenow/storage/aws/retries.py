"""Patience with DynamoDB: which answers are worth asking again, how often, how long between.

Only answers that say "nothing was done" are asked again here: throttling, a transaction that met
another one. botocore's own retries (time-outs, status 500) come before and are set where the client
is made; after a time-out a write may have been carried out, so its repetition can meet its own
effect: a conditional write then reports a conflict, which its caller resolves by reading.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from herenow.errors import Unavailable

CONDITION_FAILED: Final = "ConditionalCheckFailedException"
TRANSACTION_CANCELED: Final = "TransactionCanceledException"

_NOTHING_DONE: Final = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_CANCELED_BY_LOAD: Final = frozenset(
    {"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"}
)


@dataclass(frozen=True, slots=True)
class Retries:
    """At most ``attempts`` attempts, ``first_pause_s`` apart at first, then doubling.

    ``spread`` gives a factor for each pause, so that clients which failed together do not come back
    together; a composition root hands in ``random.random``.
    """

    attempts: int = 6
    first_pause_s: float = 0.05
    spread: Callable[[], float] = lambda: 1.0
    sleep: Callable[[float], None] = time.sleep

    def rounds(self) -> Iterator[int]:
        """Yield the number of each attempt, pausing before all but the first; then ``Unavailable``."""
        for attempt in range(self.attempts):
            if attempt:
                self.sleep(self.first_pause_s * 2 ** (attempt - 1) * self.spread())
            yield attempt
        raise Unavailable("The document store is overloaded")

    def call(self, operation: Callable[..., Any], **parameters: Any) -> Any:
        """The operation's answer. Raises ``ClientError`` for what asking again cannot change."""
        for _ in self.rounds():
            try:
                with reachable():
                    return operation(**parameters)
            except ClientError as error:
                if not _is_transient(error):
                    raise
        raise AssertionError("rounds() raises when it ends")


@contextmanager
def reachable() -> Iterator[None]:
    """Raise ``Unavailable`` when no answer comes at all."""
    try:
        yield
    except BotoCoreError as error:
        raise Unavailable("The document store does not answer") from error


def error_code(error: ClientError) -> str:
    """The stable code of an error answer."""
    return error.response.get("Error", {}).get("Code", "")


def cancellation_codes(error: ClientError) -> list[str]:
    """Why each write of a cancelled transaction failed, in order; ``None`` as text for the innocent."""
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return [reason.get("Code", "None") for reason in reasons]


def _is_transient(error: ClientError) -> bool:
    if error_code(error) in _NOTHING_DONE:
        return True
    codes = set(cancellation_codes(error)) - {"None"}
    return bool(codes) and codes <= _CANCELED_BY_LOAD
