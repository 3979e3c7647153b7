"""What a Lambda authorizer answers. Pure.

The policy always covers the whole stage: one that names only the method asked for would, wherever
a policy is kept, refuse the caller's next route. What a caller may do there is the handlers' to
decide, from the context.
"""

from collections.abc import Mapping
from typing import Any, Literal


def policy(
    effect: Literal["Allow", "Deny"], method_arn: str, principal_id: str, context: Mapping[str, str]
) -> dict[str, Any]:
    """The answer for the request whose `methodArn` is given; a Deny has its reason in `context`."""
    api_and_stage = method_arn.split("/")[:2]
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": effect,
        "Resource": "/".join([*api_and_stage, "*", "*"]),
    }
    return {
        "principalId": principal_id,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }
