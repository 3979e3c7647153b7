import os
import urllib.request
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.dynamodb.environment import ENVIRONMENT, KEPT, forget_shell

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The tests' own environment, afterwards."""
    with patch.dict(os.environ):
        yield


@given(st.dictionaries(names, st.just("a setting")))
def test_no_setting_of_the_shell_is_left(shell: dict[str, str]) -> None:
    """Whatever a library might read: what stays is a short list, and the local run's own values."""
    with patch.dict(os.environ, shell, clear=True):
        forget_shell()
        assert dict(os.environ) == {
            **{name: value for name, value in shell.items() if name in KEPT},
            **ENVIRONMENT,
        }


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_shell_is_not_asked(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Neither by boto3 nor by the standard library."""
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert urllib.request.getproxies()
    forget_shell()
    assert not urllib.request.getproxies()
    client: Any = boto3.Session().client("dynamodb", endpoint_url="http://127.0.0.1:8000")
    assert not client._endpoint.http_session._proxy_config._proxies  # noqa: SLF001 -- where it goes


def test_the_endpoint_that_was_given_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one setting that a run takes."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000/")
    assert forget_shell() == "http://localhost:8000"
    assert forget_shell() is None
