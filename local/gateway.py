"""One translated REST API as a WSGI application: the steps of a request, in API Gateway's order.

Route, authorizer, policy, integration. Whatever fails becomes a gateway response of the type that
AWS would choose, shaped by the template.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from local import policy
from local.events import Call, authorizer_event, proxy_event, read_answer
from local.functions import FunctionFailed
from local.messages import Answer, Request
from local.responses import Failure, GatewayResponses
from local.routes import Mock, Route, Router, function_of
from local.template import api_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 10 * 1024 * 1024
_AUTHORIZER = "x-amazon-apigateway-authorizer"

type Invoke = Callable[[Mapping[str, Any]], Any]
"""Runs a function on an event; raises FunctionFailed where it has no result."""

type Log = Callable[[Call, str, int, float], None]
"""Called after each answer: the call, the resource that served it, status and seconds."""


class Gateway:
    """An API of the template, with its functions by logical id."""

    def __init__(
        self, name: str, body: Mapping[str, Any], functions: Mapping[str, Invoke], log: Log
    ) -> None:
        self._router = Router(body)
        self._api_id = api_id(name)
        self._authorizers = {
            scheme: _TokenAuthorizer(definition, functions)
            for scheme, definition in body["components"]["securitySchemes"].items()
        }
        self._functions = functions
        self._responses = GatewayResponses(body)
        self._log = log

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answers one request."""
        started = time.perf_counter()
        call = Call(self._api_id, Request.from_environ(environ))
        resource, answer = self._answer(call)
        self._log(call, resource, answer.status, time.perf_counter() - started)
        return answer.send(call.request.method, start_response)

    def _answer(self, call: Call) -> tuple[str, Answer]:
        ids = [
            ("x-amzn-RequestId", call.request_id),
            ("x-amz-apigw-id", call.extended_request_id),
        ]
        if len(call.request.body) > MAX_BODY_BYTES:
            message = f"HTTP content length exceeded {MAX_BODY_BYTES} bytes."
            # The one answer of the gateway that no template can shape.
            return "", Answer(413, [*ids, ("Content-Type", "text/plain")], message.encode())
        match = self._router.match(call.request.method, call.request.path)
        try:
            if match is None:
                raise Failure("MISSING_AUTHENTICATION_TOKEN")  # noqa: TRY301
            answer = self._serve(call, *match)
        except Failure as failure:
            answer = self._responses.answer(failure, call.request, call.context)
        resource = match[0].resource if match else ""
        return resource, Answer(answer.status, [*answer.headers, *ids], answer.body)

    def _serve(self, call: Call, route: Route, parameters: dict[str, str]) -> Answer:
        if isinstance(route.integration, Mock):
            headers = [("Content-Type", "application/json"), *route.integration.headers.items()]
            return Answer(route.integration.status, headers, route.integration.body.encode())
        context = None
        if route.authorizer is not None:
            context = self._authorizers[route.authorizer].authorize(call)
        event = proxy_event(call, route.resource, parameters, context)
        try:
            result = self._functions[route.integration.function](event)
        except FunctionFailed:
            raise Failure("INTEGRATION_FAILURE") from None
        return read_answer(result)


class _TokenAuthorizer:
    """A Lambda authorizer of type TOKEN, never cached (its TTL is 0)."""

    def __init__(self, scheme: Mapping[str, Any], functions: Mapping[str, Invoke]) -> None:
        definition = scheme[_AUTHORIZER]
        self._header = scheme["name"]
        self._expression = re.compile(definition["identityValidationExpression"])
        self._invoke = functions[function_of(definition["authorizerUri"])]

    def authorize(self, call: Call) -> dict[str, Any]:
        """The context for the integration; Failure where the call may not go on."""
        token = call.request.header(self._header)
        if not token or not self._expression.fullmatch(token):
            raise Failure("UNAUTHORIZED")
        started = time.perf_counter()
        try:
            result = self._invoke(authorizer_event(call, token))
        except FunctionFailed as failed:
            if failed.message == "Unauthorized":
                raise Failure("UNAUTHORIZED") from None
            raise Failure("AUTHORIZER_FAILURE") from None
        context = _read_context(result)
        latency = {"integrationLatency": round((time.perf_counter() - started) * 1000)}
        try:
            decision = policy.decide(result["policyDocument"], call.method_arn)
        except (policy.MalformedPolicy, KeyError):
            raise Failure("AUTHORIZER_CONFIGURATION_ERROR") from None
        if decision is not policy.Decision.ALLOW:
            message = "User is not authorized to access this resource"
            explicit = " with an explicit deny" if decision is policy.Decision.DENY else ""
            raise Failure("ACCESS_DENIED", message + explicit, _as_variables(context))
        return context | latency


def _read_context(result: Any) -> dict[str, str]:
    """Principal and context as strings; a value that is neither text, number nor bool fails."""
    if not isinstance(result, Mapping) or not isinstance(result.get("context", {}), Mapping):
        raise Failure("AUTHORIZER_CONFIGURATION_ERROR")
    context = {"principalId": str(result["principalId"])} if "principalId" in result else {}
    for name, value in result.get("context", {}).items():
        match value:
            case bool():
                context[name] = str(value).lower()
            case str() | int() | float():
                context[name] = str(value)
            case None:
                continue
            case _:
                raise Failure("AUTHORIZER_CONFIGURATION_ERROR")
    return context


def _as_variables(context: Mapping[str, str]) -> dict[str, str]:
    return {f"authorizer.{name}": value for name, value in context.items()}
