"""A subscription of a function to a log group: CloudWatch Logs' part, and Lambda's queue's.

Lines that the filter lets through are delivered together, a moment later, as CloudWatch sends them
(JSON, gzip, base64). A delivery that fails is tried twice more, as Lambda does it, and is then a
dead letter: a sentence says so, for there is no queue here.
"""

import base64
import gzip
import json
import queue
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from blueprint.template.translation import ACCOUNT_ID
from local.functions.function import Invoke
from local.functions.function_process import FunctionFailed

_PATTERN = re.compile(r'\{ \$\.(\w+) = "([^"*]*)\*" \}')
_WAIT_SECONDS = 1.0
_MOST_LINES = 250
_ATTEMPTS = 3


class Filter(NamedTuple):
    """Lets lines through that are JSON and have a member with this beginning."""

    member: str
    prefix: str

    def admits(self, line: str) -> bool:
        """Whether the line is let through."""
        try:
            value = json.loads(line)[self.member]
        except (ValueError, TypeError, LookupError):
            return False
        return isinstance(value, str) and value.startswith(self.prefix)


def read_filter(pattern: str) -> Filter | None:
    """The filter of a pattern such as `{ $.keyId = "key_*" }`; None for any other."""
    match = _PATTERN.fullmatch(pattern)
    return Filter(*match.groups()) if match else None


class Subscription:
    """Tells a function of lines, from a thread of its own."""

    def __init__(self, name: str, log_group: str, filter_: Filter, invoke: Invoke) -> None:
        self._name = name
        self._log_group = log_group
        self._filter = filter_
        self._invoke = invoke
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._ids = _ids()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._deliver_until_stopped, daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Delivers a line later, if the filter lets it through."""
        if self._filter.admits(line):
            with self._lock:
                event = {"id": next(self._ids), "timestamp": _now(), "message": line}
                self._lines.put(event)

    def stop(self) -> None:
        """Delivers what is left, and ends."""
        self._lines.put(None)
        self._thread.join()

    def _deliver_until_stopped(self) -> None:
        stopped = False
        while not stopped:
            events = [self._lines.get()]
            # Requests come in groups; a delivery holds a second of them.
            ends = time.monotonic() + _WAIT_SECONDS
            while None not in events and len(events) < _MOST_LINES:
                try:
                    events.append(self._lines.get(timeout=max(0, ends - time.monotonic())))
                except queue.Empty:
                    break
            stopped = None in events
            if lines := [event for event in events if event is not None]:
                self._deliver(lines)

    def _deliver(self, events: list[dict[str, Any]]) -> None:
        sent = self._event(events)
        for _ in range(_ATTEMPTS):
            try:
                self._invoke(sent)
            except FunctionFailed:
                continue
            return
        print(
            f"{self._name}: {len(events)} lines of the access log could not be delivered; "
            "the functions' logs say why",
            file=sys.stderr,
            flush=True,
        )

    def _event(self, events: list[dict[str, Any]]) -> Mapping[str, Any]:
        delivery = {
            "messageType": "DATA_MESSAGE",
            "owner": ACCOUNT_ID,
            "logGroup": self._log_group,
            "logStream": "local",
            "subscriptionFilters": [self._name],
            "logEvents": events,
        }
        data = base64.b64encode(gzip.compress(json.dumps(delivery).encode()))
        return {"awslogs": {"data": data.decode()}}


def _ids() -> Iterator[str]:
    """Unique, also beyond a restart: 56 digits, as CloudWatch's are."""
    number = time.time_ns() << 64
    while True:
        number += 1
        yield f"{number:056d}"


def _now() -> int:
    return time.time_ns() // 1_000_000
