"""Every error that a caller can meet, and the envelope that carries it. Pure.

Public text lives here and nowhere else; what must not leave goes into logs. The gateway's own
answers in template.yaml carry the same bodies, which a test compares with this module.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

INVALID_KEY = "Invalid or missing API key."
INVALID_SESSION = "Invalid or missing session."


class Detail(NamedTuple):
    """What is wrong with one part of a request."""

    location: str  # body, query, path or header
    field: str
    code: str
    message: str


class ApiError(Exception):
    """An answer other than success. Its arguments are public."""

    status: ClassVar[int]
    code: ClassVar[str]

    def __init__(
        self,
        message: str,
        *,
        details: Sequence[Detail] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.headers = dict(headers or {})

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The envelope. The 401's has exactly `code` and `message`, whoever asks."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.status == Unauthorized.status:
            return {"error": error}
        if request_id:
            error["requestId"] = request_id
        if self.details:
            error["details"] = [
                {"in": d.location, "field": d.field, "code": d.code, "message": d.message}
                for d in self.details
            ]
        return {"error": error}


class InvalidRequest(ApiError):
    """The request is not what the document asks for."""

    status = 400
    code = "invalid_request"

    def __init__(self, *, details: Sequence[Detail]) -> None:
        message = "The request has parts that are missing, unknown or not allowed."
        super().__init__(message, details=details)


class InvalidCursor(ApiError):
    """The cursor does not decode, or belongs to another list."""

    status = 400
    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__("The cursor is not one that this list has given out.")


class Unauthorized(ApiError):
    """No credential, or a bad one; it never says which."""

    status = 401
    code = "unauthorized"


class Forbidden(ApiError):
    """The credential is good and does not allow this."""

    status = 403
    code = "forbidden"


class NotFound(ApiError):
    """No such thing in this account, or no such route."""

    status = 404
    code = "not_found"


class MethodNotAllowed(ApiError):
    """The path exists; the method does not."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, allowed: Sequence[str]) -> None:
        allow = ", ".join(sorted(allowed))
        super().__init__(f"This path answers to {allow} only.", headers={"Allow": allow})


class Conflict(ApiError):
    """What the request names is in a state that does not allow this; `details` names the state."""

    status = 409
    code = "conflict"

    def __init__(self, what: str, state: str) -> None:
        message = f"This {what} is {state}, and that is final."
        super().__init__(message, details=[Detail("path", f"{what}Id", state, message)])


class RotationInProgress(ApiError):
    """Two secrets work already, and the caller did not say which gives way."""

    status = 409
    code = "rotation_in_progress"

    def __init__(self) -> None:
        super().__init__(
            "An older token of this key still works. Say which one ends now: replace the newest "
            "(it was never received) or the oldest."
        )


class KeyLimitReached(ApiError):
    """The account has as many live keys as it may."""

    status = 409
    code = "key_limit_reached"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The account has {limit} live keys, the most it may. Revoke one first.")


class AccountMismatch(ApiError):
    """The session is for another account than the one that the request means."""

    status = 409
    code = "account_mismatch"

    def __init__(self) -> None:
        super().__init__("The session is for another account than AgentContainer-Account names.")


class PreconditionFailed(ApiError):
    """The thing has changed since the caller read it."""

    status = 412
    code = "precondition_failed"

    def __init__(self) -> None:
        super().__init__("It has changed since it was read. Read it again.")


class PayloadTooLarge(ApiError):
    """The body is over the limit."""

    status = 413
    code = "payload_too_large"


class UnsupportedMediaType(ApiError):
    """The body is not JSON."""

    status = 415
    code = "unsupported_media_type"


class IdempotencyMismatch(ApiError):
    """The Idempotency-Key was used for a request with another body."""

    status = 422
    code = "idempotency_mismatch"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another body. Use a new one.")


class RateLimited(ApiError):
    """More requests than the key may make in this window, or than the API bears."""

    status = 429
    code = "rate_limited"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            "This API key has made as many requests as it may for now.",
            headers={"Retry-After": str(retry_after_seconds)},
        )


class InternalError(ApiError):
    """Our fault."""

    status = 500
    code = "internal_error"

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side.")


class ServiceUnavailable(ApiError):
    """A part that we depend on does not answer; trying again helps."""

    status = 503
    code = "service_unavailable"

    def __init__(self) -> None:
        super().__init__("The service is unavailable. Try again.", headers={"Retry-After": "1"})
