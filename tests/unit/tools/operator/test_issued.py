import pytest

from agentcontainer.dynamodb.table import MalformedResponse
from tests.support.dynamodb_stub import answer, http, stub
from tools.operator.issued import scan


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"message": "welcome"}'], ids=ascii)
def test_a_table_that_cannot_be_read_is_not_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    """The command fails with a sentence, and does not report that nothing was issued."""
    with stub(answer(http(body))) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", server.url)
        with pytest.raises(MalformedResponse, match="no response of DynamoDB's to Scan"):
            list(scan("Keys", 1.0))
