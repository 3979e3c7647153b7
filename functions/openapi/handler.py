"""Serves the public OpenAPI document, the one route that needs no key. Standard library only."""

import hashlib
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).with_name("openapi.yaml").read_text(encoding="utf-8")
ETAG = f'"{hashlib.sha256(DOCUMENT.encode()).hexdigest()[:32]}"'


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """GET and HEAD of the document; 304 when the caller has it already."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, max-age=300",
        "Content-Type": "application/yaml",
        "ETag": ETAG,
        "X-Request-Id": event["requestContext"]["requestId"],
    }
    if _has_current(event):
        return {"statusCode": 304, "headers": headers, "body": ""}
    body = "" if event["httpMethod"] == "HEAD" else DOCUMENT
    return {"statusCode": 200, "headers": headers, "body": body}


def _has_current(event: dict[str, Any]) -> bool:
    """Weak comparison of If-None-Match with the ETag (RFC 9110, section 13.1.2).

    It is a list, in one line or in several, whatever the spelling of its name (5.3).
    """
    lines = [(name, [value]) for name, value in (event.get("headers") or {}).items()]
    lines += (event.get("multiValueHeaders") or {}).items()
    known = [value for name, values in lines if name.lower() == "if-none-match" for value in values]
    tags = {tag.strip(" \t").removeprefix("W/") for tag in ",".join(known).split(",")}
    return "*" in tags or ETAG in tags
