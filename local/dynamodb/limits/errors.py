"""An error as DynamoDB sends it. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

_NAMESPACES = {
    "ThrottlingException": "com.amazon.coral.availability",
    "ValidationException": "com.amazon.coral.validate",
}
_DYNAMODB = "com.amazonaws.dynamodb.v20120810"


class Reason(NamedTuple):
    """Why one action of a transaction did not pass; "None" where it would have."""

    code: str = "None"
    message: str | None = None

    def json(self) -> dict[str, str]:
        """As the API reference describes it: without a message where there is no error."""
        return {"Code": self.code} | ({"Message": self.message} if self.message else {})


class AwsError(Exception):
    """A response with status 400; `members` are those of its body beside type and message."""

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members

    def json(self) -> dict[str, Any]:
        """The body of the response."""
        kind = f"{_NAMESPACES.get(self.code, _DYNAMODB)}#{self.code}"
        return {"__type": kind, "message": self.message} | self.members


def invalid(message: str) -> AwsError:
    """A request that DynamoDB does not accept."""
    return AwsError("ValidationException", message)


def cancelled(reasons: Sequence[Reason]) -> AwsError:
    """A transaction that changed nothing, with a reason for each of its actions."""
    codes = ", ".join(reason.code for reason in reasons)
    return AwsError(
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        CancellationReasons=[reason.json() for reason in reasons],
    )
