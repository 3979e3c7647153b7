"""A report as SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ac_scan.finding import Finding, Report
from ac_scan.version import VERSION

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULE: dict[str, Any] = {
    "id": "agentcontainer-api-key",
    "name": "AgentContainerApiKey",
    "shortDescription": {"text": "AgentContainer API key"},
    "fullDescription": {"text": "An API key with a right checksum: whoever reads it can use it."},
    "help": {"text": "End the key with DELETE /api/v1/account/key, then create another."},
    "defaultConfiguration": {"level": "error"},
    # From 9.0 up GitHub calls it critical.
    "properties": {"security-severity": "9.8", "tags": ["security", "secret"]},
}


def log(report: Report) -> dict[str, Any]:
    """One run of the kit."""
    driver = {"name": "ac-scan", "semanticVersion": VERSION, "rules": [_RULE]}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "results": [_result(one) for one in report.findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(report: Report) -> dict[str, Any]:
    notes = [{"level": "error", "message": {"text": f"not read: {one}"}} for one in report.unread]
    return {"executionSuccessful": not report.unread, "toolExecutionNotifications": notes}


def _result(one: Finding) -> dict[str, Any]:
    history = f", in commit {one.commit}" if one.commit else ""
    return {
        "ruleId": _RULE["id"],
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": f"AgentContainer API key {one.hint} ({one.spelling}){history}"},
        "locations": [{"physicalLocation": _location(one)}],
        "partialFingerprints": {"tokenSha256/v1": one.sha256},
    }


def _location(one: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(one.path)}}
    if one.line is not None:
        location["region"] = {"startLine": one.line}
    return location


def _uri(path: str) -> str:
    if os.path.isabs(path):
        return Path(path).as_uri()
    return quote(Path(path).as_posix())
