"""Writes the public document from the handlers: `make openapi`; `--check` fails where it differs.

Each function's resolver knows its routes and models. This merges what they generate, adds the
document's own route (its function has no resolver), drops what Powertools adds that is not true
(its 422), and writes everything in a stable order:

- functions/openapi/openapi.yaml: the document that is served;
- functions/account/routes.json: the methods of each path, for the catch-alls' 404 and 405.
"""

import importlib
import json
import os
import re
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml
from pydantic.alias_generators import to_camel

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "functions/openapi/openapi.yaml"
ROUTES = ROOT / "functions/account/routes.json"

# Functions of PublicApi with a resolver, in the document's order.
PUBLIC_FUNCTIONS = ("account", "agents")
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")

# What the handlers want to find when they are imported.
ENVIRONMENT = {
    "AGENTS_TABLE": "Agents",
    "AUDIT_RETENTION_DAYS": "400",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "KEYS_TABLE": "Keys",
    "KEY_LIMIT": "100",
}

INFO = {
    "title": "AgentContainer API",
    "version": "1.0.0",
    "summary": "Dispatch work to AI agents.",
    "description": (
        "Every request carries an API key: `Authorization: Bearer ac_live_...`. "
        "Keys are created and revoked on the Settings page of the dashboard; "
        "a change to a key holds from the very next request on.\n"
    ),
    "contact": {"name": "AgentContainer", "url": "https://agentcontainer.com/support"},
    "license": {"name": "MIT", "identifier": "MIT"},
}
SERVERS = [
    {"url": "https://api.agentcontainer.com", "description": "Production"},
    {"url": "http://localhost:3000", "description": "The local run (`make run`)"},
]
TAGS = [
    {"name": "Agents", "description": "What work is dispatched to, and its versions."},
    {"name": "Account", "description": "Whose key this is, and ending it."},
    {"name": "Document", "description": "This document."},
]
SECURITY_SCHEMES = {
    "bearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ac_live_ and 38 characters",
        "description": "An API key, created on the Settings page of the dashboard.",
    }
}
# What each error means, whichever route answers it. API Gateway's own answers, the 401 among them,
# have `x-amzn-RequestId` in place of `X-Request-Id`.
ERRORS = {
    400: "The request is not what this document asks for; `details` says where.",
    401: "No API key, or one that is malformed, unknown, revoked, expired or disabled.",
    403: "The key does not allow this; the message says why.",
    404: "There is no such thing in this account.",
    409: "The thing's state does not allow this; `details` names the state.",
    412: "The thing has changed since it was read.",
    413: "The body is larger than 256 KiB.",
    415: "The body is not JSON, or not said to be.",
    422: "The `Idempotency-Key` was used with another body.",
    429: "Too many requests; `Retry-After` says when to try again.",
    500: "Something went wrong on our side.",
    503: "The service is unavailable; `Retry-After` says when to try again.",
}
ERROR_HEADERS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
REQUEST_ID = {
    "description": "Name it when you ask for help.",
    "schema": {"type": "string"},
}


def build() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    for name in PUBLIC_FUNCTIONS:
        document = _document_of(name)
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _add(paths.setdefault(_camel_path(path), {}), method, _tidy(operation))
        for schema, definition in document["components"]["schemas"].items():
            _add(schemas, schema, _tidy(definition))
    paths["/api/v1/openapi.yaml"] = _own_operations()
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": SERVERS,
        "security": [{"bearerAuth": []}],
        "tags": TAGS,
        "paths": {path: _in_order(paths[path]) for path in sorted(paths)},
        "components": {
            "securitySchemes": SECURITY_SCHEMES,
            "headers": {"RequestId": REQUEST_ID},
            "responses": {_response_name(status): _error(status) for status in ERRORS},
            "schemas": {
                name: schemas[name] for name in sorted(_used([paths, _error(400)], schemas))
            },
        },
    }


def routes(document: dict[str, Any]) -> dict[str, list[str]]:
    """The methods of each path of a document."""
    return {
        path: sorted(method.upper() for method in operations)
        for path, operations in document["paths"].items()
    }


def _document_of(function: str) -> dict[str, Any]:
    api = importlib.import_module(f"functions.{function}.handler").api
    text = api.get_openapi_json_schema(
        title=INFO["title"],
        version=INFO["version"],
        openapi_version="3.1.0",
        security_schemes=SECURITY_SCHEMES,
    )
    return json.loads(text)  # type: ignore[no-any-return]


def _own_operations() -> dict[str, Any]:
    headers = {
        "ETag": {"description": "Changes with the document.", "schema": {"type": "string"}},
        "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
    }
    parameter = {
        "name": "If-None-Match",
        "in": "header",
        "description": "The `ETag` that the caller has.",
        "schema": {"type": "string"},
    }
    found = {"description": "The document.", "headers": headers}
    unchanged = {"description": "The caller has the current document.", "headers": headers}
    common = {"tags": ["Document"], "security": [], "parameters": [parameter]}
    return {
        "get": common
        | {
            "operationId": "getOpenapi",
            "summary": "Get this document",
            "description": "Needs no key.",
            "responses": {
                "200": found | {"content": {"application/yaml": {"schema": {"type": "object"}}}},
                "304": unchanged,
            },
        },
        "head": common
        | {
            "operationId": "headOpenapi",
            "summary": "See whether this document changed",
            "description": "Needs no key.",
            "responses": {"200": found, "304": unchanged},
        },
    }


def _add(into: dict[str, Any], name: str, value: object) -> None:
    if into.setdefault(name, value) != value:
        raise ValueError(f"two functions define {name} differently")


def _camel_path(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: f"{{{to_camel(match[1])}}}", path)


def _tidy(node: Any, name: str = "") -> Any:
    """Without titles, without Powertools' 422, whole numbers as such, path parameters in camel."""
    if isinstance(node, list):
        return [_tidy(element) for element in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    if not isinstance(node, dict):
        return node
    tidied = {
        key: _tidy(value, key)
        for key, value in node.items()
        # Under `properties` a title is a member of ours.
        if not (key == "title" and name != "properties" and isinstance(value, str))
    }
    if tidied.get("in") == "path":
        tidied["name"] = to_camel(tidied["name"])
    if tidied.get("in") == "header":
        # Powertools writes header names in lower case.
        tidied["name"] = tidied["name"].title()
    if name == "responses":
        tidied.pop("422", None)
        return {status: _response(status, response) for status, response in tidied.items()}
    return tidied


def _response(status: str, response: dict[str, Any]) -> dict[str, Any]:
    if int(status) in ERRORS:
        return {"$ref": f"#/components/responses/{_response_name(int(status))}"}
    content = {"content": response["content"]} if response.get("content") else {}
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    return {"description": response["description"], "headers": headers, **content}


def _response_name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _error(status: int) -> dict[str, Any]:
    name = ERROR_HEADERS.get(status)
    own = {name: {"schema": {"type": "string"}}} if name else {}
    return {
        "description": ERRORS[status],
        "headers": own | {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _in_order(operations: dict[str, Any]) -> dict[str, Any]:
    return {method: operations[method] for method in METHODS if method in operations}


def _used(node: object, schemas: dict[str, Any]) -> set[str]:
    """Names of the schemas that a part of the document leads to."""
    used: set[str] = set()
    waiting: list[object] = [node]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in used:
                used.add(name)
                waiting.append(schemas[name])
    return used


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str) and "/schemas/" in reference:
            yield reference.rsplit("/", 1)[1]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, and no anchors."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def main() -> int:
    """Writes both files, or with `--check` says which is not as the handlers have it."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if not ROUTES.exists():
        ROUTES.write_text("{}")
    document = build()
    files = {
        DOCUMENT: yaml.dump(
            document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
        ),
        ROUTES: json.dumps(routes(document), indent=2) + "\n",
    }
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the handlers say: run make openapi")
        return len(stale)
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
