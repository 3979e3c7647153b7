import os
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from tools.operator import desk

ENDPOINT = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The tests' own environment, afterwards."""
    with patch.dict(os.environ):
        yield


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ("AWS_ENDPOINT_URL", "http://192.0.2.1"),
        ("HTTP_PROXY", "http://192.0.2.1"),
        ("http_proxy", "http://192.0.2.1"),
        ("NO_PROXY", "example.com"),
    ],
)
def test_a_store_of_this_machine_is_the_one_that_is_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Whatever the shell says: its credentials may be those of a stack in production."""
    monkeypatch.delenv("no_proxy")
    monkeypatch.setenv(name, value)
    desk.at(ENDPOINT)
    client: Any = boto3.Session().client("dynamodb")
    assert client.meta.endpoint_url == ENDPOINT
    assert not client._endpoint.http_session._proxy_config.proxy_url_for(ENDPOINT)  # noqa: SLF001 -- where it goes
