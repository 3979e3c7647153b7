"""The limits in front of a server that many processes use, and what they count of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from agentcontainer.dynamodb.conditions import ConditionFailed, Put, Update
from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from local.dynamodb.limits.checker import Target
from local.dynamodb.limits.keys import identity
from local.dynamodb.limits.proxy import LimitsProxy, is_unlimited
from local.dynamodb.tables import create_tables
from tests.support.product import Product, limited_roto
from tests.support.tables_in_memory import key

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, resources: dict[str, Any]
) -> Iterator[LimitsProxy]:
    """A proxy in front of roto-server, with the template's tables."""
    with limited_roto(tmp_path_factory.mktemp("limited")) as proxy:
        create_tables(proxy.url, resources)
        yield proxy


@pytest.fixture
def proxy(running: LimitsProxy, monkeypatch: pytest.MonkeyPatch) -> LimitsProxy:
    """The proxy, which the project's own clients use."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", running.url)
    return running


def client(proxy: LimitsProxy) -> Any:
    """A client that tries once."""
    return boto3.client("dynamodb", endpoint_url=proxy.url, config=ONCE)


def test_both_clients_of_the_project_meet_the_limits(proxy: LimitsProxy) -> None:
    """boto3's and the authorizer's own; what is in order passes."""
    keys, lean = Table("Keys"), GetItem("Keys")
    keys.transact(Put({"pk": "a", "sk": "b", "n": 1}))
    assert keys.get("a", "b") == lean.get("a", "b") == {"pk": "a", "sk": "b", "n": 1}
    with pytest.raises(ClientError, match="ValidationException"):
        keys.get("a", "x" * 1025)
    with pytest.raises(GetItemFailed, match="400 ValidationException"):
        lean.get("a", "x" * 1025)
    with pytest.raises(ClientError, match="multiple operations on one item"):
        keys.transact(Put({"pk": "a", "sk": "b"}), Update(pk="a", sk="b", set={"x": 1}))
    lean.close()


def test_what_is_too_large_is_not_written(proxy: LimitsProxy) -> None:
    """Also where an update makes it so."""
    keys = Table("Keys")
    keys.transact(Put({"pk": "large", "sk": "b", "a": "x" * 390 * 1024}))
    update = Update(pk="large", sk="b", set={"c": "x" * 20 * 1024})
    with pytest.raises(ClientError, match="ValidationError"):
        keys.transact(update)
    with pytest.raises(ClientError, match="Item size to update has exceeded"):
        keys.update(update)
    assert "c" not in (keys.get("large", "b") or {})


def test_pages_hold_1_mb(proxy: LimitsProxy) -> None:
    """Although roto would send all of it."""
    for n in range(4):
        Table("Keys").transact(Put({"pk": "page", "sk": str(n), "a": "x" * 390 * 1024}))
    page = client(proxy).query(
        TableName="Keys",
        ConsistentRead=True,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "page"}},
    )
    assert [item["sk"]["S"] for item in page["Items"]] == ["0", "1"]
    assert page["LastEvaluatedKey"] == key("page", "1")
    assert len(list(Table("Keys").between("page", "0", "9"))) == 4


def test_every_request_is_counted_with_what_it_consumes(proxy: LimitsProxy) -> None:
    """Operations, units and bytes, refused requests too; what the proxy itself asks is not."""
    keys = Table("Keys")
    with proxy.ledger.window() as seen:
        keys.transact(
            Put({"pk": "count", "sk": "a", "x": "x" * 2000}), Put({"pk": "count", "sk": "b"})
        )
        keys.get("count", "a")
        keys.get("count", "missing")
        keys.update(Update(pk="count", sk="a", set={"y": 1}))
        with pytest.raises(ConditionFailed):
            keys.update(Update(pk="count", sk="a", set={"y": 1}, where={"y": 2}))
        list(keys.between("count", "a", "z"))
    assert seen.operations == {"TransactWriteItems": 1, "GetItem": 2, "UpdateItem": 2, "Query": 1}
    # Two items of 2 KB and 1 KB, twice; then what is 2 KB large, twice, once for nothing.
    assert seen.writes == 2 * (2 + 1) + 2 + 2
    assert seen.reads == 1 + 1 + 1
    assert seen.errors == {"ConditionalCheckFailedException": 1}
    assert 2000 < seen.received < 10_000


def test_transactions_on_one_item_conflict_and_all_succeed(proxy: LimitsProxy) -> None:
    """`Table` tries again, so whoever asks sees nothing of it, and no addition is lost."""

    def add(_: int) -> None:
        Table("Keys").transact(Update(pk="busy", sk="b", add={"n": 1}))

    with proxy.ledger.window() as seen, ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert (Table("Keys").get("busy", "b") or {})["n"] == 40
    assert seen.errors.keys() <= {"TransactionCanceledException"}
    assert seen.operations["TransactWriteItems"] - seen.errors.total() == 40


def test_a_held_item_conflicts_with_every_kind_of_write(proxy: LimitsProxy) -> None:
    """A transaction is cancelled, and an update of its own refused, as DynamoDB words it."""
    held = [Target("Put", "Keys", key("held"), {})]
    update: dict[str, Any] = {
        "TableName": "Keys",
        "Key": key("held"),
        "UpdateExpression": "SET a = :v",
        "ExpressionAttributeValues": {":v": {"S": "x"}},
    }
    once = client(proxy)
    with proxy.conflicts.claim("TransactWriteItems", held):
        with pytest.raises(once.exceptions.TransactionCanceledException) as cancelled:
            once.transact_write_items(TransactItems=[{"Update": update}])
        with pytest.raises(once.exceptions.TransactionConflictException):
            once.update_item(**update)
    [reason] = cancelled.value.response["CancellationReasons"]
    assert reason["Code"] == "TransactionConflict"
    once.update_item(**update)


def test_one_partition_has_a_ceiling_and_the_others_do_not_feel_it(proxy: LimitsProxy) -> None:
    """1,000 write units a second: what took 4,000 at once is in the way for three seconds."""
    keys, once = Table("Keys"), client(proxy)
    keys.transact(*(Put({"pk": "hot", "sk": str(n), "a": "x" * 19_900}) for n in range(100)))
    with pytest.raises(once.exceptions.ThrottlingException) as caught:
        once.put_item(TableName="Keys", Item=key("hot"))
    [reason] = caught.value.response["throttlingReasons"]
    assert reason["reason"] == "TableWriteKeyRangeThroughputExceeded"
    once.get_item(TableName="Keys", Key=key("hot"))
    once.put_item(TableName="Keys", Item=key("cold"))


def test_one_items_throttle_is_a_fault_of_the_store(proxy: LimitsProxy) -> None:
    """Reads and writes of it fail while a test says so, and never as if it were not there."""
    keys, lean = Table("Keys"), GetItem("Keys", deadline=1)
    keys.transact(Put({"pk": "digest", "sk": "b"}))
    with proxy.throughput.throttle(identity("Keys", key("digest", "b"))):
        with pytest.raises(GetItemFailed, match="ThrottlingException"):
            lean.get("digest", "b")
        with pytest.raises(StoreUnavailable):
            keys.get("digest", "b")
        assert keys.get("digest", "c") is None
    assert lean.get("digest", "b")
    lean.close()


def test_limits_of_contention_can_be_switched_off(proxy: LimitsProxy) -> None:
    """Those of a request stay."""
    proxy.throughput.enabled = False
    try:
        for n in range(15):
            client(proxy).put_item(
                TableName="Keys", Item=key("fast", str(n)) | {"a": {"S": "x" * 200_000}}
            )
    finally:
        proxy.throughput.enabled = True


def test_a_batch_leaves_a_hot_item_for_later(proxy: LimitsProxy) -> None:
    """The others are read; where all are hot, there is nothing to answer with."""
    once, cold = client(proxy), key("batch", "cold")
    for each in (cold, key("batch", "hot")):
        once.put_item(TableName="Keys", Item=each)
    asked = {"Keys": {"Keys": [key("batch", "hot"), cold], "ConsistentRead": True}}
    with proxy.throughput.throttle(identity("Keys", key("batch", "hot"))):
        found = once.batch_get_item(RequestItems=asked)
        assert found["Responses"]["Keys"] == [cold]
        left = found["UnprocessedKeys"]
        assert left["Keys"] == asked["Keys"] | {"Keys": [key("batch", "hot")]}
        with pytest.raises(once.exceptions.ThrottlingException):
            once.batch_get_item(RequestItems=left)
    assert len(once.batch_get_item(RequestItems=left)["Responses"]["Keys"]) == 1


def test_a_server_is_known_to_be_behind_limits(proxy: LimitsProxy) -> None:
    """By the proxy alone; what does not answer is neither."""
    assert not is_unlimited(proxy.url)
    assert is_unlimited(f"http://{proxy.upstream}")
    assert not is_unlimited("http://127.0.0.1:1")


def test_the_local_run_limits_a_server_that_is_given(proxy: LimitsProxy, tmp_path: Path) -> None:
    """What it names as its DynamoDB refuses what DynamoDB refuses."""
    with Product(tmp_path / "run", dynamodb=f"http://{proxy.upstream}") as run:
        given = boto3.client("dynamodb", endpoint_url=run.description["dynamodb"], config=ONCE)
        assert given.get_item(TableName="Keys", Key=key("a", "x" * 1024))
        with pytest.raises(ClientError, match="size limit of 1024 bytes"):
            given.get_item(TableName="Keys", Key=key("a", "x" * 1025))
