"""Handlers in processes of their own, as Lambda runs them: many at once, one event each."""

import contextlib
import importlib
import json
import multiprocessing
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

from agentcontainer.accounts.store import Accounts
from agentcontainer.audit.event import Actor
from agentcontainer.audit.store import AuditLog
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from agentcontainer.keys.store import KeyStore
from blueprint.template.functions import deployed
from local.functions.function_process import PRELOADED
from tests.support.events import CONTEXT, asking, body, effect, event, session_event

PROCESSES = 8
KEY_LIMIT = 10
_ATTEMPTS = 5
KEYS = "/dashboard/v1/api-keys"
_CLOSE = "close"

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(list(PRELOADED))


class Call(NamedTuple):
    """An event for a function."""

    function: str
    event: Mapping[str, Any]


class Answer(NamedTuple):
    """What a handler answered."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Workers:
    """A pool of processes that answer for the functions, on the DynamoDB at an endpoint.

    What they write goes into a log.
    """

    def __init__(self, endpoint: str, log: Path) -> None:
        self._pool = ProcessPoolExecutor(
            PROCESSES,
            mp_context=_processes,
            initializer=_start,
            initargs=(dict(os.environ), endpoint, log),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def at_once(self, calls: Iterable[Call]) -> list[Answer]:
        """The answers to calls that are made as much at once as there are processes."""
        return [_answer(found) for found in self._pool.map(_call, calls)]

    def one(self, call: Call) -> Answer:
        """The answer to one call."""
        [answer] = self.at_once([call])
        return answer

    def record(self, deliveries: Iterable[Mapping[str, Any]]) -> None:
        """Has deliveries of the access log recorded, as much at once as there are processes."""
        assert all(self._pool.map(_record, deliveries))

    def admitted(self, *tokens: str) -> list[dict[str, str] | None]:
        """What the authorizer says of each token: the context that handlers get, None if denied."""
        policies = self._pool.map(_call, [_authorize(token) for token in tokens])
        return [policy["context"] if effect(policy) == "Allow" else None for policy in policies]

    def create(self, user: str, **members: Any) -> dict[str, Any]:
        """A new key, with its token."""
        [created] = self.create_all(user, 1, **members)
        return created

    def create_all(self, user: str, number: int, **members: Any) -> list[dict[str, Any]]:
        """New keys, with their tokens."""
        call = dashboard(user, "POST", KEYS, {"name": "x"} | members)
        answers = self.at_once([call] * number)
        assert {answer.status for answer in answers} == {201}, answers
        return [answer.body for answer in answers]


def dashboard(
    user: str,
    method: str,
    path: str,
    sent: object = None,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """A request of somebody who is signed in."""
    request = session_event("api_keys/list", user=user)
    return Call("api_keys", asking(request, method, path, sent, headers=headers))


def program(
    function: str,
    context: Mapping[str, str],
    method: str,
    path: str,
    sent: object = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> Call:
    """A request with a key, of which the authorizer said `context`."""
    request = asking(event("account/get"), method, path, sent, query, headers)
    request["requestContext"]["authorizer"] = dict(context)
    return Call(function, request)


def close(user: str) -> Call:
    """What an operator does, or Clerk's word that somebody is gone: no function's event yet."""
    return Call(_CLOSE, {"account": user})


def _authorize(token: str) -> Call:
    request = event("authorizer/well-formed-key") | {"authorizationToken": f"Bearer {token}"}
    return Call("authorizer", request)


def _answer(found: Mapping[str, Any]) -> Answer:
    headers = {name: values[0] for name, values in found["multiValueHeaders"].items()}
    return Answer(found["statusCode"], body(found) if found["body"] else None, headers)


def _start(environment: Mapping[str, str], endpoint: str, log: Path) -> None:
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.environ.update({"AWS_ENDPOINT_URL_DYNAMODB": endpoint, "KEY_LIMIT": str(KEY_LIMIT)})
    for function in deployed():
        importlib.import_module(f"{function.package}.handler")


def _close(account: str) -> dict[str, Any]:
    table = Table("Keys")
    log = AuditLog(table, timedelta(days=400))
    accounts = Accounts(table, log, KeyStore(table, log, KEY_LIMIT))
    ended = accounts.close(account, by=Actor("system", "operator"), now=utc_now())
    sent = json.dumps({"ended": [key.id for key in ended]})
    return {"statusCode": 200, "body": sent, "multiValueHeaders": {}}


def _record(delivery: Mapping[str, Any]) -> bool:
    """Whether the recorder took a delivery in the end: Lambda tries again what has failed."""
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(StoreUnavailable):
            _call(Call("usage_recorder", delivery))
            return True
    return False


def _call(call: Call) -> Any:
    if call.function == _CLOSE:
        return _close(call.event["account"])
    handler = importlib.import_module(f"functions.{call.function}.handler").handler
    return handler(dict(call.event), CONTEXT)
