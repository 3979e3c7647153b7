"""A proxy on loopback in front of a DynamoDB server: its limits, and what needs all clients.

Every process that uses the server goes through it, so it alone sees transactions that conflict and
what a partition has left, and counts what is done.
"""

import contextlib
import copy
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, override
from urllib.parse import urlsplit

from local.dynamodb.limits.charges import (
    Charge,
    charges_of_reads,
    charges_of_writes,
    partitions,
)
from local.dynamodb.limits.checker import Request, Target, check, is_complete, targets
from local.dynamodb.limits.contention import Conflicts, Throughput
from local.dynamodb.limits.errors import AwsError
from local.dynamodb.limits.keys import KeySchema, identity
from local.dynamodb.limits.ledger import Entry, Ledger
from local.dynamodb.limits.limited import Response, cut, operation_of, refusal
from local.dynamodb.limits.sizes import Item

_OK = 200
_KEPT_HEADERS = frozenset({"content-type", "x-amzn-requestid"})
MARK: Final = "X-DynamoDB-Limits"
"""A header of every response, by which a server can be seen to be behind limits already."""

_TABLE_CHANGES = frozenset({"CreateTable", "DeleteTable"})
_PREFIX = "DynamoDB_20120810."

type _Send = Callable[[str, bytes], Response]
"""Asks the server: an operation and its parameters."""


class LimitsProxy:
    """The proxy, which runs; `upstream` is the server's address."""

    def __init__(self, upstream: str, port: int = 0) -> None:
        self.ledger = Ledger()
        self.conflicts = Conflicts()
        self.throughput = Throughput()
        self.upstream = urlsplit(upstream).netloc
        self._schemas: dict[str, KeySchema] = {}
        self._connections: set[socket.socket] = set()
        self._server = _server(self, port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def see_requests_alone(self) -> None:
        """Leaves out what needs all clients, for a proxy that only some of them pass."""
        self.conflicts.enabled = self.throughput.enabled = False

    def stop(self) -> None:
        """Takes no more requests, and ends the connections that clients keep."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def answer(self, operation: str, body: bytes, send: _Send) -> Response:
        """The response to one request, which the ledger notes."""
        if operation in _TABLE_CHANGES:
            self._schemas.clear()
        request = _Exchange(self, operation, body, send, self._schemas)
        response = request.response()
        self.ledger.record(
            Entry(
                operation,
                reads=sum(charge.reads for charge in request.charges),
                writes=sum(charge.writes for charge in request.charges),
                sent=len(body),
                received=len(response.body),
                error=None if response.status == _OK else _error_code(response),
            )
        )
        return response


class _Exchange:
    """One request, with the items that it names as they are before it."""

    def __init__(
        self,
        proxy: LimitsProxy,
        operation: str,
        body: bytes,
        send: _Send,
        schemas: dict[str, KeySchema],
    ) -> None:
        self._proxy = proxy
        self._operation = operation
        self._body = body
        self._parameters: Request = json.loads(body)
        self._send = send
        self._tables = _ServersTables(send, schemas)
        self.charges = list[Charge]()

    def response(self) -> Response:
        """The server's response as DynamoDB would send it, or the error that it would send."""
        operation, parameters, tables = self._operation, self._parameters, self._tables
        if not is_complete(operation, parameters):
            return self._send(operation, self._body)
        named = targets(operation, parameters, tables)
        if operation == "TransactWriteItems":
            tables.read_ahead(named)
        if error := check(operation, parameters, tables):
            return refusal(error)
        try:
            response = self._contended(named)
        except AwsError as error:
            return refusal(error)
        response = cut(operation, parameters, tables, response)
        if response.status == _OK:
            content = json.loads(response.body)
            reads = charges_of_reads(operation, parameters, content, tables)
            self._proxy.throughput.consume(reads)
            self.charges += reads
        return response

    def _contended(self, named: list[Target]) -> Response:
        """The server's response, unless other requests are in the way."""
        operation, parameters, tables = self._operation, self._parameters, self._tables
        touched = partitions(operation, parameters, tables)
        writes = charges_of_writes(operation, parameters, tables)
        throttled = self._proxy.throughput.admit(operation, named, touched, writes)
        self.charges = writes
        if throttled:
            return self._without(throttled)
        with self._proxy.conflicts.claim(operation, named):
            return self._send(operation, self._body)

    def _without(self, throttled: Sequence[Target]) -> Response:
        """A batch's response in which these keys are left for later."""
        batch = copy.deepcopy(self._parameters["RequestItems"])
        left: dict[str, Any] = {}
        for each in throttled:
            batch[each.table]["Keys"].remove(each.key)
            unread = left.setdefault(each.table, batch[each.table] | {"Keys": []})
            unread["Keys"].append(each.key)
        wanted = {table: asked for table, asked in batch.items() if asked["Keys"]}
        response = self._send(self._operation, json.dumps({"RequestItems": wanted}).encode())
        if response.status != _OK:
            return response
        content = json.loads(response.body)
        for table, unread in (content.get("UnprocessedKeys") or {}).items():
            left.setdefault(table, unread | {"Keys": []})["Keys"] += unread["Keys"]
        return response._replace(body=json.dumps(content | {"UnprocessedKeys": left}).encode())


class _ServersTables:
    """What the checker has to know of tables, from the server."""

    def __init__(self, send: _Send, schemas: dict[str, KeySchema]) -> None:
        self._send = send
        self._schemas = schemas
        self._items: dict[Any, Item | None] = {}

    def schema(self, table: str) -> KeySchema | None:
        """The table's primary key, asked for once."""
        if table not in self._schemas:
            described = self._ask("DescribeTable", {"TableName": table}).get("Table")
            if described is None:
                return None
            self._schemas[table] = KeySchema.of_table(
                described["KeySchema"], described["AttributeDefinitions"]
            )
        return self._schemas[table]

    def read_ahead(self, named: Sequence[Target]) -> None:
        """Asks for these items together, if that can be asked."""
        wanted: dict[str, dict[str, Any]] = {}
        for each in {target.identity: target for target in named}.values():
            asked = wanted.setdefault(each.table, {"Keys": [], "ConsistentRead": True})
            asked["Keys"].append(each.key)
        found = self._ask("BatchGetItem", {"RequestItems": wanted})
        if "Responses" not in found or found.get("UnprocessedKeys"):
            return
        self._items |= {target.identity: None for target in named}
        for table, items in found["Responses"].items():
            schema = self._schemas[table]
            self._items |= {identity(table, schema.key(item)): item for item in items}

    def item(self, table: str, key: Item) -> Item | None:
        """The item as it was when this request came."""
        name = identity(table, key)
        if name not in self._items:
            asked = {"TableName": table, "Key": key, "ConsistentRead": True}
            self._items[name] = self._ask("GetItem", asked).get("Item")
        return self._items[name]

    def _ask(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        response = self._send(operation, json.dumps(parameters).encode())
        answered: dict[str, Any] = json.loads(response.body) if response.status == _OK else {}
        return answered


def _error_code(response: Response) -> str:
    try:
        return str(json.loads(response.body).get("__type", "")).rpartition("#")[2]
    except ValueError:
        return str(response.status)


def _server(proxy: LimitsProxy, port: int) -> ThreadingHTTPServer:
    class Handler(_Handler):
        limits = proxy

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    # Those that still wait for the server are not waited for.
    server.block_on_close = False
    return server


class _Handler(BaseHTTPRequestHandler):
    """One client's connection, and with it one to the server."""

    limits: LimitsProxy
    protocol_version = "HTTP/1.1"
    # It writes head and body apart, and the second would wait for an acknowledgement.
    disable_nagle_algorithm = True

    @override
    def setup(self) -> None:
        super().setup()
        self.limits._connections.add(self.connection)  # noqa: SLF001 -- its own server
        self._upstream = HTTPConnection(self.limits.upstream, timeout=30)

    @override
    def finish(self) -> None:
        self.limits._connections.discard(self.connection)  # noqa: SLF001 -- its own server
        self._upstream.close()
        super().finish()

    def do_POST(self) -> None:
        """Answers one request; the connection ends where the server does not answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        try:
            if target.startswith(_PREFIX):
                response = self.limits.answer(operation_of(target), body, self._ask)
            else:
                response = self._forward(body, dict(self.headers))
        except (OSError, HTTPException):
            self.close_connection = True
            return
        with contextlib.suppress(OSError):
            self._write(response)

    # So that whoever waits for the server to be there sees that it is.
    do_GET = do_POST  # noqa: N815 -- http.server's name

    @override
    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _ask(self, operation: str, body: bytes) -> Response:
        headers = dict(self.headers)
        headers |= {"X-Amz-Target": _PREFIX + operation, "Content-Length": str(len(body))}
        return self._forward(body, headers)

    def _forward(self, body: bytes, headers: dict[str, str]) -> Response:
        self._upstream.request(self.command, self.path, body, headers)
        response = self._upstream.getresponse()
        kept = {n: v for n, v in response.getheaders() if n.lower() in _KEPT_HEADERS}
        return Response(response.status, kept, response.read())

    def _write(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header(MARK, "enforced")
        self.end_headers()
        self.wfile.write(response.body)


@contextlib.contextmanager
def limits_proxy(upstream: str, port: int = 0) -> Iterator[LimitsProxy]:
    """A proxy that runs in front of the server at `upstream`."""
    proxy = LimitsProxy(upstream, port)
    try:
        yield proxy
    finally:
        proxy.stop()


def is_unlimited(server: str) -> bool:
    """Whether a server answers at this address, and behind no proxy of this kind."""
    connection = HTTPConnection(urlsplit(server).netloc, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().headers[MARK] is None
    return False
