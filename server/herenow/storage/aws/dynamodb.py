"""The documents port on one DynamoDB table.

Each operation is one call (``docs/access-patterns.md`` lists them): reads are strongly consistent,
conditions travel with the write, several writes are one TransactWriteItems. A second call is made
only where the first meets something rare: an expired item that DynamoDB has not removed yet, the
first increment of a counter, keys left over by a throttled BatchGetItem.

The client comes from outside with its region, credentials, time-outs and botocore retries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from herenow.clock import Clock
from herenow.storage import rules
from herenow.storage.aws import items
from herenow.storage.aws.items import Attributes
from herenow.storage.aws.retries import (
    CONDITION_FAILED,
    TRANSACTION_CANCELED,
    Retries,
    cancellation_codes,
    error_code,
)
from herenow.storage.ports import (
    ABSENT,
    Check,
    Delete,
    Document,
    Key,
    Page,
    Put,
    VersionConflict,
    Write,
)
from herenow.storage.rules import Span

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDocuments:
    """The documents port on ``table``; ``clock`` tells the expiry."""

    def __init__(
        self, client: DynamoDBClient, table: str, clock: Clock, *, retries: Retries | None = None
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._retries = retries or Retries()

    def get(self, key: Key) -> Document | None:
        """See ``Documents.get``."""
        rules.check_key(key)
        answer = self._call(self._client.get_item, Key=items.item_key(key), ConsistentRead=True)
        return self._live(answer.get("Item"))

    def batch_get(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """See ``Documents.batch_get``."""
        wanted: Any = [items.item_key(key) for key in rules.check_batch(keys)]
        found: dict[Key, Document] = {}
        idle = self._retries.rounds()
        next(idle)
        while wanted:
            answer, wanted = self._batch_get(wanted)
            documents = [document for document in map(self._live, answer) if document]
            found.update((document.key, document) for document in documents)
            if wanted and not answer:
                next(idle)
        return found

    def put_if(
        self,
        key: Key,
        value: Mapping[str, Any],
        *,
        version: int | None = None,
        expires_at: int | None = None,
    ) -> int:
        """See ``Documents.put_if``."""
        put = Put(key, value, version, expires_at)
        body = rules.check_write(put)
        if version is not None:
            return self._put_at(put, body, version)
        for _ in self._retries.rounds():
            updated = self._update(items.overwrite(key, body, expires_at, self._clock()))
            if updated is not None:
                return updated.version
            try:
                return self._put_at(put, body, ABSENT)
            except VersionConflict:  # somebody else replaced the expired item first
                continue
        raise AssertionError("rounds() raises when it ends")

    def delete_if(self, key: Key, *, version: int | None = None) -> None:
        """See ``Documents.delete_if``."""
        delete = Delete(key, version)
        rules.check_write(delete)
        condition = {} if version is None else items.at_version(version, self._clock())
        self._conditionally(delete, self._client.delete_item, Key=items.item_key(key), **condition)

    def increment(self, key: Key, field: str, amount: int = 1, *, expires_at: int | None = None) -> int:
        """See ``Documents.increment``."""
        rules.check_increment(key, field, amount, expires_at)
        for _ in self._retries.rounds():
            updated = self._update(items.count_up(key, field, amount, self._clock()))
            if updated is not None:
                return int(updated.value[field])
            try:
                return self._first_increment(key, field, amount, expires_at)
            except VersionConflict:  # somebody else wrote in between
                continue
        raise AssertionError("rounds() raises when it ends")

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        limit: int = 100,
        cursor: str | None = None,
        reverse: bool = False,
    ) -> Page:
        """See ``Documents.query``."""
        rules.check_limit(limit)
        span = Span(partition, prefix, reverse)
        answer = self._call(self._client.query, **self._range(span, limit, cursor))
        last = answer.get("LastEvaluatedKey")
        documents = tuple(items.document(found) for found in answer["Items"])
        return Page(documents, span.cursor(last["sk"]["S"]) if last else None)

    def transact(self, writes: Sequence[Write]) -> None:
        """See ``Documents.transact``."""
        checked = rules.check_transaction(writes)
        if not checked:
            return
        expired: set[int] = set()
        for _ in self._retries.rounds():
            actions = [
                self._action(write, body, replace_expired=index in expired)
                for index, (write, body) in enumerate(checked)
            ]
            failed = self._transact(actions)
            if not failed:
                return
            if any(checked[index][0].version is not None for index in failed):
                raise VersionConflict("a condition of the transaction does not hold")
            expired ^= failed

    def _range(self, span: Span, limit: int, cursor: str | None) -> Attributes:
        condition, values = "pk = :pk", {":pk": {"S": span.partition}, ":now": items.number(self._clock())}
        if span.prefix:
            condition += " AND begins_with(sk, :prefix)"
            values[":prefix"] = {"S": span.prefix}
        start = {} if cursor is None else items.item_key(Key(span.partition, span.position(cursor)))
        return {
            "KeyConditionExpression": condition,
            "FilterExpression": items.IS_LIVE,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not span.reverse,
            "Limit": limit,
            "ConsistentRead": True,
            **({"ExclusiveStartKey": start} if start else {}),
        }

    def _batch_get(self, keys: Any) -> tuple[list[Attributes], Any]:
        """The items found and the keys that were not looked at."""
        request = {self._table: {"Keys": keys, "ConsistentRead": True}}
        answer = self._retries.call(self._client.batch_get_item, RequestItems=request)
        left = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
        return answer["Responses"].get(self._table, []), left

    def _put_at(self, put: Put, body: bytes, version: int) -> int:
        written = items.put_at(put.key, body, version, put.expires_at, self._clock())
        self._conditionally(put, self._client.put_item, **written)
        return version + 1

    def _first_increment(self, key: Key, field: str, amount: int, expires_at: int | None) -> int:
        """Create the document or its field. Raises ``VersionConflict`` when overtaken."""
        current = self.get(key) or Document(key, {}, ABSENT, expires_at)
        total = rules.add(current.value, field, amount)
        put = Put(key, current.value, expires_at=current.expires_at)
        self._put_at(put, rules.encode(current.value), current.version)
        return total

    def _update(self, update: Attributes) -> Document | None:
        """The document as updated, or ``None`` when the condition does not hold."""
        try:
            answer = self._call(self._client.update_item, ReturnValues="ALL_NEW", **update)
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            return None
        return items.document(answer["Attributes"])

    def _action(self, write: Write, body: bytes, *, replace_expired: bool) -> Attributes:
        """One member of TransactWriteItems. An unconditional ``Put`` has a form for expired items."""
        now, named = self._clock(), {"TableName": self._table}
        if isinstance(write, Put):
            version = ABSENT if replace_expired else write.version
            if version is None:
                return {"Update": {**named, **items.overwrite(write.key, body, write.expires_at, now)}}
            return {"Put": {**named, **items.put_at(write.key, body, version, write.expires_at, now)}}
        condition = {} if write.version is None else items.at_version(write.version, now)
        kind = "ConditionCheck" if isinstance(write, Check) else "Delete"
        return {kind: {**named, "Key": items.item_key(write.key), **condition}}

    def _transact(self, actions: list[Attributes]) -> set[int]:
        """Carry the actions out, or say whose condition failed."""
        try:
            self._retries.call(self._client.transact_write_items, TransactItems=actions)
        except ClientError as error:
            if error_code(error) != TRANSACTION_CANCELED:
                raise
            codes = cancellation_codes(error)
            failed = {index for index, code in enumerate(codes) if code == "ConditionalCheckFailed"}
            if not failed:
                raise
            return failed
        return set()

    def _conditionally(self, write: Write, operation: Any, **parameters: Any) -> None:
        try:
            self._call(operation, **parameters)
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            key = write.key
            raise VersionConflict(f"{key.partition} / {key.sort} is not at {write.version}") from None

    def _call(self, operation: Any, **parameters: Any) -> Any:
        return self._retries.call(operation, TableName=self._table, **parameters)

    def _live(self, found: Attributes | None) -> Document | None:
        return items.document(found) if found and items.is_live(found, self._clock()) else None


def create_table(client: DynamoDBClient, table: str) -> None:
    """Create the table when missing (on-demand capacity, time-to-live on) and wait until it serves.

    Safe to call at every start and by several servers at once.
    """
    with suppress(client.exceptions.ResourceInUseException):
        client.create_table(
            TableName=table,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
    client.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    state = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if state.get("TimeToLiveStatus", "DISABLED") == "DISABLED":
        client.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
        )
