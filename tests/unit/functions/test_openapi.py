from typing import Any

import pytest
import yaml

from functions.openapi.handler import DOCUMENT, ETAG, handler
from tests.support.events import CONTEXT, event


def answer(name: str = "get", **headers: str) -> dict[str, Any]:
    """The answer to a request with these headers more."""
    request = event(f"openapi/{name}")
    request["headers"] |= headers
    return handler(request, CONTEXT)


def test_the_document_is_served_to_anybody() -> None:
    """OpenAPI 3.1 as YAML, readable from any web page, kept for five minutes."""
    served = answer()
    assert served["statusCode"] == 200
    assert yaml.safe_load(served["body"])["openapi"].startswith("3.1")
    assert served["headers"]["Content-Type"] == "application/yaml"
    assert served["headers"]["Access-Control-Allow-Origin"] == "*"
    assert served["headers"]["Cache-Control"] == "public, max-age=300"
    assert served["headers"]["X-Request-Id"]


def test_head_is_get_without_the_body() -> None:
    """The same headers."""
    assert answer("head")["headers"] == answer("get")["headers"]
    assert answer("head")["body"] == ""


@pytest.mark.parametrize("tags", [ETAG, f"W/{ETAG}", "*", f'"other", {ETAG}', f' {ETAG} ,"x"'])
@pytest.mark.parametrize("name", ["If-None-Match", "if-none-match", "IF-NONE-MATCH"])
def test_who_has_the_document_is_told_so(name: str, tags: str) -> None:
    """304 without a body, by weak comparison, with any spelling of the header."""
    served = answer(**{name: tags})
    assert (served["statusCode"], served["body"]) == (304, "")
    assert served["headers"]["ETag"] == ETAG


@pytest.mark.parametrize(
    "lines",
    [{"If-None-Match": [ETAG, '"x"']}, {"If-None-Match": ['"x"'], "if-none-match": [ETAG]}],
    ids=["one spelling", "two spellings"],
)
def test_a_list_may_have_several_lines(lines: dict[str, list[str]]) -> None:
    """Which of them comes last does not matter."""
    request = event("openapi/get")
    request["multiValueHeaders"] |= lines
    request["headers"] |= {name: values[-1] for name, values in lines.items()}
    assert handler(request, CONTEXT)["statusCode"] == 304


@pytest.mark.parametrize("tags", ['"other"', "", ETAG.strip('"'), ETAG[:-2] + '"'])
def test_who_has_another_document_gets_this_one(tags: str) -> None:
    """A tag that does not match is no reason to withhold it."""
    served = answer(**{"If-None-Match": tags})
    assert (served["statusCode"], served["body"]) == (200, DOCUMENT)
