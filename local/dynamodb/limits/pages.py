"""What one response of DynamoDB holds at most. Pure.

Sources: the API reference of Query, Scan and BatchGetItem. What a filter or a projection hides is
not measured, and pages of an index are not cut.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from local.dynamodb.limits.keys import KeySchema, identity
from local.dynamodb.limits.sizes import MB, Item, item_size

type Response = dict[str, Any]
type Schemas = Callable[[str], KeySchema | None]
"""The primary key of a table by its name."""

PAGE_BYTES: Final = MB
BATCH_BYTES: Final = 16 * MB
PARTITION_BYTES: Final = MB
"""Of one partition in one BatchGetItem. A partition is taken for what one partition key names."""

SHAPED: Final = frozenset({"BatchGetItem", "Query", "Scan"})
"""Operations whose responses are cut."""


def shape(
    operation: str, parameters: Mapping[str, Any], response: Response, schemas: Schemas
) -> Response:
    """The response as DynamoDB would send it: cut where it holds more than one may."""
    if operation == "BatchGetItem":
        return _Batch(parameters, schemas).cut(response)
    schema = schemas(parameters["TableName"])
    is_measured = not parameters.keys() & {"IndexName", "FilterExpression", "ProjectionExpression"}
    if operation in SHAPED and schema and is_measured:
        return _cut_page(parameters, response, schema)
    return response


def _cut_page(parameters: Mapping[str, Any], page: Response, schema: KeySchema) -> Response:
    """At most 1 MB, and where to go on.

    DynamoDB says that whenever it stopped for `Limit`, even if nothing follows.
    """
    items = page.get("Items", [])
    kept = _that_fit(items)
    is_full = len(kept) == parameters.get("Limit") and "LastEvaluatedKey" not in page
    if len(kept) == len(items) and not is_full:
        return page
    counts = {"Items": kept, "Count": len(kept), "ScannedCount": len(kept)}
    return page | counts | {"LastEvaluatedKey": schema.key(kept[-1])}


def _that_fit(items: list[Item]) -> list[Item]:
    size = 0
    for at, item in enumerate(items):
        size += item_size(item)
        if size > PAGE_BYTES and at:
            return items[:at]
    return items


class _Batch:
    """Takes what fits into one BatchGetItem's response, and keeps the keys of what does not."""

    def __init__(self, parameters: Mapping[str, Any], schemas: Schemas) -> None:
        self._requests: Mapping[str, Any] = parameters["RequestItems"]
        self._schemas = schemas
        self._total = 0
        self._of_partition = Counter[Hashable]()

    def cut(self, batch: Response) -> Response:
        """The response, with the keys of what did not fit as `UnprocessedKeys`."""
        kept: dict[str, list[Item]] = {}
        unprocessed = dict(batch.get("UnprocessedKeys") or {})
        for table, items in batch.get("Responses", {}).items():
            fits = [self._takes(table, item) for item in items]
            kept[table] = [item for item, fit in zip(items, fits, strict=True) if fit]
            schema = self._schemas(table)
            left = [
                schema.key(item)
                for item, fit in zip(items, fits, strict=True)
                if schema and not fit
            ]
            if left:
                left += unprocessed.get(table, {}).get("Keys", [])
                unprocessed[table] = self._requests[table] | {"Keys": left}
        return batch | {"Responses": kept, "UnprocessedKeys": unprocessed}

    def _takes(self, table: str, item: Item) -> bool:
        schema = self._schemas(table)
        if schema is None or "ProjectionExpression" in self._requests[table]:
            return True
        partition = identity(table, {name: item[name] for name in schema.names[:1]})
        size, before = item_size(item), self._of_partition[partition]
        if self._total + size > BATCH_BYTES or (before and before + size > PARTITION_BYTES):
            return False
        self._total += size
        self._of_partition[partition] += size
        return True
