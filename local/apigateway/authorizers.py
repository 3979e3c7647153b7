"""Lambda authorizers of a REST API: what they are asked, and what their answer allows.

A cached answer is evaluated again for each request, as AWS does it: a policy that names only one
method refuses the caller's next route for as long as it is kept.
"""

import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from blueprint.template.routes import Route, function_of
from blueprint.template.translation import TemplateError
from local.apigateway import policy
from local.apigateway.calls import Call
from local.apigateway.events import request_event, token_event
from local.apigateway.gateway_responses import Failure
from local.functions.function import Invoke
from local.functions.function_process import FunctionFailed

_DEFAULT_TTL_SECONDS = 300
_LONGEST_TTL_SECONDS = 3600
_REQUEST_SOURCE = re.compile(r"method\.request\.(header|querystring)\.(.+)")


class Verdict(NamedTuple):
    """What an authorizer answered: a policy document, and a context of strings."""

    policy: Any
    context: dict[str, str]


class Authorizer:
    """One authorizer of an API, from its security scheme in the translation's OpenAPI body."""

    def __init__(self, scheme: Mapping[str, Any], functions: Mapping[str, Invoke]) -> None:
        definition = scheme["x-amazon-apigateway-authorizer"]
        self._is_token = definition["type"] == "token"
        self._ttl_seconds = _ttl(definition.get("authorizerResultTtlInSeconds"))
        self._expression = re.compile(definition.get("identityValidationExpression", ""))
        self._sources = (
            [f"method.request.header.{scheme['name']}"]
            if self._is_token
            else [s.strip() for s in definition.get("identitySource", "").split(",") if s.strip()]
        )
        self._invoke = functions[function_of(definition["authorizerUri"])]
        self._kept: dict[tuple[str | None, ...], tuple[float, Verdict]] = {}

    def authorize(
        self, call: Call, route: Route, path_parameters: Mapping[str, str]
    ) -> dict[str, Any]:
        """The context for the integration; Failure where the call may not go on."""
        started = time.perf_counter()
        verdict = self._verdict(call, route, path_parameters)
        variables = {f"authorizer.{name}": value for name, value in verdict.context.items()}
        latency = round((time.perf_counter() - started) * 1000)
        call.facts.update(variables | {"authorizer.latency": str(latency)})
        try:
            decision = policy.decide(verdict.policy, call.method_arn)
        except policy.MalformedPolicy:
            raise Failure("AUTHORIZER_CONFIGURATION_ERROR") from None
        if decision is not policy.Decision.ALLOW:
            message = "User is not authorized to access this resource"
            explicit = " with an explicit deny" if decision is policy.Decision.DENY else ""
            raise Failure("ACCESS_DENIED", message + explicit, variables)
        return verdict.context | {"integrationLatency": latency}

    def _verdict(self, call: Call, route: Route, path_parameters: Mapping[str, str]) -> Verdict:
        identity = tuple(_value(source, call) for source in self._sources)
        self._check(identity)
        if not self._ttl_seconds:
            return self._ask(call, route, path_parameters)
        kept_until, verdict = self._kept.get(identity, (0.0, None))
        if verdict is None or kept_until < time.monotonic():
            verdict = self._ask(call, route, path_parameters)
            self._kept[identity] = (time.monotonic() + self._ttl_seconds, verdict)
        return verdict

    def _check(self, identity: tuple[str | None, ...]) -> None:
        """Whom the gateway turns away by itself.

        Without a cache it lets a REQUEST authorizer decide about what is missing (the API's
        reference says otherwise, the developer guide does not; never tried on AWS). It logs none of
        them (the developer guide).
        """
        if self._is_token:
            [token] = identity
            if not token or not self._matches(token):
                raise Failure("UNAUTHORIZED", logged=False)
        elif self._ttl_seconds and not all(identity):
            raise Failure("UNAUTHORIZED", logged=False)

    def _matches(self, token: str) -> bool:
        return not self._expression.pattern or bool(self._expression.fullmatch(token))

    def _ask(self, call: Call, route: Route, path_parameters: Mapping[str, str]) -> Verdict:
        event = (
            token_event(call, _value(self._sources[0], call) or "")
            if self._is_token
            else request_event(call, route.resource, path_parameters)
        )
        try:
            result = self._invoke(event)
        except FunctionFailed as failed:
            # Never kept: the next request asks again.
            refused = failed.message == "Unauthorized"
            raise Failure("UNAUTHORIZED" if refused else "AUTHORIZER_FAILURE") from None
        return _read(result)


def _ttl(seconds: object) -> int:
    """AWS keeps an answer for five minutes unless it is told otherwise."""
    if seconds is None:
        return _DEFAULT_TTL_SECONDS
    if not isinstance(seconds, int) or not 0 <= seconds <= _LONGEST_TTL_SECONDS:
        raise TemplateError(
            f"an authorizer's answer is kept for 0 to {_LONGEST_TTL_SECONDS} seconds, "
            f"not {seconds} (ReauthorizeEvery)",
            f"ReauthorizeEvery: {seconds}",
        )
    return seconds


def _value(source: str, call: Call) -> str | None:
    match = _REQUEST_SOURCE.fullmatch(source)
    if match is None:
        raise TemplateError(f"the local gateway does not know the identity source {source}")
    kind, name = match.groups()
    return call.request.header(name) if kind == "header" else call.request.parameter(name)


def _read(result: Any) -> Verdict:
    """An answer's policy and context; a value that is neither text, number nor bool fails."""
    if not isinstance(result, Mapping) or not isinstance(result.get("context", {}), Mapping):
        raise Failure("AUTHORIZER_CONFIGURATION_ERROR")
    if not isinstance(result.get("policyDocument"), Mapping):
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
    return Verdict(result["policyDocument"], context)
