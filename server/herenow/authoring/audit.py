"""The audit log: who did what to which thing, when, and whether it was let happen.

Append-only. A record of a change is a write of the same transaction as the change, so neither exists
without the other; a refused attempt is recorded by itself. Records name things (a release number, a
file, a capability); they never hold document text, keys or tokens.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from herenow.clock import Clock
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Document, Documents, Key, Put

Outcome = Literal["done", "refused"]
Detail = str | int | None

MAX_TEXT: Final = 200
"""Characters kept of any text in a record."""
_SUFFIX_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """``who`` is an admin id; ``what`` a dotted verb such as ``release.approved``; ``at`` epoch seconds."""

    at: int
    who: str
    what: str
    target: str
    outcome: Outcome
    detail: Mapping[str, Detail] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What an admin sees."""
        return {
            "at": self.at,
            "who": self.who,
            "what": self.what,
            "target": self.target,
            "outcome": self.outcome,
            "detail": dict(self.detail),
        }


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Records newest first; ``cursor`` continues, ``None`` at the end."""

    records: tuple[AuditRecord, ...]
    cursor: str | None


class Audit:
    """Writes and reads the log of each app and environment."""

    def __init__(
        self,
        documents: Documents,
        *,
        clock: Clock,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._documents = documents
        self._clock = clock
        self._random_bytes = random_bytes

    def entry(
        self,
        scope: Scope,
        who: str,
        what: str,
        target: str,
        detail: Mapping[str, Detail] | None = None,
        *,
        outcome: Outcome = "done",
    ) -> Put:
        """The write that records a change; put it into the transaction that makes the change."""
        now = self._clock()
        kept = {name: _bounded(value) for name, value in (detail or {}).items()}
        record = AuditRecord(int(now), who[:MAX_TEXT], what, target[:MAX_TEXT], outcome, kept)
        sort = f"{int(now * 1_000_000):018d}-{self._random_bytes(_SUFFIX_BYTES).hex()}"
        return Put(Key(_partition(scope), sort), record.as_json(), version=ABSENT)

    def done(
        self, scope: Scope, who: str, what: str, target: str, detail: Mapping[str, Detail] | None = None
    ) -> None:
        """Record a change that was just made in a room which knows nothing of this log.

        Not one transaction with the change: a crash between the two leaves a change without a record.
        """
        self._documents.transact([self.entry(scope, who, what, target, detail)])

    def refused(self, scope: Scope, who: str, what: str, target: str, *, reason: str) -> None:
        """Record an attempt that was not let happen; ``reason`` is the code of the error."""
        self._documents.transact(
            [self.entry(scope, who, what, target, {"reason": reason}, outcome="refused")]
        )

    def list(self, scope: Scope, *, limit: int = 50, cursor: str | None = None) -> AuditPage:
        """Newest first, at most ``limit`` (1 to 1,000). Raises ``ValueError`` for a foreign cursor."""
        page = self._documents.query(_partition(scope), limit=limit, cursor=cursor, reverse=True)
        return AuditPage(tuple(_record(each) for each in page.documents), page.cursor)


def _partition(scope: Scope) -> str:
    return scope.partition("audit")


def _bounded(value: Detail) -> Detail:
    return value[:MAX_TEXT] if isinstance(value, str) else value


def _record(document: Document) -> AuditRecord:
    return AuditRecord(**document.value)
