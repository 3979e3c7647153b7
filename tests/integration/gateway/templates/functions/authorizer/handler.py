"""An authorizer that answers what the caller's header says: base64url of JSON behind `Bearer `."""

import base64
import json
import time
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    """`raises`, `sleeps` or `returns`; `$methodArn` in it stands for the event's."""
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    header = event.get("authorizationToken") or headers.get("authorization", "")
    _, _, said = header.partition(" ")
    if not said:
        raise ValueError("nobody said what to answer")
    told = json.loads(base64.urlsafe_b64decode(said))
    time.sleep(told.get("sleeps", 0))
    if "raises" in told:
        raise RuntimeError(told["raises"])
    text = json.dumps(told["returns"]).replace("$methodArn", event["methodArn"])
    return json.loads(text)
