"""The resolver that every management function answers through.

Powertools validates a request before any middleware runs, its middlewares never see an error
answer, and what no handler takes it logs as it is. So the credential is read before routing, guards
run between routing and validation (no caller learns about a body's faults that may not send one),
every exception becomes an answer here, and headers are added to whatever comes out.
"""

import inspect
import json
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple, NoReturn, override

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder, Route
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic.alias_generators import to_camel

from agentcontainer.errors import (
    INVALID_KEY,
    INVALID_SESSION,
    ApiError,
    Forbidden,
    InternalError,
    MethodNotAllowed,
    NotFound,
    Unauthorized,
)
from agentcontainer.keys.token import redact
from agentcontainer.principal import (
    KeyPrincipal,
    SessionPrincipal,
    key_principal,
    session_principal,
)
from agentcontainer.scopes import Scope
from agentcontainer.web.models import Error
from agentcontainer.web.requests import check_body, check_query, invalid_request, read_body

logger = Logger()

# What any route can answer, whatever it does.
_ANYWHERE = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class Endpoint(NamedTuple):
    """What a route demands of the caller, beyond a credential of the function's kind."""

    scope: Scope | None
    manage: bool


class Api[P: (KeyPrincipal, SessionPrincipal)](APIGatewayRestResolver):
    """A resolver for callers of one kind, whose principal is a `P`."""

    unauthorized: ClassVar[str]
    security_scheme: ClassVar[str]

    principal: P
    """Who makes the request that is being answered."""

    def __init__(self, *, tag: str) -> None:
        super().__init__(
            # Whatever the environment says: in debug mode it would print events, tokens included.
            debug=False,
            enable_validation=True,
            serializer=_to_json,
            json_body_deserializer=read_body,
        )
        self.endpoints: dict[tuple[str, str], Endpoint] = {}
        self._tag = tag
        self.exception_handler(Exception)(self._error_response)

    def read_principal(self, context: Mapping[str, Any]) -> P | None:
        """The caller that this API's authorizer admitted, or None."""
        raise NotImplementedError

    def guard(self, endpoint: Endpoint) -> None:
        """Raises Forbidden for a caller who may not use the endpoint."""
        raise NotImplementedError

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
        status: HTTPStatus = HTTPStatus.OK,
        errors: Iterable[HTTPStatus] = (),
    ) -> Callable[[F], F]:
        """Registers a handler, with what it demands and what the document says of it.

        The handler's docstring is the route's summary (first line) and description.
        """

        def register(handler: F) -> F:
            summary, _, description = (inspect.getdoc(handler) or "").partition("\n\n")
            self.endpoints[method, path] = Endpoint(scope, manage)
            self.route(
                path,
                method,
                summary=summary.rstrip("."),
                description=" ".join(description.split()) or summary,
                operation_id=to_camel(handler.__name__),
                tags=[self._tag],
                status_code=status,
                security=[{self.security_scheme: []}],
                responses=_responses(handler, status, errors),
            )(handler)
            [route] = [r for r in self._routes() if (r.method, r.path) == (method, path)]
            # Powertools reads the signature at the first request; a mistake in it fails at start.
            _ = route.dependant
            return handler

        return register

    @override
    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        principal = self.read_principal(event["requestContext"].get("authorizer") or {})
        try:
            if principal is None:
                raise Unauthorized(self.unauthorized)  # noqa: TRY301 -- answered like any other
            self.principal = principal
            answer = super().resolve(dict(event), context)
        except Exception as fault:  # noqa: BLE001 -- the caller gets an answer, whatever broke
            answer = _from_error(_as_api_error(fault, request_id), request_id)
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **self.headers()}
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
        check_query(event, (field.alias for field in route.dependant.query_params))
        if route.dependant.body_params:
            check_body(event)
        return super()._call_route(route, route_arguments)

    @override
    def _handle_not_found(self, method: str, path: str) -> NoReturn:
        raise no_route({route.method for route in self._routes() if route.rule.match(path)})

    def _routes(self) -> list[Route]:
        return self._static_routes + self._dynamic_routes

    def _error_response(self, fault: Exception) -> Response[dict[str, Any]]:
        request_id = self.current_event.request_context.request_id
        error = _as_api_error(fault, request_id)
        return Response(
            error.status, content_types.APPLICATION_JSON, error.body(request_id), error.headers
        )


class KeyApi(Api[KeyPrincipal]):
    """For programs, which sign in with an API key."""

    unauthorized = INVALID_KEY
    security_scheme = "bearerAuth"

    @override
    def read_principal(self, context: Mapping[str, Any]) -> KeyPrincipal | None:
        return key_principal(context)

    @override
    def guard(self, endpoint: Endpoint) -> None:
        if endpoint.scope and endpoint.scope not in self.principal.scopes:
            raise Forbidden(f"This API key does not have the scope {endpoint.scope}.")


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
        if endpoint.manage and not self.principal.may_manage:
            raise Forbidden("Your role in this organization does not allow this; an admin may.")

    @override
    def headers(self) -> Mapping[str, str]:
        return {
            "Access-Control-Allow-Origin": self._origin,
            "Access-Control-Expose-Headers": "X-Request-Id, Retry-After",
        }


def no_route(methods: Iterable[str]) -> ApiError:
    """What a path answers that no route serves with this method, if any with another."""
    allowed = sorted(methods)
    return MethodNotAllowed(allowed) if allowed else NotFound("There is no such route.")


def _responses(
    handler: Callable[..., Any], status: HTTPStatus, errors: Iterable[HTTPStatus]
) -> dict[int, Any]:
    """The documented answers: the success, what any route can answer, what this one adds."""
    model = inspect.signature(handler).return_annotation
    content = {"application/json": {"model": model}} if inspect.isclass(model) else {}
    error = {"application/json": {"model": Error}}
    failures = sorted({*_ANYWHERE, *errors})
    return {int(status): {"description": status.phrase, "content": content}} | {
        int(failure): {"description": failure.phrase, "content": error} for failure in failures
    }


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
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
