"""Log lines that are metrics too: one JSON object each, in CloudWatch's embedded metric format.

Source: "Specification: Embedded metric format" of the CloudWatch user guide. CloudWatch counts from
the line itself, so a metric costs no call, no library and no second line.
"""

import time
from collections.abc import Mapping

from agentcontainer import log, settings


def emit(metric: str, by: str, line: Mapping[str, object], number: int = 1) -> None:
    """Writes the line, and counts one (or `number`) in `metric` under the value of `by` in it.

    That value has to be one of a few: each is a metric of its own, and paid for.
    """
    directive = {
        "Namespace": settings.metrics_namespace(),
        "Dimensions": [[by]],
        "Metrics": [{"Name": metric, "Unit": "Count"}],
    }
    about = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [directive]}
    log.write({**line, metric: number, "_aws": about})


def warn(warning: str, error: str) -> None:
    """Says that something is wrong that callers do not notice yet: `Warnings` by `warning`."""
    emit("Warnings", "warning", {"level": "WARNING", "warning": warning, "error": error})
