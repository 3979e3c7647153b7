"""Somewhere to send the requests of a case, exactly as they are written."""

import contextlib
from http.client import HTTPConnection, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

_SECONDS = 60


class Answer(NamedTuple):
    """An HTTP answer, headers as they came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Target(NamedTuple):
    """An API by its base address, with what stands for `{...}` in the rows."""

    url: str
    words: dict[str, str]

    def send(self, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
        """The answer to a request; header names are sent as they are spelt."""
        base = urlsplit(self.url)
        connection = _connect(base.scheme, base.hostname or "", base.port)
        try:
            connection.putrequest(
                method, base.path.rstrip("/") + path, skip_host=True, skip_accept_encoding=True
            )
            connection.putheader("Host", base.netloc)
            for name, value in headers:
                connection.putheader(name, value.encode())
            if body:
                connection.putheader("Content-Length", str(len(body)))
            # Who finds a body too large may answer before the end of it.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.endheaders(body or None)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()


def _connect(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=_SECONDS)
    # RFC 6761: names below localhost are this machine, whatever a resolver says.
    address = "127.0.0.1" if host.endswith(".localhost") else host
    return HTTPConnection(address, port, timeout=_SECONDS)
