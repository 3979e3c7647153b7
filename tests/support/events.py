"""What tests share that is not a fixture."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3

from agentcontainer.audit.event import Actor
from agentcontainer.audit.store import AuditLog
from agentcontainer.auth.principal import SessionPrincipal, session_context
from agentcontainer.dynamodb.table import Table
from agentcontainer.idempotency import Once
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey
from agentcontainer.keys.store import KeyStore
from blueprint.paths import ROOT

VECTORS = json.loads((ROOT / "tests/data/clerk-session-vectors.json").read_text())

PARAMETERS = {
    "Release": "0" * 64,
    "ClerkIssuer": VECTORS["issuer"],
    "ClerkJwks": json.dumps(VECTORS["jwks"]["main"]),
    "ClerkAuthorizedParties": ",".join(VECTORS["authorized_parties"]),
    "DashboardOrigin": "https://app.agentcontainer.test",
}
"""Values for the template's parameters: an instance whose session tokens the vectors are."""

AGENT = {
    "name": "analyst",
    "basePrompt": "You are an analyst.",
    "defaultModel": "claude-sonnet-4.6",
    "runtime": {"containerImage": "ghcr.io/acme/python:2026-03-30"},
}
"""A new agent, as it is sent."""

UNAUTHORIZED_KEY = {"error": {"code": "unauthorized", "message": "Invalid or missing API key."}}
UNAUTHORIZED_SESSION = {"error": {"code": "unauthorized", "message": "Invalid or missing session."}}

CONTEXT = SimpleNamespace(
    aws_request_id="11111111-2222-4333-8444-555555555555",
    function_name="test",
    get_remaining_time_in_millis=lambda: 10_000,
)
"""Lambda's context object."""


def event(name: str) -> dict[str, Any]:
    """An event of `events/`, fresh."""
    value: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text())
    return value


def session_event(
    name: str, *, user: str = "user_demo", org: str | None = None, role: str = ""
) -> dict[str, Any]:
    """An event of `events/` as another person."""
    changed = event(name)
    principal = SessionPrincipal(org or user, user, "sess_1", role or None)
    changed["requestContext"]["authorizer"] = session_context(principal)
    return changed


def asking(
    request: dict[str, Any],
    method: str,
    path: str,
    sent: object = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """An event as another request; `sent` is its JSON body, or a str as it stands."""
    parameters = dict(query or {})
    all_headers = request["headers"] | {"Content-Type": "application/json"} | dict(headers or {})
    return request | {
        "httpMethod": method,
        "path": path,
        # A catch-all's: routes are found by the path alone.
        "resource": "/{proxy+}",
        "body": sent if sent is None or isinstance(sent, str) else json.dumps(sent),
        "headers": all_headers,
        "multiValueHeaders": {name: [value] for name, value in all_headers.items()},
        "queryStringParameters": parameters or None,
        "multiValueQueryStringParameters": {n: [v] for n, v in parameters.items()} or None,
    }


SOMEBODY = Actor("user", "user_1", "192.0.2.1", "a browser")
"""Who asks, where it does not matter."""


def key_store(key_limit: int = 100) -> KeyStore:
    """A store on the table that there is."""
    table = Table("Keys")
    return KeyStore(table, AuditLog(table, timedelta(days=400)), key_limit)


def store_key(store: KeyStore, key: ApiKey, once: Once | None = None) -> ApiKey:
    """Stores a key as new; the key that is there afterwards."""
    now = key.created_at
    return store.create(key.account_id, lambda: key, by=SOMEBODY, now=now, once=once).value


def tokens_in(text: str) -> set[str]:
    """Every real token, form and checksum, that stands in a text."""
    return {found for found in re.findall(r"ac_live_[0-9A-Za-z]{38}", text) if token.parse(found)}


def stored(endpoint: str | None = None) -> str:
    """All items of all tables, as text."""
    client = boto3.client("dynamodb", endpoint_url=endpoint)
    return "".join(
        json.dumps(page["Items"])
        for name in client.list_tables()["TableNames"]
        for page in client.get_paginator("scan").paginate(TableName=name)
    )


def body(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a function's answer."""
    value: dict[str, Any] = json.loads(answer["body"])
    return value


def effect(policy: Mapping[str, Any]) -> str:
    """Allow or Deny: what an authorizer's answer says."""
    [statement] = policy["policyDocument"]["Statement"]
    effect: str = statement["Effect"]
    return effect


def header(answer: Mapping[str, Any], name: str) -> str | None:
    """The one value of a header of a function's answer."""
    values = answer.get("multiValueHeaders", {}).get(name, [answer.get("headers", {}).get(name)])
    assert len(values) == 1
    value: str | None = values[0]
    return value
