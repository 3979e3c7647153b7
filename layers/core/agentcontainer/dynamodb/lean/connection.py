"""One connection to one server, kept alive.

A request goes out in one send, with TCP_NODELAY: in two, the second would wait for the server to
acknowledge the first (measured: 22 ms).
"""

import socket
import ssl
import time

from agentcontainer.dynamodb.lean.endpoint import Endpoint
from agentcontainer.dynamodb.lean.http1 import Broken, Refused, Response, read
from agentcontainer.dynamodb.lean.tls import Trust

_READ = 16_384


class _Dead(Exception):
    """A connection that was kept had ended before the answer began."""


class Connection:
    """Asks one question at a time. Whatever goes wrong, the next one starts on a new connection.

    Each `ends` is a time of `time.monotonic`, by which there is an answer, Broken or Refused. Only
    looking up the server's name is beyond that: the system's resolver has a limit of its own.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._trust = Trust() if endpoint.is_tls else None
        self._socket: socket.socket | None = None

    def connect(self, ends: float) -> None:
        """A new connection, over TLS if the endpoint says so, in place of the one there was."""
        self.close()
        try:
            self._socket = self._open(ends)
        except ssl.SSLCertVerificationError as fault:
            raise Refused(f"the server is not verified: {fault.verify_message}") from fault
        except OSError as fault:
            raise Broken(f"no connection: {fault}") from fault

    def exchange(self, request: bytes, ends: float) -> Response:
        """The answer to a request. A kept connection that turns out dead is replaced, once."""
        if self._is_quiet():
            try:
                return self._ask(request, ends, kept=True)
            except _Dead:
                pass
        self.connect(ends)
        return self._ask(request, ends, kept=False)

    def close(self) -> None:
        """Ends it, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _open(self, ends: float) -> socket.socket:
        try:
            return self._open_once(ends)
        except ssl.SSLCertVerificationError as fault:
            if self._trust is None or not self._trust.widen(fault):
                raise
            return self._open_once(ends)

    def _open_once(self, ends: float) -> socket.socket:
        connected = _connect(self._endpoint, ends)
        if self._trust is None:
            return connected
        try:
            connected.settimeout(_left(ends))
            return self._trust.wrap(connected, self._endpoint.host)
        except BaseException:
            connected.close()
            raise

    def _is_quiet(self) -> bool:
        """Whether a kept connection is open, and holds nothing that would be read as an answer."""
        if self._socket is None:
            return False
        try:
            self._socket.settimeout(0)
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            pass
        return False

    def _ask(self, request: bytes, ends: float, *, kept: bool) -> Response:
        connected = self._socket
        if connected is None:
            raise Broken("no connection")
        # Only an answer that was read to its end leaves a connection to go on with.
        self._socket = None
        may_go_on = False
        try:
            first = _begin(connected, request, ends, kept=kept)
            response = read(first, lambda: _receive(connected, ends))
            may_go_on = response.may_go_on
        except OSError as fault:
            raise Broken(f"no answer: {fault}") from fault
        finally:
            if may_go_on:
                self._socket = connected
            else:
                connected.close()
        return response


def _connect(endpoint: Endpoint, ends: float) -> socket.socket:
    """A TCP connection to the first of the host's addresses that takes one."""
    failed = OSError("the name has no address")
    # As octets: for text Python would load its tables of international names.
    name = endpoint.host.encode()
    for family, kind, protocol, _, address in socket.getaddrinfo(
        name, endpoint.port, type=socket.SOCK_STREAM
    ):
        attempt = socket.socket(family, kind, protocol)
        try:
            attempt.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            attempt.settimeout(_left(ends))
            attempt.connect(address)
        except OSError as fault:
            attempt.close()
            failed = fault
        else:
            return attempt
    raise failed


def _begin(connected: socket.socket, request: bytes, ends: float, *, kept: bool) -> bytes:
    """Sends the request in one go, and returns the first bytes of the answer."""
    try:
        connected.settimeout(_left(ends))
        connected.sendall(request)
        return _receive(connected, ends)
    except TimeoutError:
        raise
    except OSError as fault:
        if kept:
            raise _Dead from fault
        raise


def _receive(connected: socket.socket, ends: float) -> bytes:
    connected.settimeout(_left(ends))
    data = connected.recv(_READ)
    if not data:
        raise ConnectionError("closed before the end of an answer")
    return data


def _left(ends: float) -> float:
    """Seconds until `ends`; TimeoutError if it is past."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    return left
