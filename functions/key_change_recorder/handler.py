"""Keeps one JSON line of each change to a key, in a log group that outlives the table's items.

It reads the stream of the table, which has a change's audit event as soon as the transaction is
done: whatever becomes of the function that made the change, its line is written, and no request
waits for it. A line can come twice, and its readers know.
"""

import traceback
from typing import Any

from agentcontainer import log
from agentcontainer.dynamodb.item import decode_item
from agentcontainer.keys.change_line import to_line
from agentcontainer.keys.token import redact


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry: records of the stream, each an audit event that was inserted.

    One that cannot be read keeps none of the others from being written; Lambda brings it again, and
    gives up in the queue that has an alarm.
    """
    failed = [record for record in event["Records"] if not _write(record)]
    return {
        "batchItemFailures": [
            {"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in failed
        ]
    }


def _write(record: dict[str, Any]) -> bool:
    try:
        line = to_line(decode_item(record["dynamodb"]["NewImage"]))
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, the others are not to wait
        stack = redact(traceback.format_exc())
        log.write({"level": "ERROR", "message": "unreadable record", "stack": stack})
        return False
    log.write(line)
    return True
