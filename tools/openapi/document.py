"""Puts a document together."""

import json
from typing import Any

from agentcontainer.web.key_caller import KeyCaller
from tools.openapi import own, schemas
from tools.openapi.apis import Described
from tools.openapi.failures import Failures
from tools.openapi.functions import functions
from tools.openapi.headers import HEADERS
from tools.openapi.links import add_links
from tools.openapi.operations import ACCOUNT, Operations

type Json = dict[str, Any]

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def build(described: Described) -> Json:
    """The whole document of an API."""
    public = described.kind is KeyCaller
    scheme = described.kind.security_scheme
    paths: Json = {}
    definitions = schemas.of_errors()
    tags: dict[str, str] = {}
    failures = Failures(described.kind)
    for function in functions(described.kind):
        generated = function.api.openapi()
        for name, definition in generated["components"]["schemas"].items():
            _add(definitions, schemas.public_name(name), schemas.tidy(definition))
        for operation in Operations(function.api, generated, definitions, failures):
            _add(paths.setdefault(operation.path, {}), operation.method, operation.content)
            tags.setdefault(operation.content["tags"][0], function.about)
    add_links(paths)
    if public:
        paths |= own.paths(failures)
        tags |= own.TAGS
    responses = {name: failures.components[name] for name in sorted(failures.components)}
    names = schemas.used([paths, responses], definitions)
    components: Json = {
        "securitySchemes": {scheme: described.security_scheme},
        "parameters": {} if public else {"Account": ACCOUNT},
        "headers": _used_headers([paths, responses]),
        "responses": responses,
        "schemas": {name: definitions[name] for name in sorted(names)},
    }
    return {
        "openapi": "3.1.0",
        "info": described.info,
        "servers": described.servers,
        "security": [{scheme: []}],
        "tags": [{"name": name, "description": text} for name, text in sorted(tags.items())],
        "paths": {path: _in_order(paths[path]) for path in sorted(paths)},
        "components": {name: part for name, part in components.items() if part},
    }


def _add(into: Json, name: str, value: object) -> None:
    if into.setdefault(name, value) != value:
        raise ValueError(f"two functions define {name} differently")


def _in_order(operations_of_path: Json) -> Json:
    return {name: operations_of_path[name] for name in _METHODS if name in operations_of_path}


def _used_headers(node: object) -> Json:
    text = json.dumps(node)
    return {name: HEADERS[name] for name in HEADERS if f'"#/components/headers/{name}"' in text}
