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
    "description": "The response may be cached for five minutes.",
    "required": True,
    "schema": {"type": "string", "const": "public, max-age=300"},
    "example": "public, max-age=300",
}
_ANYBODY = {
    "description": "Pages of any origin may read the response.",
    "required": True,
    "schema": {"type": "string", "const": "*"},
    "example": "*",
}
_STATE = {
    "description": "Identifies this version of the document, for `If-None-Match`.",
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
    "description": (
        "The `ETag` of the copy that the caller has. If it is current, the response is 304."
    ),
    "schema": {"type": "string"},
    "example": _ETAG,
}
_DESCRIPTION = "No API key is needed. Pages of any origin may read it."


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
                "headOpenapi",
                "Check whether this document has changed",
                {"200": found, **unchanged},
            ),
        }
    }
