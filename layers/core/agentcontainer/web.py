"""What every management function answers through: one resolver, one envelope, one set of headers.

The only layer module that imports powertools and pydantic.

Powertools validates a request before any middleware runs, and its middlewares never see an error
answer. So the credential is read before routing, guards run between routing and validation (no
caller learns about a body's faults that may not send one), and headers are added to whatever
comes out.
"""

import inspect
import json
import re
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, NamedTuple, NoReturn, override

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder, Route
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema

from agentcontainer.errors import (
    INVALID_KEY,
    INVALID_SESSION,
    ApiError,
    Detail,
    Forbidden,
    InternalError,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
    UnsupportedMediaType,
)
from agentcontainer.keys.token import redact
from agentcontainer.principal import (
    KeyPrincipal,
    SessionPrincipal,
    key_principal,
    session_principal,
)

__all__ = [
    "AfterValidator",
    "Answer",
    "BeforeValidator",
    "Cursor",
    "Field",
    "InputModel",
    "InputTimestamp",
    "KeyApi",
    "Limit",
    "Query",
    "Response",
    "SessionApi",
    "SkipJsonSchema",
    "Timestamp",
]

MAX_BODY_BYTES = 256 * 1024
_MAX_DETAILS = 20
_JSON = re.compile(r'application/json(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)

logger = Logger()


class InputModel(BaseModel):
    """What a caller sends: nothing unknown, nothing coerced."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )


class Answer(BaseModel):
    """What a caller gets; checked against itself before it leaves."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        revalidate_instances="always",
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
    )


class ErrorDetail(Answer):
    """What is wrong with one part of the request."""

    in_: Annotated[str, Field(alias="in", description="`body`, `query`, `path` or `header`.")]
    field: str
    """The member or parameter, with dots between nested names."""
    code: str
    message: str


class ErrorBody(Answer):
    """Why the request was not answered with success."""

    # Absent where they do not help: then they are left out, not null.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    code: str
    """For programs: one of the codes in this document."""
    message: str
    """For people."""
    request_id: str | SkipJsonSchema[None] = None
    """Name it when you ask for help."""
    details: list[ErrorDetail] | SkipJsonSchema[None] = None


class Error(Answer):
    """The envelope of every error."""

    error: ErrorBody


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parse_timestamp(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError(
            "a time as RFC 3339 writes it, with an offset, such as 2026-03-25T09:30:00.000Z"
        )
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def _parse_decimal(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError("a whole number in decimal digits")
    return value


Timestamp = Annotated[
    datetime,
    PlainSerializer(_rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339, UTC, milliseconds, `Z`."""

InputTimestamp = Annotated[
    datetime,
    BeforeValidator(_parse_timestamp),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

Limit = Annotated[
    int,
    Query(ge=1, le=100, description="The most entries on a page."),
    BeforeValidator(_parse_decimal),
]
Cursor = Annotated[
    str | SkipJsonSchema[None],
    Query(
        alias="cursor",
        description="`nextCursor` of the page before; without it the list begins.",
    ),
]


class Endpoint(NamedTuple):
    """What a route demands of the caller, beyond a credential of the function's kind."""

    scope: str | None
    manage: bool


class Api[P](APIGatewayRestResolver):
    """A resolver for callers of one kind, whose principal is a `P`."""

    unauthorized: ClassVar[str]
    security_scheme: ClassVar[str]

    def __init__(self, *, tag: str) -> None:
        super().__init__(
            # Whatever the environment says: in debug mode it would print events, tokens included.
            debug=False,
            enable_validation=True,
            serializer=_to_json,
            json_body_deserializer=_read_json,
        )
        self.endpoints: dict[tuple[str, str], Endpoint] = {}
        self._tag = tag
        self.exception_handler(ApiError)(self._error_response)
        self.exception_handler(RequestValidationError)(self._invalid_request_response)
        # Powertools would log what no handler takes, as it is.
        self.exception_handler(Exception)(self._fault_response)

    principal: P
    """Who makes the request that is being answered."""

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
        scope: str | None = None,
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
            # Powertools reads the signature at the first request; a mistake in it fails at start.
            for route in self._static_routes + self._dynamic_routes:
                _ = route.dependant
            return handler

        return register

    @override
    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        try:
            principal = self.read_principal(event["requestContext"].get("authorizer") or {})
            if principal is None:
                raise Unauthorized(self.unauthorized)  # noqa: TRY301 -- answered like any other
            self.principal = principal
            answer = super().resolve(dict(event), context)
        except ApiError as error:
            answer = self._from_error(error, request_id)
        except Exception as fault:  # noqa: BLE001 -- the caller gets an answer, whatever broke
            answer = self._from_error(_log_fault(fault, request_id), request_id)
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", **self.headers()}
        answer["multiValueHeaders"] |= {name: [value] for name, value in headers.items()}
        logger.info(
            "request",
            route=f"{event['httpMethod']} {event['resource']}",
            status=answer["statusCode"],
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
            requestId=request_id,
        )
        return answer

    @override
    def _call_route(self, route: Route, route_arguments: dict[str, str]) -> ResponseBuilder[Any]:
        self.guard(self.endpoints[route.method, route.path])
        _check_query(self.current_event.raw_event, route)
        if route.dependant.body_params:
            _check_body(self.current_event.raw_event)
        return super()._call_route(route, route_arguments)

    @override
    def _handle_not_found(self, method: str, path: str) -> NoReturn:
        methods = {
            route.method
            for route in self._static_routes + self._dynamic_routes
            if route.rule.match(path)
        }
        raise no_route(methods)

    def _error_response(self, error: ApiError) -> Response[dict[str, Any]]:
        return Response(
            error.status,
            content_types.APPLICATION_JSON,
            error.body(self.current_event.request_context.request_id),
            error.headers,
        )

    def _invalid_request_response(self, error: RequestValidationError) -> Response[dict[str, Any]]:
        problems = error.errors()
        if problems[0]["loc"][0] == "response":
            # Powertools blames the caller for an answer of ours that does not fit the document.
            return self._fault_response(error)
        return self._error_response(_invalid(problems))

    def _fault_response(self, fault: Exception) -> Response[dict[str, Any]]:
        request_id = self.current_event.request_context.request_id
        return self._error_response(_log_fault(fault, request_id))

    def _from_error(self, error: ApiError, request_id: str) -> dict[str, Any]:
        return {
            "statusCode": error.status,
            "body": _to_json(error.body(request_id)),
            "isBase64Encoded": False,
            "multiValueHeaders": {
                name: [value]
                for name, value in {"Content-Type": "application/json", **error.headers}.items()
            },
        }


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
            "Access-Control-Expose-Headers": "X-Request-Id, Retry-After, Idempotent-Replayed",
        }


def no_route(methods: Iterable[str]) -> ApiError:
    """What a path answers to that no route serves with this method, if any with another."""
    allowed = sorted(methods)
    return MethodNotAllowed(allowed) if allowed else NotFound("There is no such route.")


def _responses(
    handler: Callable[..., Any], status: HTTPStatus, errors: Iterable[HTTPStatus]
) -> dict[int, Any]:
    """The documented answers: the success, what any route can answer, what this one adds."""
    model = inspect.signature(handler).return_annotation
    content = {"application/json": {"model": model}} if inspect.isclass(model) else {}
    always = (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    failures = {
        int(code): {
            "description": code.phrase,
            "content": {"application/json": {"model": Error}},
        }
        for code in sorted({*always, *errors})
    }
    return {int(status): {"description": status.phrase, "content": content}, **failures}


def _log_fault(fault: Exception, request_id: str) -> InternalError:
    """Logs the stack without tokens (logger.exception would write it as it is)."""
    stack = redact("".join(traceback.format_exception(fault)))
    logger.error("unhandled", error=type(fault).__name__, stack=stack, requestId=request_id)
    return InternalError()


def _check_query(event: Mapping[str, Any], route: Route) -> None:
    known = {field.alias for field in route.dependant.query_params}
    given = event.get("multiValueQueryStringParameters") or {}
    problems = [
        Detail("query", _printable(name), "unknown", "This route has no such parameter.")
        for name in given
        if name not in known
    ] + [
        Detail("query", name, "repeated", "Give this parameter once.")
        for name, values in given.items()
        if name in known and len(values) > 1
    ]
    if problems:
        raise InvalidRequest(details=problems[:_MAX_DETAILS])


def _check_body(event: dict[str, Any]) -> None:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        raise UnsupportedMediaType("Send the body as JSON text in UTF-8.")
    if len(body.encode(errors="surrogatepass")) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {MAX_BODY_BYTES} bytes.")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if body and not _JSON.fullmatch(headers.get("content-type", "").strip()):
        raise UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json.")
    # Powertools compares with this one spelling, also where there is no body to describe.
    event["headers"] = headers | {"content-type": "application/json"}


def _read_json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_reject_constant
        )
    except (ValueError, RecursionError) as error:
        raise _malformed(str(error) if isinstance(error, json.JSONDecodeError) else "") from None
    if not isinstance(value, dict):
        raise _malformed("a JSON object is needed")
    return value


def _malformed(reason: str) -> InvalidRequest:
    reason = reason or "the JSON nests too deep or holds a number that is too long"
    return InvalidRequest(details=[Detail("body", "", "malformed", reason)])


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _malformed("a member name stands twice in one object")
    return members


def _reject_constant(_: str) -> NoReturn:
    raise _malformed("NaN and Infinity are not JSON")


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _invalid(problems: Iterable[Mapping[str, Any]]) -> InvalidRequest:
    # "Or null" is how an optional parameter is declared here, not something to send.
    details = [_detail(problem) for problem in problems if problem["type"] != "none_required"]
    return InvalidRequest(details=details[:_MAX_DETAILS])


def _detail(problem: Mapping[str, Any]) -> Detail:
    location, *field = problem["loc"]
    if location == "query":
        # Behind the parameter's name stand the branches of its type.
        field = field[:1]
    match problem["type"]:
        case "extra_forbidden":
            code, message = "unknown", "There is no such member."
        case "value_error":
            code, message = "invalid", problem["msg"].removeprefix("Value error, ")
        case other:
            code, message = other, problem["msg"]
    return Detail(str(location), _printable(".".join(map(str, field))), code, _printable(message))


def _printable(text: str) -> str:
    """Callers' text as it may be echoed: no token, no lone surrogate, of bounded length."""
    return redact(text).encode(errors="replace").decode()[:200]
