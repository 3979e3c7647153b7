"""The API key of a request: its account, its permissions, and how to revoke it.

Its resolver is also behind the gateway's catch-alls: every path and method of the API that no other
route serves.
"""

import agentcontainer.gc_tuning  # noqa: F401 -- before the libraries, which it lets load faster

# isort: split
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response

from agentcontainer import settings
from agentcontainer.audit.store import AuditLog
from agentcontainer.auth.rate_limit import RateCounter
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import NotFound
from agentcontainer.keys.store import KeyStore
from agentcontainer.web.errors import InternalError
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.models import Answer
from agentcontainer.web.resolver import Api
from agentcontainer.web.schemas import OwnKey

table = Table(settings.keys_table())
store = KeyStore(table, AuditLog(table, settings.audit_retention()), settings.key_limit())
api = Api(KeyCaller(RateCounter(table)), tag="Account")
api.load_api_routes(Path(__file__).with_name("routes.json"))


class Account(Answer):
    """The account that an API key acts for."""

    id: str
    """The id of a user or an organization. Everything the key can see or create belongs to it."""
    type: Literal["user", "organization"]
    key: OwnKey
    """The key that made this request."""


@api.endpoint("GET", "/api/v1/account")
def get_account() -> Account:
    """Get the account and the API key of this request.

    Use it to check that a key works and what it may do.
    """
    caller = api.principal
    with _own_key():
        key = store.get(caller.account_id, caller.key_id)
    kind: Literal["user", "organization"] = (
        "organization" if caller.account_id.startswith("org_") else "user"
    )
    return Account(id=caller.account_id, type=kind, key=OwnKey.of(key, utc_now()))


@api.endpoint("DELETE", "/api/v1/account/key", enforce_limits=False, status=HTTPStatus.NO_CONTENT)
def delete_account_key() -> Response[None]:
    """End the key of this request.

    Takes effect immediately and cannot be undone. Anyone who finds a leaked key can revoke it this
    way, regardless of its scopes, networks and rate limit. The newest token revokes the key; the
    older token of a rotation ends alone.
    """
    now, caller = utc_now(), api.principal
    with _own_key():
        store.change(
            caller.account_id,
            caller.key_id,
            lambda key: key.end_secret(now, caller.digest),
            by=api.actor,
            now=now,
        )
    return Response(HTTPStatus.NO_CONTENT)


@contextmanager
def _own_key() -> Iterator[None]:
    """Where the key that makes the request is read: the authorizer has just seen it.

    If it is not there the store disagrees with itself, which is our fault and nobody's 404.
    """
    try:
        yield
    except NotFound as gone:
        raise InternalError from gone


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
