"""A proxy in front of a DynamoDB server, which counts what passes and does harm as it is told."""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, override

from local.dynamodb.limits.proxy import MARK


class Fault(NamedTuple):
    """What happens to a request: it waits, and then `then` happens.

    `pass`: it is answered. `lost`: it is carried out, and the connection ends without an answer.
    `cut`: the connection ends at once. `fail`: 500. `throttle`: 400, ThrottlingException. `page`: a
    page in HTML with status 200. `empty`: 200 and no octet. `maintenance`: 503 with a page in HTML.
    """

    then: str = "pass"
    seconds: float = 0


PASS = Fault()
_PAGE = b"<!doctype html><title>Welcome</title>"
_ANSWERS = {
    "fail": (500, b'{"__type": "x#InternalServerError"}'),
    "throttle": (400, b'{"__type": "x#ThrottlingException"}'),
    "page": (200, _PAGE),
    "empty": (200, b""),
    "maintenance": (503, _PAGE),
}


class Proxy:
    """The proxy; `choose` says what happens to the next request."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.choose: Callable[[], Fault] = lambda: PASS
        self.asked: Counter[str] = Counter()
        self.harmed = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # It writes head and body apart, and the second would wait for an acknowledgement.
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                proxy.serve(self)

            # So that whoever waits for the server to be there sees that it is.
            do_GET = do_POST  # noqa: N815 -- http.server's name

            @override
            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # Those that still wait for the server are not waited for.
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Takes no more requests."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        """Answers one request, or not."""
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.asked[request.headers.get("X-Amz-Target", "").rpartition(".")[2]] += 1
        fault = self.choose()
        self.harmed += fault.then != "pass"
        time.sleep(fault.seconds)
        request.close_connection = True
        if fault.then == "cut":
            return
        if fault.then in _ANSWERS:
            status, answer = _ANSWERS[fault.then]
            headers: dict[str, str] = {}
        else:
            try:
                status, headers, answer = self._forward(request, body)
            except (OSError, HTTPException):
                # The server is not there: neither is the proxy.
                return
            if fault.then == "lost":
                return
        with contextlib.suppress(OSError):
            request.send_response_only(status)
            for name, value in headers.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(answer)))
            request.end_headers()
            request.wfile.write(answer)
            request.close_connection = False

    def _forward(
        self, request: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        server = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            server.request(request.command, request.path, body, dict(request.headers))
            response = server.getresponse()
            kept = {"content-type", "x-amz-crc32", "x-amzn-requestid", MARK.lower()}
            headers = {n: v for n, v in response.getheaders() if n.lower() in kept}
            return response.status, headers, response.read()
        finally:
            server.close()


@contextlib.contextmanager
def proxy(port: int) -> Iterator[Proxy]:
    """A proxy in front of a port of this machine."""
    running = Proxy(port)
    try:
        yield running
    finally:
        running.stop()
