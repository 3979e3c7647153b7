"""A DynamoDB of a few items, on loopback, over HTTP and TLS: `python -m bench.measure.stub`.

It runs as a process of its own, so that its work is in nobody's figures. It keeps what a
transaction puts, answers GetItem from that and every Query with nothing, and counts what it was
asked; it looks at no signature, no condition and no update. Prints its two ports as JSON, and ends
with its input.
"""

import json
import socket
import ssl
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("tls") / "localhost.pem"
COUNTS = "Bench.Counts"

_EMPTY_PAGE = b'{"Count":0,"Items":[],"ScannedCount":0}'


class Store:
    """The items, and how often each operation was asked for."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], bytes] = {}
        self._counts: Counter[str] = Counter()

    def answer(self, target: str, body: bytes) -> bytes:
        """The JSON of an answer. `Bench.Counts` says what was counted, and forgets it."""
        if target == COUNTS:
            counts, self._counts = self._counts, Counter()
            return json.dumps(counts).encode()
        operation = target.rpartition(".")[2]
        self._counts[operation] += 1
        match operation:
            case "GetItem":
                return self._items.get(_key(json.loads(body)["Key"]), b"{}")
            case "Query":
                return _EMPTY_PAGE
            case "TransactWriteItems":
                for write in json.loads(body)["TransactItems"]:
                    if put := write.get("Put"):
                        found = json.dumps({"Item": put["Item"]}, separators=(",", ":"))
                        self._items[_key(put["Item"])] = found.encode()
        return b"{}"


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _serve(connection: socket.socket, store: Store) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for target, body in _requests(connection):
        answer = store.answer(target, body)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\n"
            b"Content-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n"
            b"Connection: keep-alive\r\n"
            b"x-amzn-RequestId: 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF\r\n"
            b"x-amz-crc32: %d\r\n\r\n%b" % (len(answer), zlib.crc32(answer), answer)
        )


def _requests(connection: socket.socket) -> Iterator[tuple[str, bytes]]:
    """Operation and body of each request, until the other side ends the connection."""
    data = b""
    while True:
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += _more(connection)
        fields = dict(line.split(": ", 1) for line in data[:end].decode().split("\r\n")[1:])
        headers = {name.lower(): value for name, value in fields.items()}
        data = data[end + 4 :]
        length = int(headers["content-length"])
        while len(data) < length:
            data += _more(connection)
        yield headers["x-amz-target"], data[:length]
        data = data[length:]


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError
    return data


def _listen(serve: Callable[[socket.socket], None]) -> int:
    """Serves each connection to a new port with a thread; the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def serve_one(connection: socket.socket) -> None:
        # A client that ends in the middle of something is no event.
        with connection, suppress(OSError):
            serve(connection)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


def main() -> None:
    """Serves until standard input ends."""
    store = Store()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    ports = {
        "http": _listen(lambda connection: _serve(connection, store)),
        "https": _listen(
            lambda connection: _serve(context.wrap_socket(connection, server_side=True), store)
        ),
    }
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
