"""What HTTP says of requests that no client library would send."""

import socket

import pytest

from tests.support.product import Product


def status(product: Product, request: str) -> int:
    """The status of the answer to a request of these octets."""
    with socket.create_connection(("127.0.0.1", product.port), timeout=60) as connection:
        connection.sendall(request.encode("latin-1"))
        line = connection.makefile("rb").readline()
    return int(line.split(b" ")[1])


@pytest.mark.parametrize("behind", ["\xa0", "\x85", "\x1f", "\x0c", " \xa0"], ids=ascii)
def test_what_is_no_white_space_is_no_part_of_a_good_key(product: Product, behind: str) -> None:
    """Space and tab alone may stand around a value (RFC 9110, 5.6.3)."""
    line = f"Authorization: Bearer {product.api_key}"
    head = f"GET /api/v1/account HTTP/1.1\r\nHost: localhost:{product.port}\r\n"
    assert status(product, f"{head}{line} \t\r\n\r\n") == 200
    assert status(product, f"{head}{line}{behind}\r\n\r\n") == 401


@pytest.mark.parametrize(
    ("host", "expected"), [("localhost", 200), ("127.0.0.1", 200), ("evil.example", 421)]
)
def test_a_whole_address_is_asked_for_its_host(product: Product, host: str, expected: int) -> None:
    """Whatever the header says (RFC 9112, 3.2.2): no page gets in by a name of its own."""
    request = (
        f"GET http://{host}:{product.port}/api/v1/account HTTP/1.1\r\n"
        f"Host: localhost:{product.port}\r\nAuthorization: Bearer {product.api_key}\r\n\r\n"
    )
    assert status(product, request) == expected


@pytest.mark.parametrize("name", ["a\xff", "\xc3", "\xed\xa0\x80", "\xc0\xaf"], ids=ascii)
def test_octets_that_are_no_text_are_not_stored(product: Product, name: str) -> None:
    """400 for a key and for an agent, and nothing is made: a name is what was sent, or nothing."""
    person = product.person()
    key = person.create_key()
    session = product.request("GET", f"/__local/session-token?user={person.user}").body.decode()
    for path, bearer in (("/dashboard/v1/api-keys", session), ("/api/v1/agents", key["token"])):
        agent = '"basePrompt": "x", "defaultModel": "x", "runtime": {"containerImage": "x"}'
        sent = f'{{"name": "{name}"{", " + agent if "agents" in path else ""}}}'
        request = (
            f"POST {path} HTTP/1.1\r\nHost: localhost:{product.port}\r\n"
            f"Authorization: Bearer {bearer}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(sent)}\r\n\r\n{sent}"
        )
        assert status(product, request) == 400
    assert len(person.request("GET", "/api-keys").json["data"]) == 1
    assert product.request("GET", "/api/v1/agents", f"Bearer {key['token']}").json["data"] == []
