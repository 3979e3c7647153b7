"""The resolver that every management function answers through.

It has a resolver of Powertools, and is none. Powertools' own validation would run before our checks
(no caller learns what is wrong with a body who may not send one), its middlewares never see an
error response, and what no handler takes it logs as it is. So the caller is known before routing,
our checks and then Powertools' validation are middlewares in that order, for unknown routes too,
every exception becomes a response here, and headers are added to whatever comes out.
"""

import inspect
import json
import re
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
    OpenAPIResponseValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer
from pydantic.alias_generators import to_camel

from agentcontainer import log
from agentcontainer.audit.event import Actor
from agentcontainer.auth.principal import KeyPrincipal, SessionPrincipal
from agentcontainer.auth.scopes import Scope
from agentcontainer.errors import NotFound
from agentcontainer.idempotency import Once, Outcome, once
from agentcontainer.keys.token import redact
from agentcontainer.web.callers import Caller, RouteRequirements
from agentcontainer.web.errors import (
    ErrorResponse,
    InternalError,
    MethodNotAllowed,
    Unauthorized,
    response_to,
)
from agentcontainer.web.requests import (
    REPLACEMENT,
    check_body,
    check_headers,
    check_query,
    check_secrets,
    invalid_request,
    normal_path,
    read_body,
)

_NO_REQUIREMENTS = RouteRequirements()
_PARAMETER = re.compile(r"<(\w+)>")


class Endpoint(NamedTuple):
    """A registered route: what it demands, and what its document says beside its handler."""

    requirements: RouteRequirements
    errors: tuple[type[Exception], ...]
    headers: tuple[str, ...]
    route: Route
    """Powertools', which knows what the handler takes."""


@dataclass(slots=True)
class _Request[P]:
    """The one that is being answered."""

    principal: P
    success_headers: dict[str, str] = field(default_factory=dict)
    limit_headers: dict[str, str] = field(default_factory=dict)


class Api[P: (KeyPrincipal, SessionPrincipal)]:
    """Answers callers of one kind, whose principal is a `P`, for one function."""

    def __init__(self, caller: Caller[P], *, tag: str) -> None:
        self.caller: Caller[P] = caller
        self.endpoints: dict[tuple[str, str], Endpoint] = {}
        """By method and path, as `endpoint` was given them."""
        self.on_response: Callable[[str, str, int], None] | None = None
        """Is told method, path and status of each response of a route."""
        self._by_template: dict[tuple[str, str], Endpoint] = {}
        self._paths: dict[str, list[str]] = {}
        self._tag = tag
        # Whatever the environment says: in debug mode it would print events, tokens included.
        self._app = APIGatewayRestResolver(
            debug=False, serializer=_to_json, json_body_deserializer=read_body
        )
        self._app.use(
            [
                self._check,
                OpenAPIRequestValidationMiddleware(),  # type: ignore[no-untyped-call]
                OpenAPIResponseValidationMiddleware(validation_serializer=_to_json),
            ]
        )
        self._app.not_found(self._no_route)
        self._app.exception_handler(Exception)(self._error_response)

    @property
    def kind(self) -> type[Caller[P]]:
        """What its callers are."""
        return type(self.caller)

    @property
    def principal(self) -> P:
        """Who makes the request that is being answered; LookupError where none is."""
        return self._request.principal

    @property
    def actor(self) -> Actor:
        """The caller, as audit events name it."""
        return self.caller.actor(self.principal, self._event)

    @property
    def response_headers(self) -> dict[str, str]:
        """Headers of the response, if it is a success."""
        return self._request.success_headers

    def load_api_routes(self, file: Path) -> None:
        """Makes the 404 and 405 of this function, behind the catch-alls, those of the whole API.

        The file has the methods of each path of the API's document: `make openapi` writes it.
        """
        self._paths = json.loads(file.read_text(encoding="utf-8"))

    def methods_of(self, path: str) -> set[str]:
        """The methods that the API has for a path; this function's, if it speaks for no other."""
        if not self._paths:
            routes = (endpoint.route for endpoint in self.endpoints.values())
            return {route.method for route in routes if route.rule.match(path)}
        return {
            method
            for template, methods in self._paths.items()
            if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)) + "/*", path)
            for method in methods
        }

    def once(self, idempotency_key: str | None, now: datetime) -> Once | None:
        """The request as one that is done once, if its caller asks for that."""
        event = self._event
        if idempotency_key is None:
            return None
        # A body that may be left out is an empty object.
        body = read_body(event["body"]) if event.get("body") else {}
        account_id = self.principal.account_id
        return once(account_id, event["httpMethod"], event["path"], idempotency_key, body, now)

    def result[T](self, outcome: Outcome[T]) -> T:
        """What a request made; the caller is told if it is not this one that made it."""
        if outcome.replayed:
            self.response_headers["Idempotent-Replayed"] = "true"
        return outcome.value

    def endpoint[F: Callable[..., Any]](
        self,
        method: str,
        path: str,
        *,
        scope: Scope | None = None,
        admin_only: bool = False,
        enforce_limits: bool = True,
        status: HTTPStatus = HTTPStatus.OK,
        errors: Iterable[type[Exception]] = (),
        headers: Iterable[str] = (),
    ) -> Callable[[F], F]:
        """Registers a handler, with what it demands and what the document says of it.

        The handler's docstring is the route's summary (first line) and description. `errors` are
        those that neither every route has nor follow from what the handler takes; `headers` are
        those of a success, beside what every response has.
        """
        requirements = RouteRequirements(scope, admin_only, enforce_limits)

        def register(handler: F) -> F:
            route = self._register(method, path, handler, status)
            endpoint = Endpoint(requirements, tuple(errors), tuple(headers), route)
            self.endpoints[method, path] = endpoint
            self._by_template[method, _PARAMETER.sub(r"{\1}", path)] = endpoint
            return handler

        return register

    def openapi(self) -> dict[str, Any]:
        """What Powertools makes of the handlers: an OpenAPI 3.1 document, to be worked on."""
        document = self._app.get_openapi_json_schema(
            title=self._tag,
            version="1",
            openapi_version="3.1.0",
            security_schemes={self.caller.security_scheme: HTTPBearer()},
        )
        generated: dict[str, Any] = json.loads(document)
        return generated

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The response to a REST API's event, whatever it is and whatever breaks."""
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        principal = self.caller.identify(event["requestContext"].get("authorizer") or {})
        request = None if principal is None else _Request(principal)
        response = self._resolve(dict(event), context, request)
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **self.caller.headers()}
        if request is not None:
            headers |= request.limit_headers
            if response["statusCode"] < HTTPStatus.BAD_REQUEST:
                headers |= request.success_headers
        response["multiValueHeaders"] |= {name: [value] for name, value in headers.items()}
        line: dict[str, object] = {
            "level": "INFO",
            "message": "request",
            "route": f"{event['httpMethod']} {event['resource']}",
            "status": response["statusCode"],
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "requestId": request_id,
        }
        log.write(line | (principal.ids() if principal else {}))
        self._report(event, response["statusCode"])
        return response

    def _resolve(
        self, event: dict[str, Any], context: Any, request: _Request[P] | None
    ) -> dict[str, Any]:
        try:
            if request is None:
                raise Unauthorized(self.caller.unauthorized)  # noqa: TRY301 -- like any other
            # Of this request alone: Powertools clears it, however the request ends.
            self._app.append_context(request=request)  # type: ignore[no-untyped-call]
            return self._app.resolve({**event, "path": normal_path(event["path"])}, context)
        except Exception as error:  # noqa: BLE001 -- the caller gets a response, whatever broke
            request_id = event["requestContext"]["requestId"]
            return _as_event(_respond(error, request_id), request_id)

    @property
    def _request(self) -> _Request[P]:
        request = self._app.context.get("request")
        if request is None:
            raise LookupError("no request is being answered")
        return cast("_Request[P]", request)

    @property
    def _event(self) -> dict[str, Any]:
        event: dict[str, Any] = self._app.current_event.raw_event
        return event

    def _register(
        self, method: str, path: str, handler: Callable[..., Any], status: HTTPStatus
    ) -> Route:
        summary, _, description = (inspect.getdoc(handler) or "").partition("\n\n")
        self._app.route(
            path,
            method,
            summary=summary.rstrip("."),
            description=" ".join(description.split()) or summary,
            operation_id=to_camel(handler.__name__),
            tags=[self._tag],
            status_code=status,
            security=[{self.caller.security_scheme: []}],
            responses=_success(handler, status),
        )(handler)
        # Nothing public lists the routes (docs/decisions/0007).
        routes = self._app._static_routes + self._app._dynamic_routes  # noqa: SLF001
        [route] = [known for known in routes if (known.method, known.path) == (method, path)]
        # Powertools reads the signature at the first request; a mistake in it fails at start.
        _ = route.dependant
        return route

    def _check(self, app: APIGatewayRestResolver, proceed: NextMiddleware) -> Response[Any]:
        """Who may use the route, then what of the request Powertools and pydantic may see."""
        request, event = self._request, self._event
        # None for a route that no handler has.
        endpoint: Endpoint | None = self._by_template.get((app.request.method, app.request.route))
        requirements = endpoint.requirements if endpoint else _NO_REQUIREMENTS
        self.caller.check(request.principal, requirements, event, request.limit_headers)
        check_secrets(event)
        if endpoint is not None:
            _check_form(event, endpoint.route)
        return proceed(app)

    def _no_route(self, _: NotFoundError) -> NoReturn:
        allowed = sorted(self.methods_of(self._event["path"]))
        # One that is allowed, but that the gateway did not find, is no method to name.
        if not allowed or self._event["httpMethod"] in allowed:
            raise NotFound("route")
        raise MethodNotAllowed(allowed)

    def _error_response(self, error: Exception) -> Response[dict[str, Any]]:
        request_id = self._event["requestContext"]["requestId"]
        told = _respond(error, request_id)
        return Response(
            told.status, content_types.APPLICATION_JSON, told.body(request_id), dict(told.headers)
        )

    def _report(self, event: Mapping[str, Any], status: int) -> None:
        if self.on_response is not None:
            for (method, path), endpoint in self.endpoints.items():
                path_of_event = normal_path(event["path"])
                if method == event["httpMethod"] and endpoint.route.rule.match(path_of_event):
                    self.on_response(method, path, status)


def _check_form(event: dict[str, Any], route: Route) -> None:
    """What a route of ours takes: its headers, parameters and body, before they are read."""
    takes = route.dependant
    check_headers(event, (one.alias for one in takes.header_params))
    check_query(event, (one.alias for one in takes.query_params))
    if takes.body_params:
        check_body(event)


def _success(handler: Callable[..., Any], status: HTTPStatus) -> dict[int, Any]:
    """The documented success; every other response is the generator's to tell."""
    model = inspect.signature(handler).return_annotation
    content = {"application/json": {"model": model}} if inspect.isclass(model) else {}
    return {int(status): {"description": status.phrase, "content": content}}


def _respond(error: Exception, request_id: str) -> ErrorResponse:
    """What the caller is told of an exception. What is our fault goes to the log."""
    match error:
        # A response of ours that does not fit the document is not the caller's fault.
        case RequestValidationError() if error.errors()[0]["loc"][0] != "response":
            return response_to(invalid_request(error.errors()))
        case RequestValidationError():
            told = response_to(InternalError())
        case _:
            told = response_to(error)
    if told.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.write(
            {
                "level": "ERROR",
                "message": "error",
                "error": type(error).__name__,
                "stack": redact("".join(traceback.format_exception(error))),
                "requestId": request_id,
            }
        )
    return told


def _as_event(told: ErrorResponse, request_id: str) -> dict[str, Any]:
    headers = {"Content-Type": content_types.APPLICATION_JSON, **told.headers}
    return {
        "statusCode": int(told.status),
        "body": _to_json(told.body(request_id)),
        "isBase64Encoded": False,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
    }


def _to_json(value: object) -> str:
    """As text, but for the character that a body may hold escaped alone: it can be sent back."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace(REPLACEMENT, r"\ufffd")
