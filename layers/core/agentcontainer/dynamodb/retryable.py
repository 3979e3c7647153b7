"""Which of DynamoDB's responses say nothing of the request, so that a retry may succeed. Pure.

One reading for both clients. Source: "Error handling with DynamoDB" and TransactWriteItems of its
API reference; the list of names is botocore's own, which a test compares.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

RETRYABLE_ERRORS: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Codes of errors with a status below 500."""

RETRYABLE_REASONS: Final = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)
"""Reasons of a cancelled transaction in which no condition failed."""

_SERVER_ERROR, _TOO_MANY_REQUESTS = 500, 429


def is_retryable(status: int, code: str) -> bool:
    """Whether an error is the store's, or of this moment, and not of the request.

    Also where its body is not DynamoDB's, so that it has no code: what stands before DynamoDB
    answers in HTML.
    """
    return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS or code in RETRYABLE_ERRORS


def is_intact(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a body is the one that DynamoDB sent, where it says so; names are in lower case."""
    checksum = headers.get("x-amz-crc32")
    return checksum is None or checksum == str(zlib.crc32(body))


def read_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that every response of DynamoDB is; None for anything else.

    A body of no octet, or a page in HTML, is no response, and says neither that an item is absent
    nor that one was written.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
