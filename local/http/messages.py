"""An HTTP request as a client sent it, and an answer as a client gets it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from werkzeug.wrappers import Request as WsgiRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

type Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """`path` and `query` are as they came, still percent-encoded.

    `path` begins with one slash, however many were sent; `path_as_sent` with as many.
    """

    method: str
    path: str
    path_as_sent: str
    query: str
    headers: Headers
    body: bytes
    source_ip: str
    protocol: str

    @classmethod
    def from_environ(cls, environ: "WSGIEnvironment") -> "Request":
        """Reads a WSGI environment of werkzeug's server; REQUEST_URI is the raw target."""
        request = WsgiRequest(environ)
        target = urlsplit("//host" + environ["REQUEST_URI"].partition("#")[0])
        return cls(
            method=request.method,
            path="/" + target.path.lstrip("/"),
            path_as_sent=target.path or "/",
            query=target.query,
            headers=list(environ.get("local.headers") or request.headers.items()),
            body=request.get_data(cache=False),
            source_ip=request.remote_addr or "127.0.0.1",
            protocol=environ["SERVER_PROTOCOL"],
        )

    def header(self, name: str) -> str | None:
        """The value of a header, in whatever case it was sent; several are joined by commas."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ",".join(values) if values else None

    def parameter(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = parse_qs(self.query, keep_blank_values=True).get(name)
        return values[-1] if values else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. To a HEAD request its body is not sent."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def send(self, method: str, start_response: "StartResponse") -> Iterable[bytes]:
        """Answers a WSGI request."""
        body = b"" if method == "HEAD" or self.status in {204, 304} else self.body
        headers = [item for item in self.headers if item[0].lower() != "content-length"]
        if self.status not in {204, 304}:
            headers.append(("Content-Length", str(len(body))))
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        start_response(f"{self.status} {phrase}", headers)
        return [body]


def text(status: int, body: str) -> Answer:
    """A short answer of the runner's own."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
    return Answer(status, headers, body.encode())
