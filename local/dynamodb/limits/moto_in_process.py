"""The limits in front of moto within this process, for every boto3 client."""

import json
from typing import Any, cast

from botocore.awsrequest import AWSPreparedRequest
from moto.core.models import botocore_stubber

from local.dynamodb.limits.limited import Response, answer, operation_of
from local.dynamodb.limits.moto_tables import MotoTables

_PREFIX = "DynamoDB_"
# Where another endpoint is set, moto leaves the request to the network.
_AWS = ".amazonaws.com"

type _Answered = tuple[int, dict[str, str], bytes | str] | None


def install(account: str, region: str) -> None:
    """Has moto's entry from botocore ask the limits first, once a process.

    Not as a handler of botocore's own: it calls all handlers of an event, so moto would carry out
    each request twice, also one that was refused.
    """
    if not isinstance(botocore_stubber.process_request, _Entry):
        tables = MotoTables(account, region)
        botocore_stubber.process_request = _Entry(botocore_stubber.process_request, tables)


class _Entry:
    """Answers what moto would answer."""

    def __init__(self, moto: Any, tables: MotoTables) -> None:
        self._moto = moto
        self._tables = tables

    def __call__(self, request: AWSPreparedRequest) -> _Answered:
        target = _text(request.headers.get("X-Amz-Target", ""))
        if not target.startswith(_PREFIX) or _AWS not in request.url:
            answered: _Answered = self._moto(request)
            return answered

        def forward() -> Response:
            status, headers, body = self._moto(request)
            return Response(status, headers, _octets(body))

        parameters = json.loads(cast("bytes", request.body))
        return answer(operation_of(target), parameters, self._tables, forward)


def _text(given: str | bytes) -> str:
    return given.decode() if isinstance(given, bytes) else given


def _octets(given: str | bytes) -> bytes:
    return given.encode() if isinstance(given, str) else given
