"""Access-log lines and deliveries of them, as API Gateway and CloudWatch Logs would make them."""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any

from local.logs.access_log import VARIABLE
from tests.support.events import event

KEY_ID = "key_01m85vr6h38tnqq4q62bxttx2k"
ACCOUNT_ID = "user_demo"
FINGERPRINT = "0123456789ab"
AT = 1_774_431_000_123
"""2026-03-25T09:30:00.123Z."""


def line(**members: str | int) -> str:
    """An understood line with changes."""
    valid = {
        "v": "1",
        "keyId": KEY_ID,
        "accountId": ACCOUNT_ID,
        "fingerprint": FINGERPRINT,
        "verdict": "VALID",
        "time": AT,
        "status": 200,
    }
    return json.dumps({name: str(value) for name, value in (valid | members).items()})


def rendered(format_: str, variables: dict[str, str]) -> str:
    """A Format of the template, filled in."""
    return VARIABLE.sub(lambda found: variables.get(found[1], "-"), format_)


def delivery(
    messages: Iterable[str], first_id: int = 0, kind: str = "DATA_MESSAGE"
) -> dict[str, Any]:
    """The event of a subscription; the lines' ids go up from the first."""
    told = read_delivery(event("usage_recorder/delivery"))
    told["messageType"] = kind
    told["logEvents"] = [
        {"id": f"{first_id + number:056d}", "timestamp": AT, "message": message}
        for number, message in enumerate(messages)
    ]
    return as_event(told)


def as_event(told: dict[str, Any]) -> dict[str, Any]:
    """What Lambda is sent for a delivery."""
    data = base64.b64encode(gzip.compress(json.dumps(told).encode(), mtime=0))
    return {"awslogs": {"data": data.decode()}}


def read_delivery(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What an event of a subscription says."""
    told: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(sent["awslogs"]["data"])))
    return told
