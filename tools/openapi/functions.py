"""Finds the functions that answer through a resolver, and imports them."""

import importlib
import inspect
from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple

from agentcontainer.web.callers import Caller
from agentcontainer.web.resolver import Api
from blueprint.paths import TEMPLATE
from blueprint.template.functions import deployed
from blueprint.template.source import Source, member


class ResolverFunction(NamedTuple):
    """One folder of functions/ and its resolver."""

    name: str
    api: Api[Any]
    about: str
    """The first paragraph of the handler's docstring: what the document says of its tag."""


def functions(*kinds: type[Caller[Any]]) -> list[ResolverFunction]:
    """Those for callers of these kinds, or of any, by name; LookupError where there are none."""
    found = [function for function in _resolvers() if not kinds or function.api.kind in kinds]
    if not found:
        names = ", ".join(kind.__name__ for kind in kinds)
        raise LookupError(f"no function of template.yaml has a route for a {names}")
    return sorted(found, key=lambda function: function.name)


def _resolvers() -> Iterator[ResolverFunction]:
    for function in deployed():
        # Others are not imported: an authorizer connects to its table when it starts.
        if function.apis:
            module = importlib.import_module(f"{function.package}.handler")
            if isinstance(api := getattr(module, "api", None), Api):
                about, _, _ = (inspect.getdoc(module) or "").partition("\n\n")
                yield ResolverFunction(function.name, api, " ".join(about.split()))


def set_environment(environ: MutableMapping[str, str]) -> None:
    """What the handlers want to find when they are imported: whatever template.yaml gives them."""
    environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    source = Source(TEMPLATE)
    shared = source.shared("Function", "Environment")["Variables"]
    for variables in (shared, *(function.environment for function in deployed(source))):
        for name, value in variables.items():
            environ.setdefault(name, _value(source, value))


def _value(source: Source, value: Any) -> str:
    """A parameter's default; of a resource its logical id."""
    if not isinstance(value, dict):
        return str(value)
    [name] = value.values()
    return str(member(source.data, "Parameters", str(name)).get("Default", name))
