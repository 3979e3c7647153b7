"""The functions that answer through a resolver, as the template has them, and their routes."""

import importlib
from typing import Any

from agentcontainer.auth.scopes import ALL_SCOPES
from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.session_caller import SessionCaller
from tests.support.events import CONTEXT, event
from tools.openapi.functions import functions

KEY_FUNCTIONS = {function.name: function.api for function in functions(KeyCaller)}
SESSION_FUNCTIONS = {function.name: function.api for function in functions(SessionCaller)}
RESOLVERS = KEY_FUNCTIONS | SESSION_FUNCTIONS

type Route = tuple[str, str, str]
"""A function, a method, and a path as the resolver writes it."""

ROUTES: list[Route] = [
    (function, method, path)
    for function, api in RESOLVERS.items()
    for method, path in api.endpoints
]


def caller(function: str) -> dict[str, Any]:
    """An event for a function, of somebody who may do everything."""
    if function in SESSION_FUNCTIONS:
        return event("api_keys/list")
    found = event("account/get")
    found["requestContext"]["authorizer"] |= {"scopes": " ".join(ALL_SCOPES)}
    return found


def invoke(function: str, request: dict[str, Any]) -> dict[str, Any]:
    """The response of a function's handler."""
    handler = importlib.import_module(f"functions.{function}.handler").handler
    response: dict[str, Any] = handler(request, CONTEXT)
    return response
