"""One DynamoDB table through boto3: consistent reads, lists, and transactions with conditions.

Faults of the store are raised as StoreUnavailable; a condition that does not hold is
ConditionFailed; all else is a bug and raises botocore's own ClientError.
"""

import copy
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NoReturn

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from agentcontainer.dynamodb.conditions import ConditionFailed, Update, Write, operation
from agentcontainer.dynamodb.item import Item, decode_item, encode_item
from agentcontainer.dynamodb.retryable import (
    RETRYABLE_REASONS,
    is_intact,
    is_retryable,
    read_object,
)
from agentcontainer.errors import StoreUnavailable

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from types_boto3_dynamodb import DynamoDBClient

# Together below the functions' timeout, so that a dead store is an answer and not a kill.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 3},
)
_CONFLICT_DEADLINE_SECONDS = 3.0
_CONFLICT_FIRST_WAIT_SECONDS = 0.02
# Not longer, so that there are some twenty attempts within the deadline.
_CONFLICT_LONGEST_WAIT_SECONDS = 0.25
_MOST_READ_FOR_A_PAGE = 1000
_BYTES_OF_A_PAGE = 1_000_000
_MOST_LOST_RACES: Final = 20
"""Each loss means that another change won, so this many in a row are no ordinary traffic."""


class Table:
    """A table whose primary key is the strings `pk` and `sk`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._client: DynamoDBClient = boto3.client("dynamodb", config=_CONFIG)
        check_responses(self._client)

    def beside(self, name: str) -> "Table":
        """Another table, through the same client: making one takes a tenth of a second."""
        other = copy.copy(self)
        other._name = name  # noqa: SLF001 -- it is one of us
        return other

    def get(self, pk: str, sk: str) -> Item | None:
        """The item, strongly consistent, or None."""
        with _store_faults():
            answer = self._client.get_item(
                TableName=self._name,
                Key=encode_item({"pk": pk, "sk": sk}),
                ConsistentRead=True,
            )
        return decode_item(answer["Item"]) if "Item" in answer else None

    def newest[T](
        self,
        pk: str,
        prefix: str,
        *,
        after: str | None,
        limit: int,
        read: Callable[[Item], T],
        wanted: Callable[[T], bool],
    ) -> tuple[list[T], str | None]:
        """A page of what `read` makes of the items whose sort key has the prefix, if `wanted`.

        The highest sort key comes first, and reads are consistent. Returns at most `limit` and what
        stands behind the prefix in the last sort key looked at, to go on `after`; None at the end.
        The page may be short, even empty, and still have a next one: it ends after about 1 MB of
        items or 1,000 of them looked at.
        """
        found: list[T] = []
        looked_at = size = 0
        more = True
        while more and looked_at < _MOST_READ_FOR_A_PAGE:
            # One more than is wanted tells whether there is a next page.
            items, more = self._query(pk, prefix, after, limit + 1)
            for item in items:
                if len(found) == limit or size >= _BYTES_OF_A_PAGE:
                    return found, after
                looked_at += 1
                # As an answer shows it: a control character is one byte here and six there.
                size += len(json.dumps(item, ensure_ascii=False).encode())
                after = item["sk"].removeprefix(prefix)
                thing = read(item)
                if wanted(thing):
                    found.append(thing)
            if len(items) <= limit:
                # It is the end, or as much as DynamoDB reads at once.
                break
        return found, after if more else None

    def between(self, pk: str, first: str, last: str) -> Iterator[Item]:
        """The items whose sort key is from `first` to `last`, in its order; reads are consistent.

        However many there are: ask for what is known to be few.
        """
        start: dict[str, Any] = {}
        while True:
            with _store_faults():
                answer = self._client.query(
                    TableName=self._name,
                    ConsistentRead=True,
                    KeyConditionExpression="#pk = :pk AND #sk BETWEEN :first AND :last",
                    ExpressionAttributeNames={"#pk": "pk", "#sk": "sk"},
                    ExpressionAttributeValues=encode_item(
                        {":pk": pk, ":first": first, ":last": last}
                    ),
                    **start,
                )
            yield from map(decode_item, _member(answer, "Items"))
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def update(self, update: Update) -> Item:
        """One write of its own; the item as it is afterwards. ConditionFailed as `transact`.

        For items that no transaction writes: a conflict with one is not retried.
        """
        [action] = operation(self._name, update).values()
        try:
            with _store_faults():
                answer = self._client.update_item(**action, ReturnValues="ALL_NEW")
        except self._client.exceptions.ConditionalCheckFailedException:
            raise ConditionFailed([update]) from None
        return decode_item(_member(answer, "Attributes"))

    def try_update(self, update: Update) -> bool:
        """One write of its own, to an item that transactions write too; whether it was made.

        It is not made where its condition does not hold. A conflict is tried again as `transact`
        does.
        """
        [action] = operation(self._name, update).values()
        for _ in _attempts():
            try:
                with _store_faults():
                    self._client.update_item(**action)
            except self._client.exceptions.ConditionalCheckFailedException:
                return False
            except self._client.exceptions.TransactionConflictException:
                continue
            return True
        raise StoreUnavailable

    def transact(self, *writes: Write) -> None:
        """All writes or none; ConditionFailed if a condition does not hold.

        A conflict with another transaction is ordinary, and boto3 does not retry it: it is tried
        again with full jitter for at most three seconds, then StoreUnavailable.
        """
        operations = [operation(self._name, write) for write in writes]
        for _ in _attempts():
            try:
                with _store_faults():
                    self._client.transact_write_items(TransactItems=operations)  # type: ignore[arg-type]
            except self._client.exceptions.TransactionCanceledException as cancelled:
                _raise_if_final(cancelled, writes)
            else:
                return
        raise StoreUnavailable

    def _query(
        self, pk: str, prefix: str, after: str | None, limit: int
    ) -> tuple[list[Item], bool]:
        start = (
            {"ExclusiveStartKey": encode_item({"pk": pk, "sk": prefix + after})} if after else {}
        )
        with _store_faults():
            answer = self._client.query(
                TableName=self._name,
                ConsistentRead=True,
                ScanIndexForward=False,
                Limit=limit,
                KeyConditionExpression="#pk = :pk AND begins_with(#sk, :prefix)",
                ExpressionAttributeNames={"#pk": "pk", "#sk": "sk"},
                ExpressionAttributeValues=encode_item({":pk": pk, ":prefix": prefix}),
                **start,  # type: ignore[arg-type]
            )
        items = [decode_item(item) for item in _member(answer, "Items")]
        return items, "LastEvaluatedKey" in answer


def _attempts() -> Iterator[None]:
    """Once, and again with full jitter for at most three seconds."""
    deadline = time.monotonic() + _CONFLICT_DEADLINE_SECONDS
    wait = _CONFLICT_FIRST_WAIT_SECONDS
    while True:
        yield
        pause = random.uniform(0, wait)  # noqa: S311 -- jitter, not a secret
        if time.monotonic() + pause > deadline:
            return
        time.sleep(pause)
        wait = min(2 * wait, _CONFLICT_LONGEST_WAIT_SECONDS)


def _raise_if_final(cancelled: ClientError, writes: tuple[Write, ...]) -> None:
    reasons = [reason.get("Code") for reason in cancelled.response["CancellationReasons"]]
    failed = [
        write
        for write, reason in zip(writes, reasons, strict=True)
        if reason == "ConditionalCheckFailed"
    ]
    if failed:
        raise ConditionFailed(failed) from None
    if not RETRYABLE_REASONS & set(reasons):
        raise cancelled


def _member(answer: Mapping[str, Any], name: str) -> Any:
    """What was asked for; StoreUnavailable where the response lacks it, so that it is none."""
    if name not in answer:
        raise StoreUnavailable
    return answer[name]


def check_responses(client: "DynamoDBClient") -> None:
    """Lets a client of boto3's raise MalformedResponse for what is no response of DynamoDB's.

    By itself it takes whatever has status 200 for one, and then for an empty one.
    """
    client.meta.events.register("before-parse.dynamodb", _check_response)


class MalformedResponse(HTTPClientError):
    """Something answered in DynamoDB's place, or half of its response arrived."""

    fmt = "no response of DynamoDB's to {operation}"


def _check_response(
    operation_model: "OperationModel", response_dict: dict[str, Any], **_: object
) -> None:
    """MalformedResponse for a success that is none; an error without a code has its status."""
    body, output = response_dict["body"], operation_model.output_shape
    answer = read_object(body) if is_intact(response_dict["headers"], body) else None
    if response_dict["status_code"] != HTTPStatus.OK:
        response_dict["body"] = json.dumps(answer or {}).encode()
    elif answer is None or (answer and output and not answer.keys() & output.members.keys()):
        raise MalformedResponse(operation=operation_model.name)


@contextmanager
def _store_faults() -> Iterator[None]:
    try:
        yield
    except (ConnectionError, HTTPClientError) as fault:
        _unavailable(fault)
    except ClientError as fault:
        status = fault.response["ResponseMetadata"]["HTTPStatusCode"]
        if is_retryable(status, fault.response["Error"]["Code"]):
            _unavailable(fault)
        raise


def _unavailable(fault: Exception) -> NoReturn:
    raise StoreUnavailable from fault


def retry_lost_races[T](attempt: Callable[[], T]) -> T:
    """What `attempt` returns, which reads, decides and writes on condition that nothing changed.

    Where the condition fails, another change came first, and all of it is done anew;
    StoreUnavailable if that happens too often in a row.
    """
    for _ in range(_MOST_LOST_RACES):
        with suppress(ConditionFailed):
            return attempt()
    raise StoreUnavailable
