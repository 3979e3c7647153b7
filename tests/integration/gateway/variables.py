"""The product's template with a Clerk instance of our own, and what its callers hold."""

import json
from pathlib import Path
from typing import Any

from agentcontainer.keys import token
from local.clerk.instance import Clerk
from tests.integration.gateway.stack import Stack
from tests.integration.gateway.target import Target

ORIGIN = "http://localhost:3000"


def parameters(data: Path) -> dict[str, str]:
    """Values for the template's parameters; the instance's key pair is kept in the folder."""
    clerk = Clerk(data / "clerk-key.pem", ORIGIN)
    return {
        "Release": "0" * 64,
        "ClerkIssuer": clerk.issuer,
        "ClerkJwks": clerk.jwks,
        "ClerkAuthorizedParties": ORIGIN,
        "DashboardOrigin": ORIGIN,
    }


def words(stack: Stack, data: Path) -> dict[str, str]:
    """What the rows write in braces: a good key among them, made through the product."""
    session = Clerk(data / "clerk-key.pem", ORIGIN).session_token("user_demo")
    dashboard = Target(stack.url("DashboardApi"), {})
    headers = [("Authorization", f"Bearer {session}"), ("Content-Type", "application/json")]

    def post(path: str, body: bytes = b"{}") -> Any:
        answer = dashboard.send("POST", f"/dashboard/v1/api-keys{path}", headers, body)
        assert answer.status in {200, 201}, answer
        return json.loads(answer.body)

    key, revoked = post("", b'{"name": "rows"}'), post("", b'{"name": "revoked"}')
    post(f"/{revoked['id']}/revoke")
    return strangers() | {
        "key": key["token"],
        "key_id": key["id"],
        "revoked": revoked["token"],
        "revoked_id": revoked["id"],
        "origin": ORIGIN,
        "session": session,
    }


def strangers() -> dict[str, str]:
    """Tokens that nobody was ever given."""
    unknown = token.mint()
    return {
        "unknown": unknown,
        "wrong": unknown[:-1] + ("0" if unknown[-1] != "0" else "1"),
        "10241": "x" * 10_241,
        "1600": "x" * 1600,
    }
