"""What an access-log line of PublicApi tells of one request. Pure.

template.yaml writes the line, API Gateway fills it in: JSON with strings alone, `-` for what a
request has not. CloudWatch cuts off what is too long, and a release may read lines that another
wrote, so whatever is not understood is passed over and never a fault.
"""

import json
import re
from datetime import datetime
from typing import Any, Final, NamedTuple

from agentcontainer.clock import from_millis
from agentcontainer.keys.verification import Verdict
from agentcontainer.usage.outcomes import REFUSALS, REFUSED, outcome

VERSION: Final = "1"
"""Of the line's form. The readers of a new one are deployed before anything writes it."""

_ABSENT = "-"

# What has another form was not written by our authorizer.
_FORMS = {
    "keyId": re.compile(r"key_[0-9a-z]{26}"),
    "accountId": re.compile(r"(user|org)_[0-9A-Za-z_]{1,100}"),
    "verdict": re.compile(r"[A-Z]+"),
    "time": re.compile(r"[0-9]{13}"),
    "status": re.compile(r"[1-5][0-9]{2}"),
    "fingerprint": re.compile(r"[0-9a-f]{12}|-"),
}


class Use(NamedTuple):
    """One request with something that is, or was, a secret of a key."""

    key_id: str
    account_id: str
    at: datetime
    outcome: str
    refusal: str | None
    """What it is counted as besides, if it was refused for a reason that owners are told."""
    secret: str | None
    """The fingerprint of the secret that let it in; None for one that was refused."""


def read(message: str) -> Use | None:
    """The request that a line is about, or None if the line is not understood."""
    try:
        line: Any = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict) or line.get("v") != VERSION:
        return None
    if not all(_has_form(line.get(name), form) for name, form in _FORMS.items()):
        return None
    counted_as = outcome(int(line["status"]))
    let_in = line["verdict"] == Verdict.VALID.value and line["fingerprint"] != _ABSENT
    return Use(
        key_id=line["keyId"],
        account_id=line["accountId"],
        at=from_millis(int(line["time"])),
        outcome=counted_as,
        refusal=REFUSALS.get(line["verdict"]) if counted_as == REFUSED else None,
        secret=line["fingerprint"] if let_in else None,
    )


def _has_form(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
