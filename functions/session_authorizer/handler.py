"""DashboardApi's authorizer: a Clerk session token in, a policy out."""

import json
import time
from typing import Any

from agentcontainer import log, settings
from agentcontainer.auth.clerk import Session, SessionRejected, SessionVerifier
from agentcontainer.auth.iam_policy import policy
from agentcontainer.auth.principal import SessionPrincipal, session_context

verifier = SessionVerifier(
    json.loads(settings.clerk_jwks()),
    settings.clerk_issuer(),
    settings.clerk_authorized_parties(),
    audiences=settings.clerk_audiences(),
)
if not verifier.keys:
    raise ValueError("CLERK_JWKS holds no RSA signature key for RS256")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The policy for a TOKEN authorizer's event. A bad token is an answer, as in `authorizer`."""
    _, _, token = event["authorizationToken"].partition(" ")
    try:
        session = verifier.verify(token.lstrip(" "), now=time.time())
    except SessionRejected as rejected:
        _log(rejected.reason, None, context.aws_request_id)
        return policy("Deny", event["methodArn"], "unknown", {"verdict": rejected.reason})
    _log("VALID", session, context.aws_request_id)
    caller = SessionPrincipal(
        account_id=session.org_id or session.user_id,
        user_id=session.user_id,
        session_id=session.session_id,
        role=session.org_role,
    )
    return policy("Allow", event["methodArn"], session.user_id, session_context(caller))


def _log(verdict: str, session: Session | None, request_id: str) -> None:
    log.write(
        {
            "message": "verdict",
            "verdict": verdict,
            "userId": session.user_id if session else None,
            "orgId": session.org_id if session else None,
            "sessionId": session.session_id if session else None,
            "requestId": request_id,
        }
    )
