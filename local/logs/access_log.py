"""A stage's access log: the line of each request, as the template's Format has it.

Kept in a file, of which there is never more than a few megabytes, and told to whom subscribes.
"""

import os
import re
import threading
from pathlib import Path

from local.apigateway.calls import Call
from local.logs.subscription import Subscription

MAX_LINE_BYTES = 1024
"""CloudWatch cuts off what is longer."""

VARIABLE = re.compile(r"\$context\.([\w.]*\w)")
KNOWN = frozenset(
    {"apiId", "error.responseType", "extendedRequestId", "httpMethod", "identity.sourceIp"}
    | {"integration.latency", "requestId", "requestTimeEpoch", "resourcePath", "responseLatency"}
    | {"stage", "status", "wafResponseCode"}
)
"""What a Format may name, beside `authorizer` and what an authorizer says."""

_MOST_BYTES = 2_000_000


class AccessLog:
    """Writes lines, and tells subscriptions of them; safe to call from many threads."""

    def __init__(self, format_: str, file: Path, subscriptions: list[Subscription]) -> None:
        self._format = format_
        self._file = file
        self._subscriptions = subscriptions
        self._lock = threading.Lock()

    def write(self, call: Call, resource: str, status: int, seconds: float) -> None:
        """Writes a request's line; what there is not of it is a dash."""
        variables = {
            **call.context,
            **call.facts,
            "identity.sourceIp": call.request.source_ip,
            "requestTimeEpoch": str(int(call.at.timestamp() * 1000)),
            "resourcePath": resource or "-",
            "responseLatency": str(round(seconds * 1000)),
            "status": str(status),
        }
        line = VARIABLE.sub(lambda found: variables.get(found[1], "-"), self._format)
        line = line.encode()[:MAX_LINE_BYTES].decode(errors="ignore")
        with self._lock:
            self._append(line)
        for subscription in self._subscriptions:
            subscription.put(line)

    def stop(self) -> None:
        """Delivers what is not delivered yet."""
        for subscription in self._subscriptions:
            subscription.stop()

    def _append(self, line: str) -> None:
        if self._file.exists() and self._file.stat().st_size > _MOST_BYTES:
            self._file.replace(self._file.with_name(self._file.name + ".1"))
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(line + "\n")
