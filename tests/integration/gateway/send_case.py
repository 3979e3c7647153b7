"""Sends the requests of a case and checks what comes back."""

import base64
import json
from typing import Any

from tests.integration.gateway.catalogue import Case
from tests.integration.gateway.checks import check_answer, filled
from tests.integration.gateway.target import Answer, Target


def play(target: Target, case: Case) -> None:
    """Every request of the case is answered as its row says."""
    for step in steps(case):
        check_answer(_send(target, step), step["answer"], target.words)


def steps(case: Case) -> list[dict[str, Any]]:
    """The requests of a case; one of its own where it lists none."""
    own = {name: getattr(case, name) for name in ("request", "authorization", "says", "does")}
    own |= {"headers": case.headers, "body_bytes": case.body_bytes, "answer": case.answer}
    return case.steps or [own]


def _send(target: Target, step: dict[str, Any]) -> Answer:
    method, _, path = filled(step["request"], target.words).partition(" ")
    headers = [(name, filled(value, target.words)) for name, value in step.get("headers") or ()]
    if step.get("authorization") is not None:
        headers.append(("Authorization", filled(step["authorization"], target.words)))
    if step.get("says") is not None:
        headers.append(("Authorization", f"Bearer {_encoded(step['says'])}"))
    if step.get("does") is not None:
        headers.append(("X-Answer", _encoded(step["does"])))
    return target.send(method, path, headers, b"x" * step.get("body_bytes", 0))


def _encoded(told: object) -> str:
    """What a fixture's function is told, as it reads it."""
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
