"""One connection to one server, kept alive.

A request goes out in one send, with TCP_NODELAY: in two, the second would wait for the server to
acknowledge the first (measured: 22 ms).

A name may have several addresses, and one that swallows everything may not use up the time of the
others: connections to the next are begun while the first is awaited (RFC 8305, 5), and an address
that took a connection and gave no response is the last to be tried again.
"""

import _thread
import errno
import os
import selectors
import socket
import ssl
import time
from typing import Any

from agentcontainer.dynamodb.lean.endpoint import Endpoint
from agentcontainer.dynamodb.lean.http1 import Broken, Refused, Response, read
from agentcontainer.dynamodb.lean.tls import Trust

_READ = 16_384
# The "Connection Attempt Delay" that RFC 8305, 8 recommends.
_NEXT_ADDRESS_SECONDS = 0.25

type _Begun = tuple[socket.socket, object]
"""A connection that is being made, and to where. (A named tuple would cost a cold start.)"""
type _Address = tuple[int, int, int, tuple[Any, ...]]
"""Family, kind and protocol of a socket, and where to connect it to."""


class _Dead(Exception):
    """A connection that was kept had ended before the answer began."""


class Connection:
    """Asks one question at a time. Whatever goes wrong, the next one starts on a new connection.

    Each `ends` is a time of `time.monotonic`, by which there is an answer, Broken or Refused.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._trust = Trust() if endpoint.is_tls else None
        self._socket: socket.socket | None = None
        self._peer: object = None
        self._silent_peers: set[object] = set()

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
        try:
            response = self._exchange(request, ends)
        except Broken:
            self._silent_peers.add(self._peer)
            raise
        self._silent_peers.clear()
        return response

    def close(self) -> None:
        """Ends it, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes, ends: float) -> Response:
        if self._is_quiet():
            try:
                return self._ask(request, ends, kept=True)
            except _Dead:
                pass
        self.connect(ends)
        return self._ask(request, ends, kept=False)

    def _open(self, ends: float) -> socket.socket:
        try:
            return self._open_once(ends)
        except ssl.SSLCertVerificationError as fault:
            if self._trust is None or not self._trust.widen(fault):
                raise
            return self._open_once(ends)

    def _open_once(self, ends: float) -> socket.socket:
        addresses = _look_up(self._endpoint, ends)
        addresses.sort(key=lambda address: address[-1] in self._silent_peers)
        connected, self._peer = _Race(addresses).run(ends)
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


class _Race:
    """Connects to several addresses; the first connection that is there is taken."""

    def __init__(self, addresses: list[_Address]) -> None:
        self._waiting = addresses
        self._begun = selectors.DefaultSelector()
        self._error = OSError("the name has no address")

    def run(self, ends: float) -> _Begun:
        """The one that is connected. Each begins a moment after the one before it has."""
        pause = min(_NEXT_ADDRESS_SECONDS, _left(ends) / max(1, len(self._waiting)))
        try:
            while self._waiting or self._begun.get_map():
                if self._waiting and not self._begin(self._waiting.pop(0)):
                    continue
                _left(ends)
                if won := self._first(time.monotonic() + pause if self._waiting else ends):
                    return won
            raise self._error
        finally:
            self._end()

    def _begin(self, address: _Address) -> bool:
        """Begins to connect, and waits for nothing; False where that fails at once."""
        *kind, where = address
        try:
            attempt = socket.socket(*kind)
        except OSError as fault:
            self._error = fault
            return False
        attempt.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        attempt.settimeout(0)
        if (code := attempt.connect_ex(where)) not in {0, errno.EINPROGRESS}:
            return self._fails(attempt, code)
        self._begun.register(attempt, selectors.EVENT_WRITE, (attempt, where))
        return True

    def _first(self, until: float) -> _Begun | None:
        """What is connected by then; None then, or as soon as one has failed."""
        for ready, _ in self._begun.select(max(0, until - time.monotonic())):
            begun: _Begun = ready.data
            attempt, _ = begun
            self._begun.unregister(attempt)
            if not (code := attempt.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)):
                return begun
            self._fails(attempt, code)
        return None

    def _fails(self, attempt: socket.socket, code: int) -> bool:
        attempt.close()
        self._error = OSError(code, os.strerror(code))
        return False

    def _end(self) -> None:
        for begun in list(self._begun.get_map().values()):
            begun.data[0].close()
        self._begun.close()


def _look_up(endpoint: Endpoint, ends: float) -> list[_Address]:
    """The addresses of the server's name; TimeoutError if the system takes longer than that.

    In a thread, for the system's resolver has no limit but its own, which is longer than ours.
    """
    found: list[_Address] = []
    errors: list[OSError] = []
    done = _thread.allocate_lock()
    done.acquire()

    def look_up() -> None:
        try:
            found.extend(_addresses(endpoint))
        except OSError as fault:
            errors.append(fault)
        finally:
            done.release()

    _thread.start_new_thread(look_up, ())
    if not done.acquire(timeout=_left(ends)):
        raise TimeoutError("the name was not looked up in time")
    if errors:
        raise errors[0]
    return found


def _addresses(endpoint: Endpoint) -> list[_Address]:
    # As octets: for text Python would load its tables of international names.
    name = endpoint.host.encode()
    known = socket.getaddrinfo(name, endpoint.port, type=socket.SOCK_STREAM)
    return [(family, kind, protocol, where) for family, kind, protocol, _, where in known]


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
