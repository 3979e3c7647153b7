"""What the gateway answers before any handler, on every route of both documents."""

from typing import Any

import pytest
import yaml

from tests.support.events import UNAUTHORIZED_KEY, UNAUTHORIZED_SESSION
from tests.support.product import Product
from tests.support.response_coverage import DOCUMENTS

LOADED: list[dict[str, Any]] = [yaml.safe_load(path.read_text()) for path in DOCUMENTS]
ROUTES = [
    (method.upper(), path)
    for document in LOADED
    for path, operations in document["paths"].items()
    for method in operations
]
OPEN = "/api/v1/openapi.yaml"


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1] != OPEN])
def test_without_a_credential_it_is_401(product: Product, method: str, path: str) -> None:
    """With each API's own body, whatever the ids."""
    answer = product.request(method, path.replace("{", "").replace("}", ""))
    expected = UNAUTHORIZED_KEY if path.startswith("/api/") else UNAUTHORIZED_SESSION
    assert (answer.status, answer.json) == (401, expected)


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "{" in route[1]])
def test_an_id_of_great_length_is_414(product: Product, method: str, path: str) -> None:
    """In the envelope, as all errors are."""
    answer = product.request(method, path.replace("{", "x" * 1600).replace("}", ""), "Bearer x")
    assert (answer.status, answer.json["error"]["code"]) == (414, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_document_is_open_and_not_sent_twice(product: Product, method: str) -> None:
    """304 to who has it."""
    known = product.request(method, OPEN)
    again = product.request(method, OPEN, **{"If-None-Match": known.headers["etag"]})
    assert (known.status, again.status, again.body) == (200, 304, b"")
