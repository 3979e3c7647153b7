"""A page on `http://localhost` that calls the API on `http://127.0.0.1` meets production's CORS.

To a browser these are two origins, as the dashboard's and the API's domains are. What it would let
the page see is worked out here as the Fetch standard says (sections 4.8 and 4.9), for requests
without credentials.
"""

from typing import Any

import pytest

from tests.support.product import Answer, Product

SAFELISTED = {"accept", "accept-language", "content-language"}
SIMPLE = {"GET", "HEAD", "POST"}


class Page:
    """Script of a page: what it may send to another origin, and what it sees of the answers."""

    def __init__(self, product: Product, origin: str) -> None:
        self._product = product
        self._origin = origin
        self._headers = {"Host": f"127.0.0.1:{product.port}", "Origin": origin}

    def fetch(self, method: str, path: str, body: object = None, **headers: str) -> Answer | None:
        """The answer, with the headers that script may read; None where the browser refuses."""
        sent = headers | ({"Content-Type": "application/json"} if body is not None else {})
        asked = sorted({name.lower() for name in sent} - SAFELISTED)
        if (method not in SIMPLE or asked) and not self._may_send(method, path, asked):
            return None
        answer = self._product.request(method, path, None, body, **self._headers, **sent)
        if not self._may_read(answer):
            return None
        exposed = _names(answer.headers.get("access-control-expose-headers", ""))
        return answer._replace(
            headers={name: value for name, value in answer.headers.items() if name in exposed}
        )

    def _may_send(self, method: str, path: str, names: list[str]) -> bool:
        """By the preflight, which carries no credential."""
        preflight = self._product.request(
            "OPTIONS",
            path,
            **self._headers,
            **{
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": ",".join(names),
            },
        )
        allowed = _names(preflight.headers.get("access-control-allow-headers", ""))
        methods = _names(preflight.headers.get("access-control-allow-methods", ""))
        return (
            preflight.status in range(200, 300)
            and self._may_read(preflight)
            and (method in SIMPLE or method.lower() in methods)
            and set(names) <= allowed
        )

    def _may_read(self, answer: Answer) -> bool:
        return answer.headers.get("access-control-allow-origin") in {self._origin, "*"}


def _names(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}


@pytest.fixture
def page(product: Product) -> Page:
    """The dashboard's page."""
    return Page(product, f"http://localhost:{product.port}")


def signed_in(product: Product) -> dict[str, str]:
    """What the page sends when somebody is signed in; they may ask for it from their own origin."""
    session = product.request("GET", "/__local/session-token?user=user_page").body.decode()
    return {"Authorization": f"Bearer {session}"}


def test_the_page_manages_keys_across_origins(page: Page, product: Product) -> None:
    """Every method and header that the dashboard uses passes its preflight, and is read."""
    headers = signed_in(product)
    once = {"Idempotency-Key": "a", "AgentContainer-Account": "user_page"}
    created = page.fetch("POST", "/dashboard/v1/api-keys", {"name": "x"}, **headers, **once)
    assert created is not None
    assert created.status == 201
    key = f"/dashboard/v1/api-keys/{created.json['id']}"
    for method, path, body in [
        ("GET", "/dashboard/v1/api-keys", None),
        ("GET", key, None),
        ("PATCH", key, {"name": "y"}),
        ("POST", f"{key}/rotate", {}),
        ("DELETE", f"{key}/rotation", None),
        ("POST", f"{key}/revoke", {}),
        ("GET", "/dashboard/v1/audit-events", None),
    ]:
        answer = page.fetch(method, path, body, **headers)
        assert answer is not None, path
        assert answer.status == 200
        assert "x-request-id" in answer.headers


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/dashboard/v1/api-keys", {}, 401),
        ("/dashboard/v1/api-keys", {"Authorization": "Bearer a.b.c"}, 401),
        ("/dashboard/v1/nothing", {"Authorization": "Bearer a.b.c"}, 401),
    ],
)
def test_the_page_reads_what_the_gateway_refuses(
    page: Page, path: str, headers: dict[str, Any], status: int
) -> None:
    """With the id to ask for help by; a browser would else hide the error from it."""
    answer = page.fetch("GET", path, **headers)
    assert answer is not None
    assert answer.status == status
    assert "x-amzn-requestid" in answer.headers


def test_the_page_reads_what_a_handler_refuses(page: Page, product: Product) -> None:
    """404, 400 and 409 alike."""
    headers = signed_in(product)
    other = {"AgentContainer-Account": "user_other"}
    for answer, status in [
        (page.fetch("GET", "/dashboard/v1/api-keys/key_x", **headers), 404),
        (page.fetch("GET", "/dashboard/v1/api-keys?limit=0", **headers), 400),
        (page.fetch("POST", "/dashboard/v1/api-keys", {"name": "z"}, **headers, **other), 409),
    ]:
        assert answer is not None
        assert answer.status == status


@pytest.mark.parametrize(
    "origin", ["http://[::1]:{port}", "http://localhost:1", "https://evil.example", "null"]
)
def test_no_other_origin_sends_or_reads_anything(product: Product, origin: str) -> None:
    """Not even this machine under another name, as on AWS: exactly one origin is let in."""
    other = Page(product, origin.format(port=product.port))
    assert other.fetch("GET", "/dashboard/v1/api-keys", **signed_in(product)) is None
    assert other.fetch("GET", "/dashboard/v1/api-keys") is None
    assert other.fetch("GET", "/__local/session-token?user=user_page") is None


def test_the_api_is_not_for_pages(page: Page, product: Product) -> None:
    """Its keys are for programs: a page reads the public document of it and nothing else."""
    key = {"Authorization": f"Bearer {product.api_key}"}
    assert page.fetch("GET", "/api/v1/account", **key) is None
    assert page.fetch("GET", "/api/v1/account") is None
    document = page.fetch("GET", "/api/v1/openapi.yaml")
    assert document is not None
    assert document.status == 200


def test_a_session_of_the_run_is_for_its_own_page_alone(page: Page) -> None:
    """Script of another origin, the API's included, cannot ask for one and read it."""
    assert page.fetch("GET", "/__local/session-token?user=user_page") is None
