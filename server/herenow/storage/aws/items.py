"""How a document lies in DynamoDB, and the expressions that speak of it.

An item has ``pk``, ``sk``, ``version``, ``expires_at`` (the table's time-to-live attribute) and its
value in two attributes: ``body``, compact JSON, and ``counters``, a map of the top-level integers.
Integers lie apart because DynamoDB can add to a number but not to a number inside text.

DynamoDB removes expired items some days late, so every condition and filter looks at ``expires_at``.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

from herenow.storage import rules
from herenow.storage.ports import ABSENT, Document, Key

IS_LIVE: Final = "(attribute_not_exists(expires_at) OR expires_at > :now)"
"""Holds for a document that has not expired, and for none at all."""

IS_ABSENT: Final = "(attribute_not_exists(pk) OR expires_at <= :now)"

Attributes = dict[str, Any]


def item_key(key: Key) -> Attributes:
    """The primary key of a document's item."""
    return {"pk": {"S": key.partition}, "sk": {"S": key.sort}}


def number(value: float) -> Attributes:
    """A DynamoDB number, whole."""
    return {"N": str(int(value))}


def value_attributes(body: bytes) -> Attributes:
    """``body`` and ``counters`` of the value that ``body`` is the JSON of."""
    value: dict[str, Any] = json.loads(body)
    counters = {name: number(n) for name, n in value.items() if name and rules.is_counter(n)}
    rest = {name: part for name, part in value.items() if name not in counters}
    return {"body": {"S": rules.encode(rest).decode()}, "counters": {"M": counters}}


def item(key: Key, body: bytes, version: int, expires_at: int | None) -> Attributes:
    """The whole item."""
    written = {**item_key(key), **value_attributes(body), "version": number(version)}
    return written if expires_at is None else {**written, "expires_at": number(expires_at)}


def document(found: Attributes) -> Document:
    """The document that an item holds."""
    value = json.loads(found["body"]["S"])
    value.update({name: _integer(n) for name, n in found["counters"]["M"].items()})
    expires_at = _integer(found["expires_at"]) if "expires_at" in found else None
    return Document(Key(found["pk"]["S"], found["sk"]["S"]), value, _integer(found["version"]), expires_at)


def is_live(found: Attributes, now: float) -> bool:
    """Whether an item has not expired."""
    return "expires_at" not in found or _integer(found["expires_at"]) > now


def at_version(version: int, now: float) -> Attributes:
    """The condition that a document is at ``version``, as parameters of a call."""
    if version == ABSENT:
        return {"ConditionExpression": IS_ABSENT, "ExpressionAttributeValues": {":now": number(now)}}
    return {
        "ConditionExpression": f"version = :version AND {IS_LIVE}",
        "ExpressionAttributeValues": {":now": number(now), ":version": number(version)},
    }


def put_at(key: Key, body: bytes, version: int, expires_at: int | None, now: float) -> Attributes:
    """Replace the item when it is at ``version``."""
    return {"Item": item(key, body, version + 1, expires_at), **at_version(version, now)}


def overwrite(key: Key, body: bytes, expires_at: int | None, now: float) -> Attributes:
    """Replace the value whatever its version, or create it; fails only on an expired item."""
    values = {f":{name}": part for name, part in value_attributes(body).items()}
    expiry = " REMOVE expires_at" if expires_at is None else ", expires_at = :expires_at"
    if expires_at is not None:
        values[":expires_at"] = number(expires_at)
    return {
        "Key": item_key(key),
        "UpdateExpression": f"SET body = :body, counters = :counters{expiry} ADD version :one",
        "ConditionExpression": IS_LIVE,
        "ExpressionAttributeValues": {**values, ":one": number(1), ":now": number(now)},
    }


def count_up(key: Key, field: str, amount: int, now: float) -> Attributes:
    """Add to a counter that a live document already has."""
    return {
        "Key": item_key(key),
        "UpdateExpression": "SET counters.#field = counters.#field + :amount ADD version :one",
        "ConditionExpression": f"attribute_exists(counters.#field) AND {IS_LIVE}",
        "ExpressionAttributeNames": {"#field": field},
        "ExpressionAttributeValues": {":amount": number(amount), ":one": number(1), ":now": number(now)},
    }


def _integer(attribute: Attributes) -> int:
    return int(Decimal(attribute["N"]))
