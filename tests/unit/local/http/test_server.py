import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from local.http import server
from local.http.messages import Request, text


@pytest.fixture
def seen() -> Iterator[tuple[int, list[Request]]]:
    """A server that keeps the requests it got."""
    requests: list[Request] = []

    def app(environ: Any, start_response: Any) -> Any:
        requests.append(Request.from_environ(environ))
        return text(200, "fine").send(environ["REQUEST_METHOD"], start_response)

    running = server.serve(app, 0)
    yield running.port, requests
    running.stop()


def send(port: int, request: bytes, host: str = "127.0.0.1") -> bytes:
    """The answer to a request that is sent as it is."""
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def test_a_request_is_seen_as_it_was_sent(seen: tuple[int, list[Request]]) -> None:
    """Percent-encoding, the case of header names and repeated headers."""
    port, requests = seen
    send(
        port,
        b"POST //a%2Fb/%C3%A4?q=%2B+1&q HTTP/1.1\r\nHost: x\r\nX-CamelCase: 1\r\n"
        b"Authorization: a\r\nauthorization: b\r\nContent-Length: 2\r\n\r\n{}",
    )
    [request] = requests
    assert (request.method, request.path, request.query) == ("POST", "/a%2Fb/%C3%A4", "q=%2B+1&q")
    assert ("X-CamelCase", "1") in request.headers
    assert request.header("AUTHORIZATION") == "a,b"
    assert request.body == b"{}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=4).filter(lambda octets: not {0, 10, 13} & {*octets}))
@example(b"a\xa0")
@example(b"\x85a\x1f")
@example(b"a\x0b\x0c")
def test_only_spaces_and_tabs_around_a_value_are_no_part_of_it(
    seen: tuple[int, list[Request]], octets: bytes
) -> None:
    """Optional white space is these two (RFC 9110, 5.6.3); the octet 0xA0 is like any other."""
    port, requests = seen
    send(port, b"GET / HTTP/1.1\r\nHost: x\r\nX-Value: \t" + octets + b" \t\r\n\r\n")
    assert requests[-1].header("x-value") == octets.strip(b" \t").decode("latin-1")


FORMS = {
    "origin": (b"/a//b?c=%2F", "/a//b", "c=%2F", "sent.test"),
    "absolute": (b"http://target.test:3000/a//b?c=%2F", "/a//b", "c=%2F", "target.test:3000"),
    "absolute, in capitals": (b"HTTP://Target.Test/a", "/a", "", "Target.Test"),
    "absolute, without a path": (b"http://target.test", "/", "", "target.test"),
    "absolute, a query alone": (b"http://target.test?c", "/", "c", "target.test"),
    "absolute, of slashes": (b"http://target.test//a", "/a", "", "target.test"),
}


@pytest.mark.parametrize(("target", "path", "query", "host"), FORMS.values(), ids=FORMS)
def test_row_79_a_target_has_several_forms(
    seen: tuple[int, list[Request]], target: bytes, path: str, query: str, host: str
) -> None:
    """A whole address is taken too, and its host counts instead of the header's (RFC 9112, 3.2)."""
    port, requests = seen
    send(port, b"GET " + target + b" HTTP/1.1\r\nHost: sent.test\r\n\r\n")
    [request] = requests
    assert (request.path, request.query, request.header("host")) == (path, query, host)


@pytest.mark.parametrize(
    "line",
    [
        b"CONNECT localhost:3000 HTTP/1.1",
        b"GET localhost:3000 HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"GET * HTTP/1.1",
        b"GET https://localhost/ HTTP/1.1",
        b"GET http:/a HTTP/1.1",
        b"GET http:///a HTTP/1.1",
        b"GET http://[::1/a HTTP/1.1",
        b"GET a HTTP/1.1",
        b"GET\xa0/ HTTP/1.1",
        b"GET / HTTP/1.1\xa0",
        b"GET\t/ HTTP/1.1",
        b"GET /\x85 HTTP/1.1",
        b"GET /",
    ],
    ids=repr,
)
def test_a_request_line_of_another_form_is_400(
    seen: tuple[int, list[Request]], line: bytes
) -> None:
    """It asks a proxy, the server as a whole, or nothing (RFC 9112, 3)."""
    port, requests = seen
    assert b" 400 " in send(port, line + b"\r\nHost: x\r\n\r\n")
    assert requests == []


def test_the_port_of_the_scheme_may_be_left_out() -> None:
    """Browsers and clients never send it (RFC 9110, 4.2.3)."""
    assert server.with_port(["localhost"], 80) == {"localhost", "localhost:80"}
    assert server.with_port(["localhost"], 3000) == {"localhost:3000"}


def test_a_chunked_body_is_read(seen: tuple[int, list[Request]]) -> None:
    """As clients send it that do not know its length."""
    port, requests = seen
    send(
        port,
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    )
    assert requests[0].body == b"{}"


def test_head_has_no_body(seen: tuple[int, list[Request]]) -> None:
    """The status and headers alone."""
    answer = send(seen[0], b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "request_line", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03"]
)
def test_what_is_no_http_does_not_stop_it(
    seen: tuple[int, list[Request]], request_line: bytes
) -> None:
    """The next request is answered."""
    port, _ = seen
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request_line)
    assert b"fine" in send(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def test_it_listens_on_loopback_alone() -> None:
    """On both addresses that `localhost` can mean, where the machine has both."""
    sockets = server.listen(0)
    addresses = {sock.getsockname()[0] for sock in sockets}
    ports = {sock.getsockname()[1] for sock in sockets}
    for sock in sockets:
        sock.close()
    assert "127.0.0.1" in addresses
    assert addresses <= {"127.0.0.1", "::1"}
    assert len(ports) == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_in_use_is_a_sentence(address: str) -> None:
    """Also where only one of the two addresses is taken: it would get part of the requests."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as taken:
        try:
            taken.bind((address, 0))
        except OSError:
            pytest.skip("this machine has no IPv6 loopback, so nothing can take its port")
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(server.PortRefused, match=f"port {port} is in use"):
            server.listen(port)
