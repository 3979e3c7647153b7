"""A server of DynamoDB's requests, with DynamoDB's limits before and after it."""

import json
import zlib
from collections.abc import Callable
from typing import NamedTuple
from uuid import uuid4

from local.dynamodb.limits.checker import Request, Tables, check
from local.dynamodb.limits.errors import AwsError
from local.dynamodb.limits.pages import SHAPED, shape

_OK, _BAD_REQUEST = 200, 400


class Response(NamedTuple):
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes


type Forward = Callable[[], Response]
"""Sends the request on."""


def operation_of(target: str) -> str:
    """The operation that an `X-Amz-Target` header names."""
    return target.rpartition(".")[2]


def answer(operation: str, parameters: Request, tables: Tables, forward: Forward) -> Response:
    """DynamoDB's error where the request is over a limit; else the server's response, cut."""
    error = check(operation, parameters, tables)
    return refusal(error) if error else cut(operation, parameters, tables, forward())


def cut(operation: str, parameters: Request, tables: Tables, response: Response) -> Response:
    """The response with no more in it than DynamoDB would send."""
    if operation not in SHAPED or response.status != _OK:
        return response
    before = json.loads(response.body)
    after = shape(operation, parameters, before, tables.schema)
    if after is before:
        return response
    return _response(_OK, json.dumps(after).encode())


def refusal(error: AwsError) -> Response:
    """The response that carries an error."""
    return _response(_BAD_REQUEST, json.dumps(error.json()).encode())


def _response(status: int, body: bytes) -> Response:
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "x-amz-crc32": str(zlib.crc32(body)),
        "x-amzn-RequestId": str(uuid4()),
    }
    return Response(status, headers, body)
