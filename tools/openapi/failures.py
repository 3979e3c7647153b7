"""The answers that are no success: which ones a route has, and what each looks like."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from agentcontainer import errors
from agentcontainer.web import errors as web
from agentcontainer.web.callers import Caller
from agentcontainer.web.errors import KINDS, Detail, ErrorResponse, Kind, Said
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.requests import MAX_BODY_BYTES
from tools.openapi.headers import references

type ErrorType = type[Exception]

_REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
_NAME = Detail("body", "name", "missing", "Field required")

# What any route can answer, whatever it does.
_ANYWHERE: tuple[ErrorType, ...] = (
    web.InvalidRequest,
    web.Unauthorized,
    web.Forbidden,
    web.RateLimited,
    web.InternalError,
    errors.StoreUnavailable,
)
# What API Gateway can answer too, before a handler or in its place.
_OF_THE_GATEWAY = {400, 403, 413, 414, 415, 429, 500, 502, 503}
_HEADERS = {429: ["Retry-After"], 503: ["Retry-After"]}


class UriTooLong(Exception):
    """The path is longer than API Gateway accepts."""


# template.yaml's words: a session has no limit of its own.
_THROTTLED = Kind(
    HTTPStatus.TOO_MANY_REQUESTS,
    "rate_limited",
    "RateLimited",
    "The API has reached its capacity.",
    lambda _: Said("Too many requests.", headers={"Retry-After": "1"}),
)
_URI_TOO_LONG = Kind(
    HTTPStatus.REQUEST_URI_TOO_LONG,
    "invalid_request",
    "UriTooLong",
    "The path is longer than API Gateway accepts.",
    lambda _: Said("The request cannot be read."),
)

_OF_BOTH: tuple[Exception, ...] = (
    web.InvalidRequest([_NAME]),
    web.InvalidCursor(),
    errors.KeyLimitReached(100),
    errors.RotationInProgress(),
    web.AccountMismatch(),
    errors.ChangedMeanwhile(),
    web.PayloadTooLarge(MAX_BODY_BYTES),
    UriTooLong(),
    web.not_json(),
    errors.IdempotencyMismatch(),
    web.RateLimited(41),
    web.InternalError(),
    errors.StoreUnavailable(),
)
_OF_KEYS: tuple[Exception, ...] = (
    web.Unauthorized(web.INVALID_KEY),
    web.missing_scope("agents:write"),
    errors.NotFound("agent"),
    errors.FinalState("agent", "archived"),
)
_OF_SESSIONS: tuple[Exception, ...] = (
    web.Unauthorized(web.INVALID_SESSION),
    web.not_an_admin(),
    errors.NotFound("key"),
    errors.AccountClosed(),
    errors.FinalState("key", "revoked"),
)


class Failures:
    """The error answers of one API's document; routes that answer alike share them."""

    def __init__(self, kind: type[Caller[Any]]) -> None:
        self._limited = kind is KeyCaller
        own = _OF_KEYS if self._limited else _OF_SESSIONS
        self._examples = {type(error): error for error in (*_OF_BOTH, *own)}
        self._kinds = {**KINDS, UriTooLong: _URI_TOO_LONG}
        if not self._limited:
            self._kinds[web.RateLimited] = _THROTTLED
        self.components: dict[str, Any] = {}

    def of(self, more: Iterable[ErrorType]) -> dict[str, Any]:
        """The error answers of a route, by status; `more`: what it has that others have not."""
        return self.only(*_ANYWHERE, *more)

    def only(self, *types: ErrorType) -> dict[str, Any]:
        """These error answers, by status."""
        by_status: dict[int, list[ErrorType]] = {}
        for error in types:
            by_status.setdefault(self._kinds[error].status, []).append(error)
        # What API Gateway calls it when a function breaks.
        by_status[HTTPStatus.BAD_GATEWAY] = [web.InternalError]
        return {str(int(code)): self._reference(by_status[code]) for code in sorted(by_status)}

    def _reference(self, types: list[ErrorType]) -> dict[str, str]:
        name = "Or".join(self._kinds[error].name for error in types)
        self.components.setdefault(name, self._response(types))
        return {"$ref": f"#/components/responses/{name}"}

    def _response(self, types: list[ErrorType]) -> dict[str, Any]:
        kinds = [self._kinds[error] for error in types]
        examples = {
            kind.code: self._example(error) for kind, error in zip(kinds, types, strict=True)
        }
        return {
            "description": _description(kinds),
            "headers": self._headers(kinds[0].status),
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Error"},
                    "examples": examples,
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

    def _example(self, error: ErrorType) -> dict[str, Any]:
        kind = self._kinds[error]
        response = ErrorResponse(kind.status, kind.code, *kind.say(self._examples[error]))
        return {"value": response.body(_REQUEST_ID)}


def _description(kinds: list[Kind]) -> str:
    texts = {kind.code: kind.about for kind in kinds}
    if len(texts) == 1:
        return texts.popitem()[1]
    return "\n".join(f"- `{code}`: {text}" for code, text in texts.items()) + "\n"
