"""The resolver that every management function answers through.

Powertools validates a request before any middleware runs, its middlewares never see an error
answer, and what no handler takes it logs as it is. So the credential is read before routing, guards
run between routing and validation (no caller learns about a body's faults that may not send one),
every exception becomes an answer here, and headers are added to whatever comes out.
"""

import inspect
import json
import re
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple, NoReturn, override

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder, Route
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic.alias_generators import to_camel

from agentcontainer.audit.event import Actor
from agentcontainer.auth.principal import (
    KeyPrincipal,
    SessionPrincipal,
    key_principal,
    session_principal,
)
from agentcontainer.auth.rate_limit import RateCounter, Window
from agentcontainer.auth.scopes import Scope
from agentcontainer.clock import utc_now
from agentcontainer.errors import (
    INVALID_KEY,
    INVALID_SESSION,
    AccountMismatch,
    ApiError,
    Forbidden,
    InternalError,
    MethodNotAllowed,
    NotFound,
    RateLimited,
    Unauthorized,
)
from agentcontainer.idempotency import Once, Outcome, once
from agentcontainer.keys.networks import allows
from agentcontainer.keys.token import redact
from agentcontainer.web.requests import (
    REPLACEMENT,
    check_body,
    check_headers,
    check_query,
    check_secrets,
    header,
    invalid_request,
    normal_path,
    printable,
    read_body,
)

logger = Logger()

_ACCOUNT = "AgentContainer-Account"


class Endpoint(NamedTuple):
    """What a route demands, beyond a credential of the function's kind, and what it answers."""

    scope: Scope | None = None
    manage: bool = False
    guarded: bool = True
    """Whether the key's addresses and rate limit apply."""
    errors: tuple[type[ApiError], ...] = ()
    headers: tuple[str, ...] = ()


_NO_ENDPOINT = Endpoint()


class Api[P: (KeyPrincipal, SessionPrincipal)](APIGatewayRestResolver):
    """A resolver for callers of one kind, whose principal is a `P`."""

    unauthorized: ClassVar[str]
    security_scheme: ClassVar[str]

    principal: P
    """Who makes the request that is being answered."""

    answer_headers: dict[str, str]
    """Headers of the answer, if it is a success."""

    def __init__(self, *, tag: str) -> None:
        super().__init__(
            # Whatever the environment says: in debug mode it would print events, tokens included.
            debug=False,
            enable_validation=True,
            serializer=_to_json,
            json_body_deserializer=read_body,
        )
        self.endpoints: dict[tuple[str, str], Endpoint] = {}
        self._paths: dict[str, list[str]] = {}
        self._tag = tag
        self.exception_handler(Exception)(self._error_response)

    def read_principal(self, context: Mapping[str, Any]) -> P | None:
        """The caller that this API's authorizer admitted, or None."""
        raise NotImplementedError

    def guard(self, endpoint: Endpoint) -> None:
        """Raises ApiError for a caller who may not use the endpoint, or not now."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        """The caller, as audit events name it."""
        raise NotImplementedError

    @property
    def routes(self) -> list[Route]:
        """Every route, in no particular order."""
        return self._static_routes + self._dynamic_routes

    def speak_for_all(self, routes: Path) -> None:
        """Makes the 404 and 405 of this function, behind the catch-alls, those of the whole API.

        The file has the methods of each path of the API's document: `make openapi` writes it.
        """
        self._paths = json.loads(routes.read_text(encoding="utf-8"))

    def methods_of(self, path: str) -> set[str]:
        """The methods that the API has for a path; this function's, if it speaks for no other."""
        if not self._paths:
            return {route.method for route in self.routes if route.rule.match(path)}
        return {
            method
            for template, methods in self._paths.items()
            if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)) + "/*", path)
            for method in methods
        }

    def once(self, idempotency_key: str | None, now: datetime) -> Once | None:
        """The request as one that is done once, if its caller asks for that."""
        event: dict[str, Any] = self.current_event.raw_event
        if idempotency_key is None:
            return None
        # A body that may be left out is an empty object.
        body = read_body(event["body"]) if event.get("body") else {}
        account_id = self.principal.account_id
        return once(account_id, event["httpMethod"], event["path"], idempotency_key, body, now)

    def result[T](self, outcome: Outcome[T]) -> T:
        """What a request made; the caller is told if it is not this one that made it."""
        if outcome.replayed:
            self.answer_headers["Idempotent-Replayed"] = "true"
        return outcome.value

    def headers(self) -> Mapping[str, str]:
        """Headers of every answer, beside those that all functions send."""
        return {}

    def endpoint[F: Callable[..., Any]](
        self,
        method: str,
        path: str,
        *,
        scope: Scope | None = None,
        manage: bool = False,
        guarded: bool = True,
        status: HTTPStatus = HTTPStatus.OK,
        errors: Iterable[type[ApiError]] = (),
        headers: Iterable[str] = (),
    ) -> Callable[[F], F]:
        """Registers a handler, with what it demands and what the document says of it.

        The handler's docstring is the route's summary (first line) and description. `errors` are
        those that neither every route has nor follow from what the handler takes; `headers` are
        those of a success, beside what every answer has.
        """

        def register(handler: F) -> F:
            summary, _, description = (inspect.getdoc(handler) or "").partition("\n\n")
            self.endpoints[method, path] = Endpoint(
                scope, manage, guarded, tuple(errors), tuple(headers)
            )
            self.route(
                path,
                method,
                summary=summary.rstrip("."),
                description=" ".join(description.split()) or summary,
                operation_id=to_camel(handler.__name__),
                tags=[self._tag],
                status_code=status,
                security=[{self.security_scheme: []}],
                responses=_success(handler, status),
            )(handler)
            [route] = [r for r in self.routes if (r.method, r.path) == (method, path)]
            # Powertools reads the signature at the first request; a mistake in it fails at start.
            _ = route.dependant
            return handler

        return register

    @override
    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        principal = self.read_principal(event["requestContext"].get("authorizer") or {})
        self.answer_headers = {}
        try:
            if principal is None:
                raise Unauthorized(self.unauthorized)  # noqa: TRY301 -- answered like any other
            self.principal = principal
            answer = super().resolve({**event, "path": normal_path(event["path"])}, context)
        except Exception as fault:  # noqa: BLE001 -- the caller gets an answer, whatever broke
            answer = _from_error(_as_api_error(fault, request_id), request_id)
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **self.headers()}
        if answer["statusCode"] < HTTPStatus.BAD_REQUEST:
            headers |= self.answer_headers
        answer["multiValueHeaders"] |= {name: [value] for name, value in headers.items()}
        line: dict[str, object] = {
            "route": f"{event['httpMethod']} {event['resource']}",
            "status": answer["statusCode"],
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "requestId": request_id,
        }
        logger.info("request", extra=line | (principal.ids() if principal else {}))
        return answer

    @override
    def _call_route(self, route: Route, route_arguments: dict[str, str]) -> ResponseBuilder[Any]:
        event: dict[str, Any] = self.current_event.raw_event
        self.guard(self.endpoints[route.method, route.path])
        check_secrets(event)
        check_headers(event, (field.alias for field in route.dependant.header_params))
        check_query(event, (field.alias for field in route.dependant.query_params))
        if route.dependant.body_params:
            check_body(event)
        return super()._call_route(route, route_arguments)

    @override
    def _handle_not_found(self, method: str, path: str) -> NoReturn:
        self.guard(_NO_ENDPOINT)
        check_secrets(self.current_event.raw_event)
        allowed = sorted(self.methods_of(path))
        # One that is allowed, but that the gateway did not find, is no method to name.
        if not allowed or method in allowed:
            raise NotFound("There is no such route.")
        raise MethodNotAllowed(allowed)

    def _actor(self, kind: Literal["user", "key"], id_: str) -> Actor:
        identity = self.current_event.raw_event["requestContext"]["identity"]
        agent = identity["userAgent"]
        return Actor(kind, id_, identity["sourceIp"], None if agent is None else printable(agent))

    def _error_response(self, fault: Exception) -> Response[dict[str, Any]]:
        request_id = self.current_event.request_context.request_id
        error = _as_api_error(fault, request_id)
        return Response(
            error.status, content_types.APPLICATION_JSON, error.body(request_id), error.headers
        )


class KeyApi(Api[KeyPrincipal]):
    """For programs, which sign in with an API key; `counter` counts the requests of limited ones.

    A key's guards come in this order: its status (the authorizer's), address, scope, rate. A
    refusal spends nothing of what comes after it.
    """

    unauthorized = INVALID_KEY
    security_scheme = "bearerAuth"

    def __init__(self, *, tag: str, counter: RateCounter) -> None:
        super().__init__(tag=tag)
        self._counter = counter
        self._limit_headers: dict[str, str] = {}

    @override
    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self._limit_headers = {}
        return super().resolve(event, context)

    @override
    def read_principal(self, context: Mapping[str, Any]) -> KeyPrincipal | None:
        return key_principal(context)

    @override
    def guard(self, endpoint: Endpoint) -> None:
        refusal = self._refusal(endpoint)
        limit = self.principal.rate_limit
        if limit is not None:
            self._limit_headers = {
                "RateLimit-Policy": f'"key";q={limit.requests};w={limit.window_seconds}'
            }
            key_id, now = self.principal.key_id, utc_now()
            if refusal or not endpoint.guarded:
                self._show(self._counter.look(key_id, limit, now))
            else:
                window = self._counter.spend(key_id, limit, now)
                self._show(window)
                if not window.admitted:
                    refusal = RateLimited(window.seconds_left)
        if refusal:
            raise refusal

    @property
    @override
    def actor(self) -> Actor:
        return self._actor("key", self.principal.key_id)

    @override
    def headers(self) -> Mapping[str, str]:
        return self._limit_headers

    def _refusal(self, endpoint: Endpoint) -> ApiError | None:
        caller = self.principal
        address = self.current_event.raw_event["requestContext"]["identity"]["sourceIp"]
        if endpoint.guarded and caller.allowed_ips and not allows(caller.allowed_ips, address):
            return Forbidden("This API key may not be used from this address.")
        if endpoint.scope and endpoint.scope not in caller.scopes:
            return Forbidden(f"This API key does not have the scope {endpoint.scope}.")
        return None

    def _show(self, window: Window | None) -> None:
        """In the fields of draft-ietf-httpapi-ratelimit-headers-10."""
        if window is not None:
            self._limit_headers["RateLimit"] = f'"key";r={window.remaining};t={window.seconds_left}'


class SessionApi(Api[SessionPrincipal]):
    """For people on the dashboard's page, whose origin alone may read the answers."""

    unauthorized = INVALID_SESSION
    security_scheme = "sessionAuth"

    def __init__(self, *, tag: str, origin: str) -> None:
        super().__init__(tag=tag)
        self._origin = origin

    @override
    def read_principal(self, context: Mapping[str, Any]) -> SessionPrincipal | None:
        return session_principal(context)

    @override
    def guard(self, endpoint: Endpoint) -> None:
        check_headers(self.current_event.raw_event, [_ACCOUNT])
        meant = header(self.current_event.raw_event, _ACCOUNT)
        # The active organization can have changed in another tab.
        if meant is not None and meant != self.principal.account_id:
            raise AccountMismatch
        if endpoint.manage and not self.principal.may_manage:
            raise Forbidden("Your role in this organization does not allow this; an admin may.")

    @property
    @override
    def actor(self) -> Actor:
        return self._actor("user", self.principal.user_id)

    @override
    def headers(self) -> Mapping[str, str]:
        return {
            "Access-Control-Allow-Origin": self._origin,
            "Access-Control-Expose-Headers": "X-Request-Id, Retry-After, Idempotent-Replayed",
        }


def _success(handler: Callable[..., Any], status: HTTPStatus) -> dict[int, Any]:
    """The documented success; every other answer is the generator's to tell."""
    model = inspect.signature(handler).return_annotation
    content = {"application/json": {"model": model}} if inspect.isclass(model) else {}
    return {int(status): {"description": status.phrase, "content": content}}


def _as_api_error(fault: Exception, request_id: str) -> ApiError:
    """What the caller is told of an exception. What is our fault goes to the log."""
    match fault:
        case RequestValidationError() if fault.errors()[0]["loc"][0] != "response":
            return invalid_request(fault.errors())
        case ApiError():
            error = fault
        # Also an answer of ours that does not fit the document, which Powertools blames on callers.
        case _:
            error = InternalError()
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Not logger.exception, which would write the stack as it is.
        stack = redact("".join(traceback.format_exception(fault)))
        logger.error("fault", error=type(fault).__name__, stack=stack, requestId=request_id)
    return error


def _from_error(error: ApiError, request_id: str) -> dict[str, Any]:
    headers = {"Content-Type": content_types.APPLICATION_JSON, **error.headers}
    return {
        "statusCode": error.status,
        "body": _to_json(error.body(request_id)),
        "isBase64Encoded": False,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }


def _to_json(value: object) -> str:
    """As text, but for the character that a body may hold escaped alone: it can be sent back."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace(REPLACEMENT, r"\ufffd")
