"""Gateway responses: what API Gateway answers itself, and how a template shapes it.

Defaults and order as AWS documents them (Gateway response types for API Gateway): the type's own
entry, else DEFAULT_4XX or DEFAULT_5XX, else what is built in. Templates are plain substitution.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from local.messages import Answer, Headers, Request


class Type(NamedTuple):
    """The built-in answer of a gateway response type."""

    status: int
    error_type: str | None
    message: str | None


TYPES: dict[str, Type] = {
    "ACCESS_DENIED": Type(403, "AccessDeniedException", None),
    "API_CONFIGURATION_ERROR": Type(500, "InternalServerErrorException", "Internal server error"),
    "AUTHORIZER_CONFIGURATION_ERROR": Type(500, "AuthorizerConfigurationException", None),
    "AUTHORIZER_FAILURE": Type(500, "AuthorizerConfigurationException", None),
    "BAD_REQUEST_BODY": Type(400, "BadRequestException", "Invalid request body"),
    "BAD_REQUEST_PARAMETERS": Type(400, "BadRequestException", "Missing required parameters"),
    "EXPIRED_TOKEN": Type(403, "ExpiredTokenException", "The security token is expired"),
    "INTEGRATION_FAILURE": Type(502, "InternalServerErrorException", "Internal server error"),
    "INTEGRATION_TIMEOUT": Type(504, "InternalServerErrorException", "Endpoint request timed out"),
    "INVALID_API_KEY": Type(403, "ForbiddenException", "Forbidden"),
    "INVALID_SIGNATURE": Type(403, "InvalidSignatureException", "Invalid signature"),
    "MISSING_AUTHENTICATION_TOKEN": Type(
        403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    ),
    "QUOTA_EXCEEDED": Type(429, "LimitExceededException", "Limit Exceeded"),
    "REQUEST_TOO_LARGE": Type(413, "RequestTooLargeException", "Request Too Long"),
    "RESOURCE_NOT_FOUND": Type(404, "NotFoundException", "Not Found"),
    "THROTTLED": Type(429, "TooManyRequestsException", "Too Many Requests"),
    "UNAUTHORIZED": Type(401, "UnauthorizedException", "Unauthorized"),
    "UNSUPPORTED_MEDIA_TYPE": Type(415, "BadRequestException", "Unsupported Media Type"),
    "WAF_FILTERED": Type(403, "ForbiddenException", "Forbidden"),
}
# What AWS answers without a type of its own for it, so that only a DEFAULT_ response shapes it.
UNNAMED: dict[str, Type] = {
    "INCOMPLETE_SIGNATURE": Type(403, "IncompleteSignatureException", None),
    "URI_TOO_LONG": Type(414, None, "Request URI too long"),
}
DEFAULTS = frozenset({"DEFAULT_4XX", "DEFAULT_5XX"})

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
