"""Finds the functions that answer through a resolver, and imports them."""

import importlib
import inspect
from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple

import yaml

from agentcontainer.web.resolver import Api
from blueprint.paths import ROOT


class Function(NamedTuple):
    """One folder of functions/ and its resolver."""

    api: Api[Any]
    about: str
    """The first paragraph of the handler's docstring: what the document says of its tag."""


def functions(kind: type[Api[Any]]) -> Iterator[Function]:
    """Those whose resolver is of a kind, by name."""
    for handler in sorted(ROOT.glob("functions/*/handler.py")):
        # Others are not imported: an authorizer connects to its table when it starts.
        if "agentcontainer.web.resolver" in handler.read_text(encoding="utf-8"):
            module = importlib.import_module(f"functions.{handler.parent.name}.handler")
            if isinstance(module.api, kind):
                about, _, _ = (inspect.getdoc(module) or "").partition("\n\n")
                yield Function(module.api, " ".join(about.split()))


def set_environment(environ: MutableMapping[str, str]) -> None:
    """What the handlers want to find when they are imported: whatever template.yaml gives them."""
    environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    template = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), _Template)  # noqa: S506 -- a SafeLoader
    parameters = template["Parameters"]
    for resource in template["Resources"].values():
        variables = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        for name, value in variables.items():
            environ.setdefault(name, str(parameters.get(value, {}).get("Default", value)))


class _Template(yaml.SafeLoader):
    """CloudFormation's YAML, in which `!Ref Name` is read as `Name`."""


def _intrinsic(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 -- there is no fourth kind
    return loader.construct_mapping(node, deep=True)


_Template.add_multi_constructor("!", _intrinsic)
