"""PublicApi's authorizer: an API key in, a policy out.

A bad key is an answer, not an exception: it returns a Deny, which the gateway shapes into the 401,
with the reason in the context for the access log. Only a fault raises, and then the gateway answers
5xx. There is no cache here nor at the gateway, and the one read is strongly consistent, so what the
owner changes holds from the next request on.

Every request waits for this, so it loads the standard library and our code alone, and connects
while Lambda starts it, when the processor is all its own.
"""

import time
from typing import Any

from agentcontainer import metrics, settings
from agentcontainer.auth.iam_policy import policy
from agentcontainer.auth.principal import key_context, refusal_context
from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from agentcontainer.keys import token, verification
from agentcontainer.keys.verification import Lookup, Verdict

table = GetItem(settings.keys_table())
try:
    table.warm()
except GetItemFailed as fault:
    # A store that is not there now may be there for the first request.
    metrics.warn("NOT_CONNECTED", str(fault))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The policy for a TOKEN authorizer's event."""
    secret = token.parse_header(event["authorizationToken"])
    digest = token.digest(secret) if secret else ""
    try:
        verdict, found = _check(digest)
    except Exception:
        _log("FAILED", None, digest, context)
        raise
    _log(verdict.value, found, digest, context)
    if verdict is Verdict.VALID and found is not None:
        return policy("Allow", event["methodArn"], found.key_id, key_context(found, digest))
    refusal = refusal_context(verdict, found)
    return policy("Deny", event["methodArn"], refusal.get("keyId", "unknown"), refusal)


def _check(digest: str) -> tuple[Verdict, Lookup | None]:
    if not digest:
        return Verdict.MALFORMED, None
    item = table.get(*verification.item_key(digest))
    found = None if item is None else verification.from_item(item)
    return verification.check(found, time.time_ns() // 1_000_000), found


def _log(verdict: str, found: Lookup | None, digest: str, context: Any) -> None:
    """The request's one line: never the token, of the digest no more than tells secrets apart."""
    line = {
        "message": "verdict",
        "verdict": verdict,
        "keyId": found.key_id if found else None,
        "digest": token.fingerprint(digest),
        "requestId": context.aws_request_id,
    }
    metrics.emit("Verdicts", "verdict", line)
