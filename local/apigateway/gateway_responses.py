"""Gateway responses: what API Gateway answers itself, and how a template shapes it.

Defaults and order as AWS documents them (Gateway response types for API Gateway): the type's own
entry, else DEFAULT_4XX or DEFAULT_5XX, else what is built in. Templates are plain substitution.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from blueprint.template.gateway_responses import TYPES, UNNAMED
from local.http.messages import Answer, Headers, Request

_VARIABLE = re.compile(r"\$context\.([\w.]*\w)|\$stageVariables\.\w+")
_CLIENT_ERRORS = range(400, 500)


class Failure(Exception):
    """The gateway answers itself, with a response of this type.

    `context` is what the authorizer said, for templates that name `$context.authorizer`. Not
    `logged` is what the access log never sees.
    """

    def __init__(
        self,
        type_: str,
        message: str | None = None,
        context: Mapping[str, str] | None = None,
        *,
        logged: bool = True,
    ) -> None:
        super().__init__(type_)
        self.type = type_
        self.message = message
        self.context = context or {}
        self.logged = logged


class GatewayResponses:
    """The responses that an API customises, from the OpenAPI body of its translation."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._custom: Mapping[str, Any] = body.get("x-amazon-apigateway-gateway-responses", {})

    def answer(self, failure: Failure, request: Request, context: Mapping[str, str]) -> Answer:
        """The answer for a failure; `context` gives what `$context` stands for."""
        built_in = (TYPES | UNNAMED)[failure.type]
        default = "DEFAULT_4XX" if built_in.status in _CLIENT_ERRORS else "DEFAULT_5XX"
        entry = self._custom.get(failure.type) or self._custom.get(default) or {}
        message = failure.message or built_in.message
        variables = {
            **context,
            **failure.context,
            "error.message": message or "",
            "error.messageString": json.dumps(message),
            "error.responseType": failure.type,
        }
        template = entry.get("responseTemplates", {}).get("application/json")
        if template is None:
            # Only the built-in refusal of a policy spells it with a capital.
            member = "Message" if failure.type == "ACCESS_DENIED" and not entry else "message"
            template = json.dumps({member: message}, separators=(",", ":"))
        else:
            template = _VARIABLE.sub(lambda match: variables.get(match[1], ""), template)
        status = int(entry.get("statusCode", built_in.status))
        headers = [("Content-Type", "application/json")]
        if built_in.error_type:
            headers.append(("x-amzn-ErrorType", built_in.error_type))
        headers += _headers(entry.get("responseParameters", {}), request, variables)
        return Answer(status, headers, template.encode())


def _headers(
    parameters: Mapping[str, str], request: Request, variables: Mapping[str, str]
) -> Headers:
    """`'literal'`, or what the request or the context has; an absent source leaves it out."""
    headers = []
    for name, source in parameters.items():
        if source.startswith("'"):
            value: str | None = source[1:-1]
        elif source.startswith("method.request.header."):
            value = request.header(source.removeprefix("method.request.header."))
        else:
            value = variables.get(source.removeprefix("context."))
        if value is not None:
            headers.append((name.removeprefix("gatewayresponse.header."), value))
    return headers
