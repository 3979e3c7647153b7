"""PublicApi's authorizer: an API key in, a policy out.

A bad key is an answer, not an exception: it returns a Deny, which the gateway shapes into the 401,
with the reason in the context for the access log. Only a fault raises, and then the gateway answers
5xx. There is no cache here nor at the gateway, and the one read is strongly consistent, so what the
owner changes holds from the next request on.
"""

import json
import time
from typing import Any

from agentcontainer import settings
from agentcontainer.keys import lookup, token
from agentcontainer.keys.lookup import Lookup, Verdict
from agentcontainer.policy import policy
from agentcontainer.principal import key_context, refusal_context
from agentcontainer.table import Table

table = Table(settings.keys_table())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The policy for a TOKEN authorizer's event."""
    verdict, found, digest = _check(event["authorizationToken"])
    _log(verdict, found, digest, context.aws_request_id)
    if verdict is Verdict.VALID and found is not None:
        return policy("Allow", event["methodArn"], found.key_id, key_context(found, digest))
    refusal = refusal_context(verdict, found)
    return policy("Deny", event["methodArn"], refusal.get("keyId", "unknown"), refusal)


def _check(authorization: str) -> tuple[Verdict, Lookup | None, str]:
    secret = token.parse_header(authorization)
    if secret is None:
        return Verdict.MALFORMED, None, ""
    digest = token.digest(secret)
    item = table.get(*lookup.item_key(digest))
    found = None if item is None else lookup.from_item(item)
    return lookup.check(found, time.time_ns() // 1_000_000), found, digest


def _log(verdict: Verdict, found: Lookup | None, digest: str, request_id: str) -> None:
    line = {
        "message": "verdict",
        "verdict": verdict.value,
        "keyId": found.key_id if found else None,
        "digest": digest[:12],
        "requestId": request_id,
    }
    print(json.dumps(line))  # noqa: T201 -- Lambda's log is its standard output
