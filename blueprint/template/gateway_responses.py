"""The gateway responses that API Gateway has, and what each is where a template shapes none.

Source: "Gateway response types for API Gateway" of its developer guide.
"""

from typing import NamedTuple


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
