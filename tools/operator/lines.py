"""The lines of the events that are in a table: what the log would have, from the second copy."""

import json
from collections.abc import Iterator
from datetime import datetime

from agentcontainer.clock import to_millis
from agentcontainer.keys.change_line import to_line
from tools.operator.issued import scan


def lines(table: str, since: datetime, *, read_units: float) -> Iterator[str]:
    """A line for each event from a moment on, in no order. Nothing is written."""
    for item in scan(table, read_units):
        if item["sk"].startswith("audit#") and item["createdAt"] >= to_millis(since):
            yield json.dumps(to_line(item))
