from typing import Any

import pytest
from botocore.exceptions import ClientError

from agentcontainer.dynamodb.conditions import Put, Update
from agentcontainer.dynamodb.table import Table
from tests.support.tables_in_memory import key

LARGE = "x" * 390 * 1024


def refused(call: Any, **parameters: Any) -> Any:
    """The error's response."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response


def test_the_projects_own_code_meets_the_limits(tables: Any) -> None:
    """`Table` asks as it always does, and is refused in reads and writes."""
    keys = Table("Keys")
    for sk in ("", "x" * 1025):
        with pytest.raises(ClientError, match="ValidationException"):
            keys.get("a", sk)
        with pytest.raises(ClientError, match="ValidationException"):
            keys.transact(Put({"pk": "a", "sk": sk}))
    with pytest.raises(ClientError, match="ValidationException"):
        list(keys.between("a", "b", "x" * 1025))
    with pytest.raises(ClientError, match="multiple operations on one item"):
        keys.transact(Put({"pk": "a", "sk": "b"}), Update(pk="a", sk="b", set={"x": 1}))
    assert not tables.scan(TableName="Keys")["Items"]


def test_an_item_that_grows_too_large_is_not_written(tables: Any) -> None:
    """Although moto would store it."""
    tables.put_item(TableName="Keys", Item=key() | {"a": {"S": LARGE}})
    update: dict[str, Any] = {
        "TableName": "Keys",
        "Key": key(),
        "UpdateExpression": "SET b = :v",
        "ExpressionAttributeValues": {":v": {"S": LARGE}},
    }
    assert refused(tables.update_item, **update)["Error"]["Code"] == "ValidationException"
    response = refused(tables.transact_write_items, TransactItems=[{"Update": update}])
    assert response["CancellationReasons"][0]["Code"] == "ValidationError"
    assert "b" not in tables.get_item(TableName="Keys", Key=key())["Item"]


def test_a_request_is_carried_out_once(tables: Any) -> None:
    """The limits stand in its way, and send it on by no second one."""
    counted = Table("Keys").update(Update(pk="a", sk="b", add={"n": 1}))
    assert counted["n"] == 1


def test_pages_end_as_on_aws(tables: Any) -> None:
    """At 1 MB, and with where to go on when the limit is reached."""
    for n in range(4):
        tables.put_item(TableName="Keys", Item=key(sk=str(n)) | {"a": {"S": LARGE}})
    asked: dict[str, Any] = {
        "TableName": "Keys",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "a"}},
    }
    page = tables.query(**asked)
    assert page["Count"] == len(page["Items"]) == 2
    rest = tables.query(**asked, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert [item["sk"]["S"] for item in rest["Items"]] == ["2", "3"]
    whole = tables.query(**asked, Limit=2, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert whole["LastEvaluatedKey"] == key(sk="3")


def test_a_batch_leaves_what_is_too_much(tables: Any) -> None:
    """1 MB of a partition; the rest is asked for again."""
    keys = [key(sk=str(n)) for n in range(4)]
    for each in keys:
        tables.put_item(TableName="Keys", Item=each | {"a": {"S": LARGE}})
    found = tables.batch_get_item(RequestItems={"Keys": {"Keys": keys, "ConsistentRead": True}})
    assert len(found["Responses"]["Keys"]) == 2
    rest = tables.batch_get_item(RequestItems=found["UnprocessedKeys"])
    assert len(rest["Responses"]["Keys"]) == 2
    assert not rest["UnprocessedKeys"]


def test_other_tables_errors_stay_what_they_are(tables: Any) -> None:
    """Of a table that is not there."""
    response = refused(tables.get_item, TableName="Nowhere", Key=key())
    assert response["Error"]["Code"] == "ResourceNotFoundException"
