"""Reports: for people, as JSON and as SARIF."""

import json
from collections.abc import Callable

from ac_scan import sarif
from ac_scan.finding import Report

ADVICE = """End a key that leaked, with the key itself; no sign-in is needed:
    curl -X DELETE -H 'Authorization: Bearer ac_live_...' \\
        https://api.agentcontainer.com/api/v1/account/key
Then create another key and store it where programs get it from. Deleting the line is not enough."""


def as_text(report: Report) -> str:
    """A line for each key."""
    return "".join(
        f"{one.place}: AgentContainer API key {one.hint} ({one.spelling})\n"
        for one in report.findings
    )


def as_json(report: Report) -> str:
    """Everything that is known of each."""
    return json.dumps(report.as_dict(), indent=2) + "\n"


def as_sarif(report: Report) -> str:
    """For code scanning."""
    return json.dumps(sarif.log(report), indent=2) + "\n"


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
}


def summary(report: Report) -> str:
    """What was read and what was not; with a key found, what to do."""
    counts = f"{report.scanned} scanned, {report.binary} of them binary and skipped"
    allowed = f", {report.allowed} allowed" if report.allowed else ""
    lines = [f"ac-scan: {counts}; keys found: {len(report.findings)}{allowed}"]
    lines += [f"ac-scan: not read: {one}" for one in report.unread]
    return "\n".join(lines + [ADVICE] * bool(report.findings))
