"""The environments of samconfig.toml, with the value of every parameter of the template."""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from blueprint.errors import Refusal
from blueprint.paths import ROOT, TEMPLATE
from blueprint.template.source import Source, member

CONFIG = ROOT / "samconfig.toml"
RELEASE = {"Release": "0" * 64}
"""Where nothing is deployed, so that no release has a digest."""
_EXAMPLE = "https://agentcontainer.example"
ANY_VALUES = {
    "ClerkIssuer": _EXAMPLE,
    "ClerkJwks": "{}",
    "ClerkAuthorizedParties": _EXAMPLE,
    "DashboardOrigin": _EXAMPLE,
    **RELEASE,
}
"""Some values that the template takes; the others have a default."""


class Environment(NamedTuple):
    """Where a stack is deployed to, and with which values; `Release` is not among them."""

    name: str
    stack_name: str
    region: str
    parameters: dict[str, str]


def names(config: Path = CONFIG) -> list[str]:
    """The environments that there are: sections that name a stack."""
    sections = tomllib.loads(config.read_text(encoding="utf-8")).items()
    return [name for name, section in sections if "stack_name" in _deploy(section)]


def named(name: str, config: Path = CONFIG, template: Path = TEMPLATE) -> Environment:
    """The environment; a Refusal names those that there are.

    Parameters that it does not mention have the template's default. CloudFormation would go on with
    the value of the last deployment instead, so a line that is taken away would stay in force.
    """
    if name not in (known := names(config)):
        raise Refusal(f"say which environment: make deploy ENV={' or ENV='.join(known)}")
    section = _deploy(tomllib.loads(config.read_text(encoding="utf-8"))[name])
    described = member(Source(template).data, "Parameters")
    defaults = {
        parameter: str(one["Default"]) for parameter, one in described.items() if "Default" in one
    }
    given = dict(_value(entry) for entry in section["parameter_overrides"])
    if unknown := given.keys() - described.keys():
        raise Refusal(f"samconfig.toml, {name}: the template has no parameter {', '.join(unknown)}")
    return Environment(name, section["stack_name"], section["region"], defaults | given)


def values() -> list[dict[str, str]]:
    """The parameters of each environment."""
    return [named(name).parameters | RELEASE for name in names()]


def _deploy(section: object) -> dict[str, Any]:
    return member(section, "deploy", "parameters")


def _value(entry: str) -> tuple[str, str]:
    """One override as SAM CLI reads it: a value may stand in single quotes."""
    name, _, value = entry.partition("=")
    quoted = len(value) > 1 and value[0] == value[-1] == "'"
    return name, value[1:-1] if quoted else value
