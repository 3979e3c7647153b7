"""One translated REST API as a WSGI application: the steps of a request, in API Gateway's order.

Sizes, route, authorizer, policy, throttle, integration. Whatever fails becomes a gateway response
of the type that AWS would choose, shaped by the template. docs/gateway.md has it row by row.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from blueprint.template.routes import Lambda, Mock, Route, Router
from local.apigateway.authorizers import Authorizer
from local.apigateway.calls import Call
from local.apigateway.events import proxy_event
from local.apigateway.gateway_responses import Failure, GatewayResponses
from local.apigateway.proxy_response import read_answer
from local.apigateway.throttle import Throttle
from local.functions.function import Invoke, TooLarge
from local.functions.function_process import FunctionFailed, NotAwaited
from local.http.messages import Answer, Headers, Request
from local.logs.access_log import AccessLog

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_HEADER_BYTES = 10_240
MAX_ARN_BYTES = 1600

type Log = Callable[[Call, str, int, float], None]
"""Called after each answer: the call, the resource that served it, status and seconds."""


class Stage(NamedTuple):
    """A REST API at an address: its id, its stage's name, what the stage lets through and logs."""

    api_id: str
    name: str
    throttle: Throttle | None = None
    access_log: AccessLog | None = None


class Served(NamedTuple):
    """An answer, the resource that gave it, and whether the access log sees it."""

    resource: str
    answer: Answer
    logged: bool


class Gateway:
    """An API, from the OpenAPI body of its translation, with its functions by logical id."""

    def __init__(
        self, stage: Stage, body: Mapping[str, Any], functions: Mapping[str, Invoke], log: Log
    ) -> None:
        self._stage = stage
        self._router = Router(body)
        self._authorizers = {
            scheme: Authorizer(definition, functions)
            for scheme, definition in body.get("components", {}).get("securitySchemes", {}).items()
        }
        self._functions = functions
        self._responses = GatewayResponses(body)
        self._log = log

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answers one request."""
        started = time.perf_counter()
        call = Call(self._stage.api_id, self._stage.name, Request.from_environ(environ))
        resource, answer, logged = self._answer(call)
        seconds = time.perf_counter() - started
        self._log(call, resource, answer.status, seconds)
        if logged and self._stage.access_log:
            self._stage.access_log.write(call, resource, answer.status, seconds)
        return answer.send(call.request.method, start_response)

    def _answer(self, call: Call) -> Served:
        ids = [
            ("x-amzn-RequestId", call.request_id),
            ("x-amz-apigw-id", call.extended_request_id),
        ]
        if refusal := _too_large(call, ids):
            return Served("", refusal, logged=False)
        match = self._router.match(call.request.method, call.request.path)
        logged = True
        try:
            if match is None:
                raise _unserved(call)
            answer = self._serve(call, *match)
        except Failure as failure:
            answer = self._responses.answer(failure, call.request, call.context)
            call.facts["error.responseType"] = failure.type
            logged = failure.logged
        resource = match[0].resource if match else ""
        return Served(resource, Answer(answer.status, [*answer.headers, *ids], answer.body), logged)

    def _serve(self, call: Call, route: Route, parameters: dict[str, str]) -> Answer:
        context = None
        if route.authorizer is not None:
            if len(call.method_arn.encode()) > MAX_ARN_BYTES:
                raise Failure("URI_TOO_LONG")
            context = self._authorizers[route.authorizer].authorize(call, route, parameters)
        # After the authorizer, as measured: a throttle does not shield it.
        if self._stage.throttle and not self._stage.throttle.admits():
            raise Failure("THROTTLED")
        if isinstance(route.integration, Mock):
            headers = [("Content-Type", "application/json"), *route.integration.headers.items()]
            return Answer(route.integration.status, headers, route.integration.body.encode())
        event = proxy_event(call, route.resource, parameters, context)
        answer = read_answer(self._result(call, route.integration, event))
        return Answer(
            answer.status, [*answer.headers, ("X-Amzn-Trace-Id", call.trace_id)], answer.body
        )

    def _result(self, call: Call, integration: Lambda, event: Mapping[str, Any]) -> Any:
        started = time.perf_counter()
        try:
            return self._functions[integration.function](event, integration.timeout_seconds)
        except FunctionFailed:
            raise Failure("INTEGRATION_FAILURE") from None
        except NotAwaited:
            raise Failure("INTEGRATION_TIMEOUT") from None
        except TooLarge:
            raise Failure("REQUEST_TOO_LARGE") from None
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000)
            call.facts["integration.latency"] = str(milliseconds)


def _too_large(call: Call, ids: Headers) -> Answer | None:
    """The two answers of the gateway that no template can shape."""
    status, message = 0, ""
    if sum(len(name) + len(value) for name, value in call.request.headers) > MAX_HEADER_BYTES:
        status, message = 431, f"HTTP header is larger than {MAX_HEADER_BYTES} bytes."
    elif len(call.request.body) > MAX_BODY_BYTES:
        status, message = 413, f"HTTP content length exceeded {MAX_BODY_BYTES} bytes."
    if not status:
        return None
    return Answer(status, [*ids, ("Content-Type", "text/plain")], message.encode())


def _unserved(call: Call) -> Failure:
    """AWS takes whatever stands in `Authorization` for a signature, and quotes its hash."""
    authorization = call.request.header("authorization")
    if not authorization:
        return Failure("MISSING_AUTHENTICATION_TOKEN")
    quoted = base64.b64encode(hashlib.sha256(authorization.encode()).digest()).decode()
    return Failure(
        "INCOMPLETE_SIGNATURE",
        "Invalid key=value pair (missing equal-sign) in Authorization header "
        f"(hashed with SHA-256 and encoded with Base64): '{quoted}'.",
    )
