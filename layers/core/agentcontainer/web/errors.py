"""Every error response: status, code, words, headers, and its name in the documents. Pure.

Public text lives here and nowhere else; what must not leave goes into logs. The gateway's own
responses in template.yaml carry the same bodies, which a test compares with this module.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from agentcontainer import errors

INVALID_KEY = "Invalid or missing API key."
INVALID_SESSION = "Invalid or missing session."

# What a member or parameter has to be, for `details`.
A_DECIMAL = "a whole number in decimal digits"
A_JSON_OBJECT = "a JSON object is needed"
A_LINE = "something besides spaces, without control or bidirectional characters"
A_NETWORK = "an IPv4 or IPv6 address, or a network such as 192.0.2.0/24"
A_TEXT = "without control characters besides tabs and line ends"
A_TIME = "a time as RFC 3339 writes it, such as 2026-03-25T09:30:00.000Z"
AN_ETAG = 'an ETag in its quotes, such as "1", or *'
AN_IMAGE = "an image's name, such as ghcr.io/acme/python:2026-03-30"
IN_RANGE = "a time between the years 1 and 9999 in UTC"
NOT_UTF_8 = (
    "it holds an octet that is not UTF-8, or U+FFFD; if you mean that character, write it "
    r"as \ufffd"
)
SCOPES_ONCE = "a scope stands here twice"
NETWORKS_ONCE = "a network stands here twice"


class Detail(NamedTuple):
    """What is wrong with one part of a request."""

    location: str
    """body, query, path or header"""
    field: str
    code: str
    message: str


class RequestError(Exception):
    """A request that HTTP's rules, the route's or the API's keep from the domain."""


class InvalidRequest(RequestError):
    """It is not what the document asks for; `details` say where."""

    def __init__(self, details: Sequence[Detail]) -> None:
        super().__init__(details)
        self.details = details


class InvalidCursor(RequestError):
    """The cursor is malformed or belongs to another list."""


class Unauthorized(RequestError):
    """No credential, or a bad one; `message` is the API's one text for both."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Forbidden(RequestError):
    """The credential is good and does not allow this; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MethodNotAllowed(RequestError):
    """The path exists and takes these methods alone."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(allowed)
        self.allow = ", ".join(sorted(allowed))


class AccountMismatch(RequestError):
    """The session is for another account than the request is meant for."""


class PayloadTooLarge(RequestError):
    """The body has more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class UnsupportedMediaType(RequestError):
    """The body is not JSON, or not sent as text."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RateLimited(RequestError):
    """The key has made as many requests as it may in this window."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class InternalError(RequestError):
    """A fault of ours, where no other exception says so."""


class Said(NamedTuple):
    """What a response says of one error."""

    message: str
    details: Sequence[Detail] = ()
    headers: Mapping[str, str] = {}


class Kind(NamedTuple):
    """How every error of a type is answered."""

    status: HTTPStatus
    code: str
    name: str
    """Its component's in the documents."""
    about: str
    """What the documents say of it."""
    say: Callable[[Any], Said]


class ErrorResponse(NamedTuple):
    """A response other than success."""

    status: HTTPStatus
    code: str
    message: str
    details: Sequence[Detail] = ()
    headers: Mapping[str, str] = {}

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The envelope. The 401's has exactly `code` and `message`, whoever asks."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.status == HTTPStatus.UNAUTHORIZED:
            return {"error": error}
        if request_id:
            error["requestId"] = request_id
        if self.details:
            error["details"] = [
                {"in": d.location, "field": d.field, "code": d.code, "message": d.message}
                for d in self.details
            ]
        return {"error": error}


def response_to(error: Exception) -> ErrorResponse:
    """What the caller is told of an exception; of one that is not listed, that it is our fault."""
    kind = KINDS.get(type(error)) or KINDS[InternalError]
    return ErrorResponse(kind.status, kind.code, *kind.say(error))


def host_bits(network: str) -> str:
    """Of a network that was written as one of its addresses."""
    return f"it has host bits; the network is {network}"


def too_fast(requests_a_second: int) -> str:
    """Of a rate limit."""
    return f"more than {requests_a_second} requests a second on average"


def missing_scope(scope: str) -> Forbidden:
    """For a key that may do other things."""
    return Forbidden(f"This API key does not have the scope {scope}.")


def wrong_address() -> Forbidden:
    """For a request from outside the key's networks."""
    return Forbidden("This API key may not be used from this address.")


def not_an_admin() -> Forbidden:
    """For a member of an organization."""
    return Forbidden("Your role in this organization does not allow this; an admin may.")


def not_utf_8() -> UnsupportedMediaType:
    """For a body that the gateway had to encode."""
    return UnsupportedMediaType("Send the body as JSON text in UTF-8.")


def not_json() -> UnsupportedMediaType:
    """For a body of another type."""
    return UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json.")


_NOT_FOUND = {
    "agent": "There is no such agent.",
    "key": "There is no such API key.",
    "route": "There is no such route.",
    "version": "There is no such version of this agent.",
}


def _always(message: str, **headers: str) -> Callable[[Any], Said]:
    said = Said(message, headers={name.replace("_", "-"): text for name, text in headers.items()})
    return lambda _: said


def _own(error: Unauthorized | Forbidden | UnsupportedMediaType) -> Said:
    return Said(error.message)


def _final(error: errors.FinalState) -> Said:
    message = f"This {error.what} is {error.state}, and that is final."
    return Said(message, [Detail("path", f"{error.what}Id", error.state, message)])


def _closed(_: errors.AccountClosed) -> Said:
    message = "This account is closed: no API key can be created, rotated or enabled in it."
    # The account is the session's own; nothing else in the request names it.
    return Said(message, [Detail("header", "Authorization", "closed", message)])


def _limit(error: errors.KeyLimitReached) -> Said:
    return Said(f"The account has {error.limit} live keys, the most it may. Revoke one first.")


def _not_in_future(_: errors.ExpiryNotInFuture) -> Said:
    detail = Detail("body", "expiresAt", "not_in_future", "A key expires in the future.")
    return _invalid(InvalidRequest([detail]))


def _invalid(error: InvalidRequest) -> Said:
    message = "The request has parts that are missing, unknown or not allowed."
    return Said(message, error.details)


def _methods(error: MethodNotAllowed) -> Said:
    return Said(f"This path answers to {error.allow} only.", headers={"Allow": error.allow})


def _limited(error: RateLimited) -> Said:
    message = "This API key has made as many requests as it may for now."
    return Said(message, headers={"Retry-After": str(error.retry_after_seconds)})


_BAD_REQUEST = (
    HTTPStatus.BAD_REQUEST,
    "invalid_request",
    "InvalidRequest",
    "The request does not match this document; `details` says where.",
)

KINDS: Mapping[type[Exception], Kind] = {
    InvalidRequest: Kind(*_BAD_REQUEST, _invalid),
    errors.ExpiryNotInFuture: Kind(*_BAD_REQUEST, _not_in_future),
    InvalidCursor: Kind(
        HTTPStatus.BAD_REQUEST,
        "invalid_cursor",
        "InvalidCursor",
        "The cursor is malformed or belongs to another list.",
        _always("The cursor is not one that this list has given out."),
    ),
    Unauthorized: Kind(
        HTTPStatus.UNAUTHORIZED,
        "unauthorized",
        "Unauthorized",
        "The credential is missing or invalid; the response never says which.",
        _own,
    ),
    Forbidden: Kind(
        HTTPStatus.FORBIDDEN,
        "forbidden",
        "Forbidden",
        "The credential is valid but does not allow this.",
        _own,
    ),
    errors.NotFound: Kind(
        HTTPStatus.NOT_FOUND,
        "not_found",
        "NotFound",
        "The account has no such resource, or the API no such route.",
        lambda error: Said(_NOT_FOUND[error.what]),
    ),
    MethodNotAllowed: Kind(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "MethodNotAllowed",
        "The path exists; the method does not.",
        _methods,
    ),
    errors.FinalState: Kind(
        HTTPStatus.CONFLICT,
        "conflict",
        "Conflict",
        "The resource is in a state that does not allow this; `details` names the state.",
        _final,
    ),
    errors.AccountClosed: Kind(
        HTTPStatus.CONFLICT,
        "conflict",
        "AccountClosed",
        "The account is closed: it was deleted, or an operator closed it.",
        _closed,
    ),
    errors.RotationInProgress: Kind(
        HTTPStatus.CONFLICT,
        "rotation_in_progress",
        "RotationInProgress",
        "Two tokens already work, and the request does not say which one ends.",
        _always(
            "An older token of this key still works. Say which one ends now: replace the newest "
            "(it was never received) or the oldest."
        ),
    ),
    errors.KeyLimitReached: Kind(
        HTTPStatus.CONFLICT,
        "key_limit_reached",
        "KeyLimitReached",
        "The account has reached its limit of live keys.",
        _limit,
    ),
    AccountMismatch: Kind(
        HTTPStatus.CONFLICT,
        "account_mismatch",
        "AccountMismatch",
        "The session is for another account than the request is meant for.",
        _always("The session is for another account than AgentContainer-Account names."),
    ),
    errors.ChangedMeanwhile: Kind(
        HTTPStatus.PRECONDITION_FAILED,
        "precondition_failed",
        "PreconditionFailed",
        "The resource has changed since it was read.",
        _always("It has changed since it was read. Read it again."),
    ),
    PayloadTooLarge: Kind(
        HTTPStatus.CONTENT_TOO_LARGE,
        "payload_too_large",
        "PayloadTooLarge",
        "The body is too large.",
        lambda error: Said(f"The body is larger than {error.limit} bytes."),
    ),
    UnsupportedMediaType: Kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "UnsupportedMediaType",
        "The body is not JSON.",
        _own,
    ),
    errors.IdempotencyMismatch: Kind(
        HTTPStatus.UNPROCESSABLE_CONTENT,
        "idempotency_mismatch",
        "IdempotencyMismatch",
        "The Idempotency-Key was already used with another body.",
        _always("This Idempotency-Key was used with another body. Use a new one."),
    ),
    RateLimited: Kind(
        HTTPStatus.TOO_MANY_REQUESTS,
        "rate_limited",
        "RateLimited",
        "The key has reached its rate limit, or the API its capacity.",
        _limited,
    ),
    InternalError: Kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        "InternalError",
        "An error on our side.",
        _always("Something went wrong on our side."),
    ),
    errors.StoreUnavailable: Kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "service_unavailable",
        "ServiceUnavailable",
        "A dependency did not respond in time; a retry may succeed.",
        _always("The service is unavailable. Try again.", Retry_After="1"),
    ),
}
"""By the type of the exception."""
