"""The stub as a child process, with the one key of `events/` in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from unittest.mock import patch

from agentcontainer.audit.event import Actor
from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.store import KeyStore
from bench.measure.stage import ENVIRONMENT
from bench.measure.stub import COUNTS
from blueprint.paths import ROOT


class DynamoDB:
    """The stub, running."""

    def __init__(self, ports: dict[str, int]) -> None:
        self._ports = ports

    def url(self, scheme: str) -> str:
        """Its address; its certificate is for a name, as AWS's are."""
        return f"{scheme}://localhost:{self._ports[scheme]}"

    def put_key(self) -> None:
        """Stores the key that the events are of, by the product's own store."""
        # Nothing of whoever runs this.
        found = ENVIRONMENT | {"AWS_ENDPOINT_URL_DYNAMODB": self.url("http")}
        with patch.dict(os.environ, found, clear=True):
            table = Table("Keys")
        key = _key()
        somebody = Actor("user", key.account_id, "192.0.2.1", None)
        store = KeyStore(table, AuditLog(table, timedelta(days=1)), key_limit=100)
        store.create(key.account_id, lambda: key, by=somebody, now=key.created_at)

    def counts(self) -> dict[str, int]:
        """How often each operation was asked for since this was asked for."""
        connection = HTTPConnection("127.0.0.1", self._ports["http"], timeout=10)
        try:
            connection.request("POST", "/", b"", {"X-Amz-Target": COUNTS})
            counts: dict[str, int] = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return counts


@contextmanager
def running() -> Iterator[DynamoDB]:
    """A stub that ends with the block."""
    command = [sys.executable, "-m", "bench.measure.stub"]
    with subprocess.Popen(  # noqa: S603 -- our own arguments
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None  # noqa: S101 -- it is a pipe
        assert process.stdout is not None  # noqa: S101 -- so is it
        try:
            yield DynamoDB(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(10)


def _key() -> ApiKey:
    authorizer = json.loads((ROOT / "events/authorizer/well-formed-key.json").read_text())
    account = json.loads((ROOT / "events/account/get.json").read_text())
    context = account["requestContext"]["authorizer"]
    secret = authorizer["authorizationToken"].removeprefix("Bearer ")
    return ApiKey(
        id=context["keyId"],
        account_id=context["accountId"],
        name="Bench",
        scopes=("agents:read", "agents:write"),
        secrets=(Secret(token.digest(secret), token.hint(secret)),),
        created_at=datetime.now(UTC),
        created_by=context["accountId"],
    )
