"""What every adapter checks and computes alike, so that they cannot differ.

Pure functions over the port's types: bounds of keys and values, the version arithmetic of a
conditional write, prefix ranges, and cursors. A cursor is the sort key of the last document handed
out, bound by a checksum to the query that issued it: no store keeps state for it, and one that was
issued for another partition, prefix or direction is refused instead of quietly skipping documents.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from herenow.storage.ports import (
    ABSENT,
    MAX_BATCH_GET,
    MAX_DOCUMENT_BYTES,
    MAX_PAGE_BYTES,
    MAX_PARTITION_BYTES,
    MAX_SORT_BYTES,
    MAX_TRANSACTION,
    MAX_TRANSACTION_BYTES,
    Document,
    DocumentTooLarge,
    Key,
    LogRecord,
    Page,
    Put,
    VersionConflict,
    Write,
)

MAX_QUERY_LIMIT: Final = 1000
MAX_COUNTER: Final = 2**63 - 1
_LATEST_EXPIRY: Final = 2**53
DAY_MS: Final = 86_400_000
_MARK_DIGITS: Final = 32
_CHECKSUM_BYTES: Final = 9
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FIRST_SURROGATE, _AFTER_SURROGATES, _LAST_CODE_POINT = 0xD800, 0xE000, 0x10FFFF


class Stored(NamedTuple):
    """One stored row: the sort key, the value as JSON bytes, the version, the expiry."""

    sort: str
    body: bytes
    version: int
    expires_at: int | None

    def document(self, partition: str) -> Document:
        """The row as the port hands it out."""
        return Document(Key(partition, self.sort), json.loads(self.body), self.version, self.expires_at)


def check_partition(partition: str) -> None:
    """Raise ``ValueError`` for a partition that is empty, too long or not Unicode."""
    if not 0 < len(partition.encode()) <= MAX_PARTITION_BYTES:
        raise ValueError(f"a partition key holds 1 to {MAX_PARTITION_BYTES} bytes")


def check_key(key: Key) -> None:
    """Raise ``ValueError`` for an empty half, one that is too long, or one that is not Unicode."""
    check_partition(key.partition)
    if not 0 < len(key.sort.encode()) <= MAX_SORT_BYTES:
        raise ValueError(f"a sort key holds 1 to {MAX_SORT_BYTES} bytes")


def check_digest(digest: str) -> None:
    """Raise ``ValueError`` unless ``digest`` is 64 lower-case hex digits."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("a blob is named by 64 lower-case hex digits")


def check_consume(partition: str, checkpoint: int, limit: int) -> None:
    """Raise ``ValueError`` for a bad partition, a negative checkpoint or a limit below 1."""
    check_partition(partition)
    if checkpoint < 0 or limit < 1:
        raise ValueError("a checkpoint is 0 or more and a limit 1 or more")


def check_last(partition: str, last: int, wanted: int | None) -> None:
    """Raise ``VersionConflict`` unless ``last`` is the position that the appender has read up to."""
    if wanted is not None and wanted != last:
        raise VersionConflict(f"{partition} ends at {last}, not at {wanted}")


def record(position: int, body: bytes) -> LogRecord:
    """The log record that was stored as ``body``."""
    return LogRecord(position, json.loads(body))


def received_day(record: Mapping[str, Any]) -> int | None:
    """The UTC day (since 1970-01-01) of a record's ``received_ms``; ``None`` when it has none."""
    received_ms = record.get("received_ms")
    if not isinstance(received_ms, int) or not 0 <= received_ms <= MAX_COUNTER:
        return None
    return received_ms // DAY_MS


def scope_of(partition: str) -> str | None:
    """``app#environment#``, with which a partition begins; ``None`` for one that belongs to no scope."""
    parts = partition.split("#", 2)
    return f"{parts[0]}#{parts[1]}#" if len(parts) > 2 and parts[0] else None


def day_mark(spans: Iterable[tuple[str, int, int]]) -> str:
    """What tells one state of a day from another: a digest of where its records lie."""
    state = hashlib.sha256()
    for partition, first, last in spans:
        state.update(f"{len(partition)}:{partition}{first}-{last};".encode())
    return state.hexdigest()[:_MARK_DIGITS]


def check_batch(keys: Sequence[Key]) -> dict[Key, None]:
    """The distinct keys of a ``batch_get`` in order. Raises ``ValueError`` for too many."""
    if len(keys) > MAX_BATCH_GET:
        raise ValueError(f"at most {MAX_BATCH_GET} keys in one batch_get, got {len(keys)}")
    for key in keys:
        check_key(key)
    return dict.fromkeys(keys)


def check_expiry(expires_at: int | None) -> None:
    """Raise ``ValueError`` unless ``expires_at`` is ``None`` or whole epoch seconds."""
    if expires_at is None:
        return
    if not is_counter(expires_at) or not 0 <= expires_at < _LATEST_EXPIRY:
        raise ValueError("expires_at is whole epoch seconds")


def check_limit(limit: int, most: int = MAX_QUERY_LIMIT) -> None:
    """Raise ``ValueError`` unless ``limit`` is between 1 and ``most``."""
    if not 1 <= limit <= most:
        raise ValueError(f"a limit is between 1 and {most}")


def check_increment(key: Key, field: str, amount: int, expires_at: int | None) -> None:
    """Raise ``ValueError`` for a bad key, field name, amount or expiry."""
    check_key(key)
    check_expiry(expires_at)
    if not field:
        raise ValueError("a counter has a name")
    field.encode()
    if not is_counter(amount):
        raise ValueError("an amount is an integer of 64 bits")


def encode(value: Mapping[str, Any]) -> bytes:
    """The value as compact JSON in UTF-8.

    Raises ``DocumentTooLarge``; ``ValueError`` for NaN, infinities and lone surrogates;
    ``TypeError`` for anything that is not JSON.
    """
    if not isinstance(value, Mapping):
        raise TypeError("a document is a JSON object")
    text = json.dumps(dict(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    body = text.encode()
    if len(body) > MAX_DOCUMENT_BYTES:
        raise DocumentTooLarge(f"{len(body)} bytes of at most {MAX_DOCUMENT_BYTES}")
    return body


def is_counter(value: object) -> bool:
    """Whether ``value`` can be counted up: an integer within 64 bits, and no boolean."""
    return isinstance(value, int) and not isinstance(value, bool) and -MAX_COUNTER <= value <= MAX_COUNTER


def add(value: dict[str, Any], field: str, amount: int) -> int:
    """Count ``field`` of ``value`` up in place and return the sum. Raises ``ValueError``."""
    current = value.get(field, 0)
    if not is_counter(current) or not is_counter(current + amount):
        raise ValueError(f"'{field}' holds no integer that {amount} can be added to")
    value[field] = current + amount
    return int(value[field])


def check_version(key: Key, current: int, wanted: int | None) -> None:
    """Raise ``VersionConflict`` unless ``current`` (``ABSENT``: none) is what the writer wants."""
    if wanted is not None and wanted != current:
        state = "is absent" if current == ABSENT else f"is at version {current}"
        raise VersionConflict(f"{key.partition} / {key.sort} {state}, not at {wanted}")


def check_wanted(wanted: int | None) -> None:
    """Raise ``ValueError`` for a version that no document can have."""
    if wanted is not None and wanted < ABSENT:
        raise ValueError("a version is 0 (absent) or more")


def check_write(write: Write) -> bytes:
    """Check one write and return the body it stores (empty unless it is a ``Put``)."""
    check_key(write.key)
    check_wanted(write.version)
    if not isinstance(write, Put):
        return b""
    check_expiry(write.expires_at)
    return encode(write.value)


def check_transaction(writes: Sequence[Write]) -> list[tuple[Write, bytes]]:
    """The writes with the bodies they store. Raises as ``Documents.transact``."""
    if len(writes) > MAX_TRANSACTION:
        raise ValueError(f"at most {MAX_TRANSACTION} writes in one transaction, got {len(writes)}")
    if len({write.key for write in writes}) < len(writes):
        raise ValueError("a transaction names each key once")
    checked = [(write, check_write(write)) for write in writes]
    total = sum(len(body) for _, body in checked)
    if total > MAX_TRANSACTION_BYTES:
        raise DocumentTooLarge(f"{total} bytes in one transaction of at most {MAX_TRANSACTION_BYTES}")
    return checked


def after_prefix(prefix: str) -> str | None:
    """The smallest text above every text that begins with ``prefix``; ``None`` when there is none.

    Code-point order, which is the order of the UTF-8 bytes. ``"ab"`` gives ``"ac"``.
    """
    for end in range(len(prefix), 0, -1):
        point = ord(prefix[end - 1]) + 1
        if point <= _LAST_CODE_POINT:
            following = _AFTER_SURROGATES if point == _FIRST_SURROGATE else point
            return prefix[: end - 1] + chr(following)
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """What one query reads: a partition, a prefix, a direction."""

    partition: str
    prefix: str = ""
    reverse: bool = False

    def __post_init__(self) -> None:
        check_key(Key(self.partition, self.prefix or "-"))

    def cursor(self, last_sort: str) -> str:
        """The cursor that continues after ``last_sort``."""
        position = last_sort.encode()
        return base64.urlsafe_b64encode(self._checksum(position) + position).decode().rstrip("=")

    def position(self, cursor: str) -> str:
        """The sort key that ``cursor`` continues after. Raises ``ValueError`` for a foreign one."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            sort = raw[_CHECKSUM_BYTES:].decode()
        except (binascii.Error, ValueError):
            raise ValueError("not a cursor") from None
        if not sort or self.cursor(sort) != cursor:
            raise ValueError("this cursor belongs to another query")
        return sort

    def bounds(self, cursor: str | None) -> tuple[str, str | None]:
        """The first sort key to read and the first not to read, in ascending order."""
        low, high = self.prefix, after_prefix(self.prefix)
        if cursor is None:
            return low, high
        position = self.position(cursor)
        return (low, position) if self.reverse else (position + "\0", high)

    def page(self, rows: Iterable[Stored], limit: int) -> Page:
        """The first ``limit`` live rows (fewer when large) and the cursor, if rows are left."""
        documents: list[Document] = []
        size = 0
        for row in rows:
            if len(documents) == limit or size >= MAX_PAGE_BYTES:
                return Page(tuple(documents), self.cursor(documents[-1].key.sort))
            documents.append(row.document(self.partition))
            size += len(row.body)
        return Page(tuple(documents), None)

    def _checksum(self, position: bytes) -> bytes:
        parts = (self.partition.encode(), self.prefix.encode(), b"-" if self.reverse else b"+", position)
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hashlib.sha256(framed).digest()[:_CHECKSUM_BYTES]
