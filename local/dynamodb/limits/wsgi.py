"""The limits in front of a WSGI application that serves DynamoDB, such as moto's server."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from local.dynamodb.limits.checker import Tables
from local.dynamodb.limits.limited import Response, answer, operation_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def limited(app: "WSGIApplication", tables: Tables) -> "WSGIApplication":
    """The application, with DynamoDB's limits."""

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        operation = operation_of(environ.get("HTTP_X_AMZ_TARGET", ""))
        if not operation:
            return app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        response = answer(operation, json.loads(body), tables, lambda: _ask(app, environ))
        headers = response.headers | {"Content-Length": str(len(response.body))}
        phrase = HTTPStatus(response.status).phrase
        start_response(f"{response.status} {phrase}", [*headers.items()])
        return [response.body]

    return served


def _ask(app: "WSGIApplication", environ: "WSGIEnvironment") -> Response:
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        started.extend([int(status.partition(" ")[0]), dict(headers)])

    body = b"".join(app(environ, start))
    status, headers = started
    return Response(status, headers, body)
