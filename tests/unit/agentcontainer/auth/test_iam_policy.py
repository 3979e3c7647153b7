import pytest

from agentcontainer.auth.iam_policy import policy
from local.apigateway.policy import Decision, decide

ARN = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live/GET/api/v1/account"


@pytest.mark.parametrize(
    "path", ["GET/api/v1/account", "DELETE/api/v1/account/key", "POST/", "GET/a/b/c/d"]
)
def test_a_policy_covers_the_whole_stage(path: str) -> None:
    """Whatever route it was made for, it says the same of every other."""
    other = f"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live/{path}"
    allow = policy("Allow", ARN, "key_1", {})
    deny = policy("Deny", ARN, "key_1", {})
    assert decide(allow["policyDocument"], other) is Decision.ALLOW
    assert decide(deny["policyDocument"], other) is Decision.DENY


def test_a_policy_says_nothing_of_other_apis_and_stages() -> None:
    """It cannot open a door that it was not asked about."""
    allow = policy("Allow", ARN, "key_1", {})
    for other in (ARN.replace("a1b2c3d4e5", "zzzzzzzzzz"), ARN.replace("/live/", "/test/")):
        assert decide(allow["policyDocument"], other) is Decision.IMPLICIT_DENY


def test_a_method_arn_without_a_path_is_covered() -> None:
    """The root's ARN ends in a slash."""
    root = ARN.replace("api/v1/account", "")
    assert decide(policy("Allow", root, "k", {})["policyDocument"], root) is Decision.ALLOW


def test_a_policy_is_in_the_form_that_api_gateway_reads() -> None:
    """Member by member: what it does not know it refuses, as a 500 for every caller."""
    assert policy("Deny", ARN, "key_1", {"verdict": "REVOKED"}) == {
        "principalId": "key_1",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Deny",
                    "Resource": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/live/*/*",
                }
            ],
        },
        "context": {"verdict": "REVOKED"},
    }
