"""werkzeug's server on loopback, with what a gateway has to see of a request as it was sent."""

import errno
import re
import socket
import threading
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from blueprint.errors import Refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
_NO_SUCH_ADDRESS = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
_BACKLOG = 256
_DEFAULT_PORT = 80
# A path, or a whole address, which every server takes. The two other forms of a target ask a proxy
# or the server as a whole (RFC 9112, 3).
_REQUEST_LINE = re.compile(
    rb"[!-~]+ (?:(?P<path>/[!-~]*)|(?i:http)://"
    rb"(?P<authority>(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._~-]+)(?::[0-9]*)?)(?P<rest>[/?][!-~]*)?)"
    rb" HTTP/[0-9]\.[0-9]\r?\n"
)

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""The names of this machine that a request may be for. Any other is a page elsewhere that points a
name of its own here (DNS rebinding)."""

CONTAINERS_HOST = "host.docker.internal"
"""What this machine is called in a container of Docker's."""


class PortRefused(Refusal):
    """The port is not to be had: another program listens there, or the system keeps it."""


class Server:
    """A WSGI application served by threads on one or more sockets, one port."""

    def __init__(self, app: "WSGIApplication", sockets: list[socket.socket]) -> None:
        self.port: int = sockets[0].getsockname()[1]
        self._servers = [_make_server(app, sock) for sock in sockets]
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            for server in self._servers
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Takes no more requests; those under way are answered while the process lives."""
        for server in self._servers:
            server.shutdown()
        for thread in self._threads:
            thread.join()


def with_port(hosts: Iterable[str], port: int) -> frozenset[str]:
    """The `Host` headers of requests for these hosts; the scheme's own port may be left out."""
    known = list(hosts)
    return frozenset(f"{host}:{port}" for host in known) | frozenset(
        known if port == _DEFAULT_PORT else ()
    )


def serve(app: "WSGIApplication", port: int) -> Server:
    """Serves on 127.0.0.1; port 0 takes a free one."""
    return Server(app, [_listen(socket.AF_INET, port)])


def listen(port: int) -> list[socket.socket]:
    """Sockets of `localhost`, both of its addresses where the machine has both.

    PortRefused if the port is not free on either: somebody else would get part of the requests.
    """
    first = _listen(socket.AF_INET, port)
    try:
        return [first, _listen(socket.AF_INET6, first.getsockname()[1])]
    except OSError as fault:
        if fault.errno in _NO_SUCH_ADDRESS:
            return [first]
        first.close()
        raise
    except PortRefused:
        first.close()
        raise


def _listen(family: socket.AddressFamily, port: int) -> socket.socket:
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((_LOOPBACK[family], port))
    except OSError as fault:
        sock.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortRefused(f"port {port} is in use; choose another (PORT=)") from None
        if fault.errno == errno.EACCES:
            raise PortRefused(f"port {port} needs more rights; choose another (PORT=)") from None
        raise
    sock.listen(_BACKLOG)
    return sock


def _make_server(app: "WSGIApplication", sock: socket.socket) -> BaseWSGIServer:
    host, port = sock.getsockname()[:2]
    server = make_server(host, port, app, threaded=True, request_handler=_Handler, fd=sock.fileno())
    # The server works on a copy of the descriptor.
    sock.close()
    return server


class _Handler(WSGIRequestHandler):
    def parse_request(self) -> bool:
        """Whether it is a request; what comes as a whole address is made a path and a `Host`."""
        line = _REQUEST_LINE.fullmatch(self.raw_requestline)
        if line is None:
            self.command, self.requestline, self.request_version = "", "", "HTTP/1.1"
            self.send_error(HTTPStatus.BAD_REQUEST)
            return False
        if not super().parse_request():
            return False
        self._target = (line["path"] or b"/" + (line["rest"] or b"").removeprefix(b"/")).decode()
        self.path = "/" + self._target.lstrip("/")
        if authority := line["authority"]:
            del self.headers["Host"]
            self.headers["Host"] = authority.decode()
        return True

    def make_environ(self) -> "WSGIEnvironment":
        environ = super().make_environ()
        # As it was sent: Python's server makes one of several slashes at the beginning.
        environ["REQUEST_URI"] = self._target
        # Not all that Python takes for white space in text: these are octets (RFC 9110, 5.6.3).
        environ["local.headers"] = [
            (name, value.strip(" \t")) for name, value in self.headers.items()
        ]
        return environ

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- werkzeug's name
        """Nothing: its line holds the path, and ours holds the route."""
