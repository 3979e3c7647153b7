import fnmatch
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.apigateway.policy import Decision, MalformedPolicy, decide

ARN = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live/GET/a/b"


def statement(effect: str, resource: Any, action: Any = "execute-api:Invoke") -> dict[str, Any]:
    """A statement of a policy."""
    return {"Effect": effect, "Action": action, "Resource": resource}


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([], Decision.IMPLICIT_DENY),
        ([statement("Allow", ARN)], Decision.ALLOW),
        ([statement("Allow", ["x", "*"])], Decision.ALLOW),
        (statement("Allow", "*", "*"), Decision.ALLOW),
        ([statement("Allow", "*", "EXECUTE-API:invoke")], Decision.ALLOW),
        ([statement("Allow", "*", "execute-api:ManageConnections")], Decision.IMPLICIT_DENY),
        ([statement("Allow", ARN + "/c")], Decision.IMPLICIT_DENY),
        ([statement("Allow", "*"), statement("Deny", ARN)], Decision.DENY),
        ([statement("Deny", "*"), statement("Allow", ARN)], Decision.DENY),
        ([statement("Deny", "other"), statement("Allow", ARN)], Decision.ALLOW),
    ],
)
def test_a_deny_wins_and_silence_denies(statements: Any, decision: Decision) -> None:
    """IAM's evaluation, which SAM CLI's emulator gets wrong."""
    assert decide({"Statement": statements}, ARN) is decision


@given(st.text("ab/*?:", max_size=8), st.text("ab/:", max_size=8))
def test_wildcards_cross_slashes(pattern: str, value: str) -> None:
    """`*` is any run and `?` any one character; fnmatch is the oracle."""
    allowed = decide({"Statement": [statement("Allow", pattern)]}, value) is Decision.ALLOW
    assert allowed == fnmatch.fnmatchcase(value, pattern)


@pytest.mark.parametrize("policy", [None, "Allow", [], {}, {"Statement": ["x"]}, {"Version": "1"}])
def test_what_is_no_policy_is_told_apart(policy: object) -> None:
    """The gateway answers 500 to it, not a refusal."""
    with pytest.raises(MalformedPolicy):
        decide(policy, ARN)
