from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from agentcontainer.dynamodb.retryable import RETRYABLE_ERRORS, is_retryable
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from tests.support.dynamodb_stub import (
    Behaviour,
    Stub,
    answer,
    close,
    cut,
    ending,
    error,
    http,
    item,
    stub,
)

_HTML = b"<!doctype html><title>503 Service Unavailable</title>"

TRANSIENT: dict[str, Behaviour] = {
    "503 in HTML": answer(http(_HTML, "503 Service Unavailable")),
    "503 in other HTML": answer(http(b"<html></html>", "503 Service Unavailable")),
    "503 of no octet": answer(http(b"", "503 Service Unavailable")),
    "503 in octets that are no text": answer(http(b"\xff\xfe", "503 Service Unavailable")),
    "503 as a list": answer(http(b"[]", "503 Service Unavailable")),
    "503 in chunks": answer(
        b"HTTP/1.1 503 Unavailable\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    ),
    "503 without a length": ending(b"HTTP/1.1 503 Unavailable\r\n\r\n{}"),
    "503 without a reason": answer(b"HTTP/1.1 503\r\ncontent-length: 2\r\n\r\n{}"),
    "503 that is compressed": answer(http(b"x", "503 Unavailable", content_encoding="br")),
    "503 of two lengths": ending(
        b"HTTP/1.1 503 Unavailable\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"
    ),
    "500": error("500 Internal Server Error", "InternalServerError"),
    "500 of another name": error("500 Internal Server Error", "InternalFailure"),
    "500 without a name": answer(http(b"{}", "500 Internal Server Error")),
    "502": answer(http(b"Bad Gateway", "502 Bad Gateway")),
    "504": answer(http(b"Gateway Timeout", "504 Gateway Timeout")),
    "599": answer(http(b"{}", "599 Whatever")),
    "429": answer(http(b"{}", "429 Too Many Requests")),
    "cut in the head": cut(0.1),
    "cut in the body": cut(0.95),
    "no response": close,
    **{name: error("400 Bad Request", name) for name in sorted(RETRYABLE_ERRORS)},
}
FINAL: dict[str, Behaviour] = {
    name: error("400 Bad Request", name)
    for name in ("AccessDeniedException", "ResourceNotFoundException", "ValidationException")
} | {
    "404 in HTML": answer(http(_HTML, "404 Not Found")),
    "403 in octets that are no text": answer(http(b"\xff\xfe", "403 Forbidden")),
    "redirected": item(status="301 Moved Permanently", location="http://127.0.0.1/"),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """Where both clients find DynamoDB; they do not pause between their attempts."""
    with stub() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", running.url)
        monkeypatch.setattr("time.sleep", lambda _: None)
        yield running


def ask_lean() -> Any:
    """By the authorizer's client."""
    table = GetItem("Keys")
    try:
        return table.get("digest#1", "digest")
    finally:
        table.close()


def ask_boto3() -> Any:
    """By the one of all other functions."""
    table = Table("Keys")
    try:
        return table.get("digest#1", "digest")
    finally:
        table._client.close()  # noqa: SLF001 -- a function never does


@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_what_says_nothing_of_the_request_is_an_unavailable_store_to_both(
    server: Stub, fault: Behaviour
) -> None:
    """It may pass; while it stays it is 503 with Retry-After, and neither a 500 nor a 401."""
    server.script = [fault]
    assert ask_lean() == {"pk": "digest#1", "sk": "digest"}
    server.after = fault
    with pytest.raises(GetItemFailed, match="attempt 4"):
        ask_lean()
    with pytest.raises(StoreUnavailable):
        ask_boto3()


@pytest.mark.parametrize("fault", FINAL.values(), ids=FINAL)
def test_what_would_be_the_same_again_is_asked_once_by_both(server: Stub, fault: Behaviour) -> None:
    """It is a mistake of ours, and named as one."""
    server.after = fault
    with pytest.raises(GetItemFailed):
        ask_lean()
    with pytest.raises(ClientError):
        ask_boto3()
    assert len(server.asked) == 2


def test_the_names_are_botocores() -> None:
    """All that it would try again, and no other: a name that it learns fails here."""
    throttled: Any = ThrottledRetryableChecker
    transient: Any = TransientRetryableChecker
    names = {*throttled._THROTTLED_ERROR_CODES, *transient._TRANSIENT_ERROR_CODES}  # noqa: SLF001
    assert names == RETRYABLE_ERRORS
    assert all(is_retryable(status, "") for status in transient._TRANSIENT_STATUS_CODES)  # noqa: SLF001
