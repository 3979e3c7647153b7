"""The public document's own route, whose function has no resolver."""

from typing import Any

from agentcontainer.errors import StoreUnavailable
from agentcontainer.web.errors import InternalError, RateLimited
from tools.openapi.failures import Failures
from tools.openapi.headers import references

_TAG = "Document"
_ETAG = '"5f0c9bbf8d3c4a1f8f6e2d7b9a0c1e3d"'
TAGS = {_TAG: "This document."}

_KEPT = {
    "description": "It can be kept for five minutes.",
    "required": True,
    "schema": {"type": "string", "const": "public, max-age=300"},
    "example": "public, max-age=300",
}
_ANYBODY = {
    "description": "A page of any origin can read it.",
    "required": True,
    "schema": {"type": "string", "const": "*"},
    "example": "*",
}
_STATE = {
    "description": "Names this document, for `If-None-Match`.",
    "required": True,
    "schema": {"type": "string"},
    "example": _ETAG,
}
_HEADERS = {
    "Access-Control-Allow-Origin": _ANYBODY,
    "Cache-Control": _KEPT,
    "ETag": _STATE,
} | references(["X-Request-Id"])
_UNCHANGED = {"description": "The caller has the current document.", "headers": _HEADERS}
_PARAMETER = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` that the caller has; if it is still the one, the answer is 304.",
    "schema": {"type": "string"},
    "example": _ETAG,
}
_DESCRIPTION = "Needs no key. A page of any origin may ask."


def _operation(operation_id: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {
        "tags": [_TAG],
        "operationId": operation_id,
        "summary": summary,
        "description": _DESCRIPTION,
        "parameters": [_PARAMETER],
        "responses": responses,
        "security": [],
    }


def paths(failures: Failures) -> dict[str, Any]:
    """The route's operations; only API Gateway or a fault refuses them."""
    refusals = failures.only(RateLimited, InternalError, StoreUnavailable)
    found = {"description": "The document.", "headers": _HEADERS}
    content = {"content": {"application/yaml": {"schema": {"type": "object"}}}}
    unchanged = {"304": _UNCHANGED, **refusals}
    return {
        "/api/v1/openapi.yaml": {
            "get": _operation(
                "getOpenapi", "Get this document", {"200": found | content, **unchanged}
            ),
            "head": _operation(
                "headOpenapi", "See whether this document changed", {"200": found, **unchanged}
            ),
        }
    }
