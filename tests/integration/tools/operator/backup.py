"""A table, its backups, and the lines that its recorder would have kept."""

import contextlib
import importlib
import io
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import boto3
import pytest

from agentcontainer.accounts.store import Accounts
from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.item import encode_item
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys.store import KeyStore
from functions.key_change_recorder.handler import handler as recorder
from tests.support.events import CONTEXT

type Items = dict[tuple[str, str], dict[str, Any]]


class Backups:
    """The tables at an endpoint, by name: what is in them, and what is put there."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client = boto3.client("dynamodb", endpoint_url=endpoint)
        self._handlers: dict[str, Any] = {}
        self._stores: dict[str, tuple[KeyStore, Accounts]] = {}

    def close(self) -> None:
        """Ends the authorizers' connections."""
        for module in self._handlers.values():
            module.table.close()

    def make(self, table: str) -> None:
        """An empty table."""
        if table not in self.client.list_tables()["TableNames"]:
            self.client.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
                ],
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
            )

    def stores(self, table: str) -> tuple[KeyStore, Accounts]:
        """The layer's own, on a table."""
        if table not in self._stores:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", self.endpoint)
                kept = Table(table)
            log = AuditLog(kept, timedelta(days=400))
            keys = KeyStore(kept, log, 100)
            self._stores[table] = keys, Accounts(kept, log, keys)
        return self._stores[table]

    def items(self, table: str, accounts: Iterable[str], digests: Iterable[str]) -> Items:
        """What a table has of some accounts and secrets, by key."""
        found: Items = {}
        for account in accounts:
            pages = self.client.get_paginator("query").paginate(
                TableName=table,
                ConsistentRead=True,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=encode_item({":pk": f"account#{account}"}),
            )
            for page in pages:
                for item in page["Items"]:
                    found[item["pk"]["S"], item["sk"]["S"]] = item
        for digest in digests:
            key = (f"digest#{digest}", "digest")
            answer = self.client.get_item(
                TableName=table,
                Key=encode_item({"pk": key[0], "sk": key[1]}),
                ConsistentRead=True,
            )
            if "Item" in answer:
                found[key] = answer["Item"]
        return found

    def everything(self, table: str) -> Items:
        """All that a table has."""
        pages = self.client.get_paginator("scan").paginate(TableName=table)
        return {
            (item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]
        }

    def restore(self, table: str, items: Items) -> None:
        """Puts items into a table."""
        for item in items.values():
            self.client.put_item(TableName=table, Item=item)

    def verdict(self, table: str, token: str) -> str:
        """What the authorizer says to a token, on a table: Allow, or why not."""
        event = {
            "type": "TOKEN",
            "authorizationToken": f"Bearer {token}",
            "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/api/v1/account",
        }
        policy = self._authorizer(table).handler(event, CONTEXT)
        [statement] = policy["policyDocument"]["Statement"]
        said: str = statement["Effect"] if statement["Effect"] == "Allow" else _reason(policy)
        return said

    def context(self, table: str, token: str) -> dict[str, str]:
        """What the handlers are told of a token that is let in."""
        event = {"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": "a/b/c/d"}
        context: dict[str, str] = self._authorizer(table).handler(event, CONTEXT)["context"]
        return context

    def _authorizer(self, table: str) -> Any:
        if table not in self._handlers:
            name = "functions.authorizer.handler"
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", self.endpoint)
                patch.setenv("KEYS_TABLE", table)
                sys.modules.pop(name, None)
                self._handlers[table] = importlib.import_module(name)
                sys.modules.pop(name, None)
        return self._handlers[table]


def lines_of(items: Iterable[dict[str, Any]]) -> list[str]:
    """The lines of those items that are audit events, as the recorder writes them."""
    events = [item for item in items if item["sk"]["S"].startswith("audit#")]
    records = [
        {"eventName": "INSERT", "dynamodb": {"NewImage": each, "SequenceNumber": str(number)}}
        for number, each in enumerate(events)
    ]
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        assert recorder({"Records": records}, CONTEXT) == {"batchItemFailures": []}
    return written.getvalue().splitlines()


def _reason(policy: dict[str, Any]) -> str:
    context: dict[str, str] = policy["context"]
    return context["verdict"]
