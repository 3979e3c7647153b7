"""A server on loopback that answers each request as a test tells it to, rightly or not."""

import contextlib
import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from blueprint.paths import ROOT

AUTHORITY = ROOT / "bench/measure/tls/authority.pem"
_SERVER = ROOT / "bench/measure/tls/localhost.pem"


class Asked(NamedTuple):
    """A request as it came, and how many connections there had been."""

    connection: int
    head: str
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header field."""
        for line in self.head.split("\r\n")[1:]:
            found, _, value = line.partition(": ")
            if found == name:
                return value
        return None

    @property
    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


type Behaviour = Callable[[socket.socket, Asked], bool]
"""Answers one request; whether the connection goes on."""


class Stub:
    """Answers requests with the behaviours of `script` in turn, then with `after` for ever."""

    def __init__(self, after: Behaviour, *, tls: bool = False, port: int = 0) -> None:
        self.script: list[Behaviour] = []
        self.after = after
        self.asked: list[Asked] = []
        self.connections = 0
        self._tls = _server_context() if tls else None
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        host = "https://localhost" if self._tls else "http://127.0.0.1"
        return f"{host}:{self.port}"

    def drop(self) -> None:
        """Ends all connections, as a server does that has kept them for long enough."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def stop(self) -> None:
        """Takes no more connections."""
        # Closing alone does not wake the thread that waits for a connection.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            arguments = (connection, self.connections)
            threading.Thread(target=self._serve, args=arguments, daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                for head, body in _requests(connection):
                    self.asked.append(Asked(number, head, body))
                    behave = self.script.pop(0) if self.script else self.after
                    if not behave(connection, self.asked[-1]):
                        return


def item_answer(asked: Asked, **more: Any) -> bytes:
    """The JSON of an item with the key that was asked for."""
    return json.dumps({"Item": asked.json["Key"] | more}).encode()


def http(
    body: bytes, status: str = "200 OK", version: str = "HTTP/1.1", **headers: str | None
) -> bytes:
    """An answer as DynamoDB frames it; `content_length=None` leaves that header out."""
    fields: dict[str, str | None] = {
        "content_type": "application/x-amz-json-1.0",
        "content_length": str(len(body)),
        "x_amz_crc32": str(zlib.crc32(body)),
    }
    fields |= headers
    lines = [
        f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value is not None
    ]
    return "\r\n".join([f"{version} {status}", *lines, "", ""]).encode() + body


def good(connection: socket.socket, asked: Asked) -> bool:
    """The item."""
    connection.sendall(http(item_answer(asked)))
    return True


def answer(whole: bytes) -> Behaviour:
    """Always this."""

    def behave(connection: socket.socket, _: Asked) -> bool:
        connection.sendall(whole)
        return True

    return behave


def ending(whole: bytes) -> Behaviour:
    """Always this, and the connection's end, which is the end of what has no length."""

    def behave(connection: socket.socket, _: Asked) -> bool:
        connection.sendall(whole)
        return False

    return behave


def item(**how: Any) -> Behaviour:
    """The item, framed in another way."""

    def behave(connection: socket.socket, asked: Asked) -> bool:
        connection.sendall(http(item_answer(asked), **how))
        return True

    return behave


def error(status: str, kind: str) -> Behaviour:
    """An error as DynamoDB words it."""
    said = {"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "no"}
    return answer(http(json.dumps(said).encode(), status))


def close(connection: socket.socket, _: Asked) -> bool:
    """No answer."""
    return False


def cut(part: float) -> Behaviour:
    """The answer's first part, and the connection's end."""

    def behave(connection: socket.socket, asked: Asked) -> bool:
        whole = http(item_answer(asked))
        connection.sendall(whole[: int(len(whole) * part)])
        return False

    return behave


def wait(seconds: float, then: Behaviour = good) -> Behaviour:
    """Nothing for a while."""

    def behave(connection: socket.socket, asked: Asked) -> bool:
        time.sleep(seconds)
        return then(connection, asked)

    return behave


def drip(pause: float) -> Behaviour:
    """The item, an octet at a time: no single read ever waits for long."""

    def behave(connection: socket.socket, asked: Asked) -> bool:
        for octet in http(item_answer(asked)):
            connection.sendall(bytes([octet]))
            time.sleep(pause)
        return True

    return behave


@contextlib.contextmanager
def deaf() -> Iterator[int]:
    """A port that swallows everything: its queue is full, so the system drops what would connect.

    Without an answer, as a host does that is not there.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port: int = listener.getsockname()[1]
        with contextlib.ExitStack() as stack:
            for _ in range(3):
                queued = stack.enter_context(socket.socket())
                queued.settimeout(0)
                queued.connect_ex(("127.0.0.1", port))
            yield port


def _requests(connection: socket.socket) -> Iterator[tuple[str, bytes]]:
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            data += _more(connection)
        head, _, data = data.partition(b"\r\n\r\n")
        [length] = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ]
        while len(data) < length:
            data += _more(connection)
        yield head.decode(), data[:length]
        data = data[length:]


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError
    return data


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_SERVER)
    return context


@contextlib.contextmanager
def stub(after: Behaviour = good, *, tls: bool = False, port: int = 0) -> Iterator[Stub]:
    """A stub that runs."""
    server = Stub(after, tls=tls, port=port)
    try:
        yield server
    finally:
        server.stop()
