"""A pool of single-use codes: imported once, given to one person at a time.

Each code is two documents of one partition: ``code#<digest>`` while it is known at all, and ``free#<digest>``
while nobody has it. Whoever takes a code deletes its ``free`` document at the version they read, in the same
transaction that keeps the promise: of two who read the same one, one meets a conflict. Where somebody begins
to look is drawn from the message, so that many at once rarely meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from herenow.messaging.offers.counts import Counted, OfferCounts
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Delete, Document, Documents, Key, Put, VersionConflict, Write

MAX_CODE: Final = 40
"""Characters of a code."""
_AT_ONCE: Final = 50
_LOOKED_AT: Final = 20
_ATTEMPTS: Final = 5
_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """How many codes are new, how many were known or came twice, and the lines that hold no code."""

    added: int = 0
    duplicates: int = 0
    wrong_lines: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report."""
        lines = list(self.wrong_lines[:_TOLD])
        return {
            "added": self.added,
            "duplicates": self.duplicates,
            "wrong": len(self.wrong_lines),
            "lines": lines,
        }


@dataclass(frozen=True, slots=True)
class Free:
    """A code that nobody has, and its document."""

    code: str
    document: Document


class Codes:
    """The pools of all offers."""

    def __init__(self, documents: Documents, counts: OfferCounts) -> None:
        self._documents = documents
        self._counts = counts

    def add(self, scope: Scope, offer: str, lines: Iterable[str]) -> Imported:
        """Put codes into a pool, one a line; what is known already stays as it is, whoever has it."""
        added = duplicates = 0
        wrong: list[int] = []
        numbered_lines = enumerate(lines, 1)
        while numbered := list(islice(numbered_lines, _AT_ONCE)):
            read = [(number, line.strip().strip('"').strip()) for number, line in numbered]
            wrong += [number for number, code in read if len(code) > MAX_CODE or not code.isprintable()]
            codes = [code for _, code in read if code and len(code) <= MAX_CODE and code.isprintable()]
            new = self._add(scope, offer, list(dict.fromkeys(codes)))
            added, duplicates = added + new, duplicates + len(codes) - new
            if new:
                self._counts.count(scope, offer, Counted.CODES, new)
        return Imported(added, duplicates, tuple(wrong))

    def _add(self, scope: Scope, offer: str, codes: Sequence[str]) -> int:
        """Add those that are not known, again without what others were faster with; how many they were."""
        for _ in range(_ATTEMPTS):
            keys = {code: code_key(scope, offer, code) for code in codes}
            known = self._documents.batch_get(list(keys.values())) if keys else {}
            new = [code for code, key in keys.items() if key not in known]
            puts = [Put(keys[code], {"code": code}, ABSENT) for code in new]
            puts += [Put(_free_key(scope, offer, code), {"code": code}, ABSENT) for code in new]
            try:
                if puts:
                    self._documents.transact(puts)
            except VersionConflict:
                continue
            return len(new)
        return 0

    def free(self, scope: Scope, offer: str, message: str) -> list[Free]:
        """Some codes that nobody has, best first for this message; none when the pool is empty."""
        start = sha256(message.encode()).hexdigest()[:2]
        for prefix in (f"free#{start}", "free#"):
            found = self._documents.query(_partition(scope, offer), prefix=prefix, limit=_LOOKED_AT).documents
            if found:
                first = int(sha256(message.encode()).hexdigest()[2:10], 16) % len(found)
                return [Free(each.value["code"], each) for each in (*found[first:], *found[:first])]
        return []

    def taking(self, scope: Scope, offer: str, free: Free, message: str) -> Iterator[Write]:
        """The writes by which a message takes a code."""
        yield Delete(free.document.key, free.document.version)
        yield Put(code_key(scope, offer, free.code), {"code": free.code, "message": message})

    def returning(self, scope: Scope, offer: str, code: str) -> Iterator[Write]:
        """The writes by which a code is free again."""
        yield Put(_free_key(scope, offer, code), {"code": code}, ABSENT)
        yield Put(code_key(scope, offer, code), {"code": code})

    def knows(self, scope: Scope, offer: str, code: str) -> bool:
        """Whether the pool has or had this code."""
        return self._documents.get(code_key(scope, offer, code)) is not None


def code_key(scope: Scope, offer: str, code: str) -> Key:
    """Where a code is known."""
    return Key(_partition(scope, offer), f"code#{_digest(code)}")


def _free_key(scope: Scope, offer: str, code: str) -> Key:
    return Key(_partition(scope, offer), f"free#{_digest(code)}")


def _partition(scope: Scope, offer: str) -> str:
    return scope.partition(f"codes#{offer}")


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()[:32]
