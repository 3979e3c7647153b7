import zlib
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from tests.support.tables_in_memory import key


@pytest.fixture
def lean(tables: Any, moto_url: str, monkeypatch: pytest.MonkeyPatch) -> GetItem:
    """The authorizer's client of moto's server."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", moto_url)
    return GetItem("Keys")


def test_the_authorizers_client_meets_the_limits(tables: Any, lean: GetItem) -> None:
    """A key that is too long is an error and never "no such item"; another one is answered."""
    tables.put_item(TableName="Keys", Item=key() | {"n": {"N": "1"}})
    assert lean.get("a", "b") == {"pk": "a", "sk": "b", "n": 1}
    assert lean.get("a", "x" * 1024) is None
    for pk, sk in (("a", "x" * 1025), ("x" * 2049, "b"), ("", "b"), ("a", "")):
        with pytest.raises(GetItemFailed, match="400 ValidationException"):
            lean.get(pk, sk)
    assert lean.get("a", "b")
    lean.close()


def test_boto3_meets_the_limits_of_the_server(tables: Any, moto_url: str) -> None:
    """As it would on AWS, with pages that are cut."""
    client = boto3.client("dynamodb", endpoint_url=moto_url)
    client.put_item(TableName="Keys", Item=key())
    with pytest.raises(ClientError, match="reserved keyword: ttl"):
        client.scan(
            TableName="Keys",
            FilterExpression="ttl = :v",
            ExpressionAttributeValues={":v": {"N": "1"}},
        )
    page = client.scan(TableName="Keys", Limit=1)
    assert page["LastEvaluatedKey"] == key()


def test_an_error_is_framed_as_dynamodbs(tables: Any, moto_url: str) -> None:
    """With its type, a checksum and an id of the request."""
    connection = HTTPConnection(urlsplit(moto_url).netloc)
    connection.request(
        "POST",
        "/",
        b'{"TableName": "Keys", "Key": {"pk": {"S": ""}, "sk": {"S": "b"}}}',
        {"X-Amz-Target": "DynamoDB_20120810.GetItem"},
    )
    response = connection.getresponse()
    content = response.read()
    connection.close()
    assert response.status == 400
    assert response.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert response.headers["x-amz-crc32"] == str(zlib.crc32(content))
    assert response.headers["x-amzn-RequestId"]
    assert b'"com.amazon.coral.validate#ValidationException"' in content
