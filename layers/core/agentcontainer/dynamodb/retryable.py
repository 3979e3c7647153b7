"""Which of DynamoDB's errors say nothing of the request, so that a retry may succeed. Pure.

Source: "Error handling with DynamoDB" and TransactWriteItems of its API reference; the first list
is botocore's own.
"""

from typing import Final

RETRYABLE_ERRORS: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Codes of errors with a status below 500."""

UNAVAILABLE_ERRORS: Final = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
"""Codes of what is left when boto3 has retried: the store is unavailable."""

RETRYABLE_REASONS: Final = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}
)
"""Reasons of a cancelled transaction in which no condition failed."""
