"""A proxy before DynamoDB that does what AWS does under contention, and no local server does.

Every second transaction is cancelled with TransactionConflict, as when another one writes the same
item at that moment, and every second update of an account's item is refused for the same reason.
What the server would have said is never asked, so nothing was written.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import urlsplit

_TRANSACTION = "DynamoDB_20120810.TransactWriteItems"
_UPDATE = "DynamoDB_20120810.UpdateItem"

_CONFLICT = json.dumps(
    {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
        "message": "Transaction is ongoing for the item",
    }
).encode()


@contextmanager
def conflicting(endpoint: str) -> Iterator[str]:
    """The proxy's address, before the server at `endpoint`."""
    upstream = urlsplit(endpoint).netloc
    transactions, updates = count(), count()

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            target = self.headers["X-Amz-Target"]
            if target == _TRANSACTION and next(transactions) % 2 == 0:
                self._answer(400, _cancelled(body))
                return
            is_of_account = b'{"S": "account#' in body
            if target == _UPDATE and is_of_account and next(updates) % 2 == 0:
                self._answer(400, _CONFLICT)
                return
            with closing(HTTPConnection(upstream, timeout=30)) as connection:
                connection.request("POST", self.path, body, dict(self.headers))
                response = connection.getresponse()
                answer = response.read()
            self._answer(response.status, answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            # A client that waits no longer is not there to read it.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _cancelled(body: bytes) -> bytes:
    writes = json.loads(body)["TransactItems"]
    reasons = [{"Code": "None"} for _ in writes]
    reasons[-1] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return json.dumps(
        {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons",
            "CancellationReasons": reasons,
        }
    ).encode()
