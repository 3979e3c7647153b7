"""Counts the requests of PublicApi from its access log, apart from them.

CloudWatch Logs delivers the lines about a key some time after the requests, at least once. Each
delivery is counted once, however often it comes and wherever an earlier attempt ended: the whole of
it is tried again, and what was counted is known by its mark. Last uses need none, for they only
ever go forward.

What cannot be read is passed over. What cannot be stored raises: Lambda tries the delivery twice
more, then it waits as a dead letter (docs/operations.md).
"""

import agentcontainer.gc_tuning  # noqa: F401 -- before the libraries, which it lets load faster

# isort: split
import base64
import gzip
import json
from typing import Any

from agentcontainer import metrics, settings
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys.last_use import LastUses
from agentcontainer.usage.access_log import read
from agentcontainer.usage.batch import Line, last_uses, parts
from agentcontainer.usage.store import UsageStore

table = Table(settings.keys_table())
usage = UsageStore(table)
keys = LastUses(table)


def handler(event: dict[str, Any], context: Any) -> None:
    """Lambda's entry, for an event of a CloudWatch Logs subscription."""
    lines = _lines(event)
    now = utc_now()
    for part in parts(lines):
        if part.counters and usage.count(part, now):
            # At once: when the delivery comes again after a fault, the part is known.
            for outcome, number in part.outcomes.items():
                metrics.emit("Requests", "outcome", {"outcome": outcome}, number)
    for secret, at in last_uses(lines).items():
        keys.advance(secret.account_id, secret.key_id, secret.fingerprint, at)
    if unread := sum(line.use is None for line in lines):
        metrics.warn("UNREADABLE_LINES", f"{unread} of {len(lines)}")


def _lines(event: dict[str, Any]) -> list[Line]:
    """The delivery's lines; none if it is not about lines: a subscription begins with a check."""
    delivery = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    if delivery["messageType"] != "DATA_MESSAGE":
        return []
    return [Line(each["id"], read(each["message"])) for each in delivery["logEvents"]]
