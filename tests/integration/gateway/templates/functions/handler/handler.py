"""A handler that answers what the header X-Answer says: base64url of JSON. Without it, `{}`."""

import base64
import json
import time
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    """`raises`, `sleeps`, `fills` (a body of that size) or `returns`."""
    said = (event["headers"] or {}).get("X-Answer")
    told = json.loads(base64.urlsafe_b64decode(said)) if said else {}
    time.sleep(told.get("sleeps", 0))
    if "raises" in told:
        raise RuntimeError(told["raises"])
    if "fills" in told:
        return {"statusCode": 200, "body": "x" * told["fills"]}
    return told.get("returns", {"statusCode": 200, "body": "{}"})
