"""The answers that are no success: which ones a route has, and what each looks like."""

import inspect
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from agentcontainer import errors
from agentcontainer.errors import ApiError, Detail
from agentcontainer.web.resolver import Api, KeyApi
from tools.openapi.headers import references

type ErrorType = type[ApiError]

_REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
_NAME = Detail("body", "name", "missing", "Field required")

# What any route can answer, whatever it does.
_ANYWHERE: tuple[ErrorType, ...] = (
    errors.InvalidRequest,
    errors.Unauthorized,
    errors.Forbidden,
    errors.RateLimited,
    errors.InternalError,
    errors.ServiceUnavailable,
)
# What API Gateway can answer too, before a handler or in its place.
_OF_THE_GATEWAY = {400, 403, 413, 414, 415, 429, 500, 502, 503}
_HEADERS = {429: ["Retry-After"], 503: ["Retry-After"]}


class UriTooLong(ApiError):
    """The path is longer than API Gateway takes."""

    status = 414
    code = "invalid_request"

    def __init__(self) -> None:
        # template.yaml's words.
        super().__init__("The request cannot be read.")


class _ThrottledByTheGateway(errors.RateLimited):
    """More requests than the API bears."""

    def __init__(self) -> None:
        super().__init__(1)
        # template.yaml's words: a session has no limit of its own.
        self.message = "Too many requests."


_OF_BOTH: tuple[ApiError, ...] = (
    errors.InvalidRequest(details=[_NAME]),
    errors.InvalidCursor(),
    errors.KeyLimitReached(100),
    errors.RotationInProgress(),
    errors.AccountMismatch(),
    errors.PreconditionFailed(),
    errors.PayloadTooLarge("The body is larger than 262144 bytes."),
    UriTooLong(),
    errors.UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json."),
    errors.IdempotencyMismatch(),
    errors.RateLimited(41),
    errors.InternalError(),
    errors.ServiceUnavailable(),
)
_OF_KEYS: tuple[ApiError, ...] = (
    errors.Unauthorized(errors.INVALID_KEY),
    errors.Forbidden("This API key does not have the scope agents:write."),
    errors.NotFound("There is no such agent."),
    errors.Conflict("agent", "archived"),
)
_OF_SESSIONS: tuple[ApiError, ...] = (
    errors.Unauthorized(errors.INVALID_SESSION),
    errors.Forbidden("Your role in this organization does not allow this; an admin may."),
    errors.NotFound("There is no such API key."),
    errors.AccountClosed(),
    errors.Conflict("key", "revoked"),
)


class Failures:
    """The error answers of one API's document; routes that answer alike share them."""

    def __init__(self, kind: type[Api[Any]]) -> None:
        self._limited = kind is KeyApi
        own = _OF_KEYS if kind is KeyApi else _OF_SESSIONS
        self._examples: dict[ErrorType, ApiError] = {
            type(error): error for error in (*_OF_BOTH, *own)
        }
        if not self._limited:
            self._examples[errors.RateLimited] = _ThrottledByTheGateway()
        self.components: dict[str, Any] = {}

    def of(self, more: Iterable[ErrorType]) -> dict[str, Any]:
        """The error answers of a route, by status; `more`: what it has that others have not."""
        return self.only(*_ANYWHERE, *more)

    def only(self, *types: ErrorType) -> dict[str, Any]:
        """These error answers, by status."""
        by_status: dict[int, list[ErrorType]] = {}
        for error in types:
            by_status.setdefault(error.status, []).append(error)
        # What API Gateway calls it when a function breaks.
        by_status[HTTPStatus.BAD_GATEWAY] = [errors.InternalError]
        return {str(status): self._reference(by_status[status]) for status in sorted(by_status)}

    def _reference(self, types: list[ErrorType]) -> dict[str, str]:
        name = "Or".join(error.__name__ for error in types)
        self.components.setdefault(name, self._response(types))
        return {"$ref": f"#/components/responses/{name}"}

    def _response(self, types: list[ErrorType]) -> dict[str, Any]:
        return {
            "description": self._description(types),
            "headers": self._headers(types[0].status),
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Error"},
                    "examples": {error.code: self._example(error) for error in types},
                }
            },
        }

    def _headers(self, status: int) -> dict[str, Any]:
        if status == HTTPStatus.UNAUTHORIZED:
            # Always the gateway's, after its authorizer.
            return references(["Cache-Control", "WWW-Authenticate"], gateway=True)
        limit = ["RateLimit", "RateLimit-Policy"] if self._limited else []
        names = ["Cache-Control", "X-Request-Id", *limit, *_HEADERS.get(status, [])]
        return references(names, gateway=status in _OF_THE_GATEWAY)

    def _description(self, types: list[ErrorType]) -> str:
        texts = {error.code: inspect.getdoc(type(self._examples[error])) or "" for error in types}
        if len(texts) == 1:
            return texts.popitem()[1]
        return "\n".join(f"- `{code}`: {text}" for code, text in texts.items()) + "\n"

    def _example(self, error: ErrorType) -> dict[str, Any]:
        return {"value": self._examples[error].body(_REQUEST_ID)}
