"""Deploys an environment of samconfig.toml: build, stack, page. `make deploy ENV=dev`.

Whatever can be known to go wrong is said first, in a sentence, before anything is built or changed.
"""

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from agentcontainer.auth.clerk import SessionVerifier
from blueprint.errors import Refusal
from blueprint.page.files import SCRIPTS_MISSING, VENDORED
from blueprint.paths import ROOT, TEMPLATE
from blueprint.template import environments
from blueprint.template.environments import Environment
from blueprint.template.source import Source, member
from tools.release import build
from tools.release.release import release

PARAMETERS = ROOT / ".aws-sam/parameters.yaml"


def main() -> int:
    """`ENV [--dirty]`; 0 once the stack and its page are up."""
    name = next(iter(sys.argv[1:]), "")
    try:
        environment = environments.named(name)
        check(environment, dirty="--dirty" in sys.argv)
        if status := build.main():
            return status
        _publish(environment, deploy(environment))
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def check(environment: Environment, *, dirty: bool) -> None:
    """Refusal says what would fail later, or deploy something else than is meant."""
    _check_values(environment)
    _check_keys(environment)
    if not (VENDORED / "ready").exists():
        raise Refusal(SCRIPTS_MISSING)
    if not dirty and _uncommitted():
        raise Refusal(
            "some files are not committed, so nobody could find out later what was deployed. "
            "Commit them, or say DIRTY=1"
        )


def deploy(environment: Environment) -> str:
    """Runs `sam deploy` on what was built; its release. Refusal if it fails, after its words."""
    value = release(build.BUILT, TEMPLATE, environment.parameters)
    print(f"Release {value[:12]} to {environment.stack_name} in {environment.region}.", flush=True)
    # A file, since on a command line SAM CLI takes the quotes out of JSON without a word.
    PARAMETERS.write_text(json.dumps(environment.parameters | {"Release": value}), encoding="utf-8")
    python = str(ROOT / ".venv-sam/bin/python")
    quiet = os.environ | {"SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run(  # noqa: S603 -- our own arguments
        [python, "-m", "samcli", *arguments(environment)], cwd=ROOT, env=quiet, check=False
    )
    if done.returncode:
        raise Refusal("sam deploy did not succeed; the page was left as it was")
    return value


def _publish(environment: Environment, value: str) -> None:
    from tools.release import publish  # noqa: PLC0415 -- boto3 takes a second, and refusals come first

    publish.publish(environment, value)


def arguments(environment: Environment) -> list[str]:
    """What SAM CLI is told. The rest it reads from samconfig.toml, the build from .aws-sam."""
    overrides = f"file://{PARAMETERS}"
    return ["deploy", "--config-env", environment.name, "--parameter-overrides", overrides]


def _check_values(environment: Environment) -> None:
    """Each value as the template demands it, which CloudFormation would say minutes later."""
    for name, described in member(Source(TEMPLATE).data, "Parameters").items():
        value = environment.parameters.get(name)
        where = f"samconfig.toml, {environment.name}: {name}"
        if name == "Release":
            continue
        if value is None:
            raise Refusal(f"{where} has no value")
        if not _is_allowed(value, described):
            wanted = described.get("ConstraintDescription", described["Description"])
            raise Refusal(f"{where} is not what the template allows: {wanted}")
    _check_together(environment)


def _is_allowed(value: str, described: Mapping[str, Any]) -> bool:
    allowed = [str(one) for one in described.get("AllowedValues", [value])]
    if value not in allowed or not re.fullmatch(described.get("AllowedPattern", ".*"), value):
        return False
    if described["Type"] != "Number":
        return True
    least, most = described.get("MinValue", 0), described.get("MaxValue", math.inf)
    return bool(re.fullmatch("[0-9]+", value) and least <= int(value) <= most)


def _check_together(environment: Environment) -> None:
    """What no single value shows."""
    parameters = environment.parameters
    if parameters["DashboardOrigin"] not in parameters["ClerkAuthorizedParties"].split(","):
        raise Refusal(
            f"samconfig.toml, {environment.name}: DashboardOrigin is not one of the "
            "ClerkAuthorizedParties, so nobody could sign in on the page"
        )
    domains = [environment.parameters[name] for name in ("ApiDomain", "DashboardApiDomain")]
    if any(domains) and not environment.parameters["ApiCertificate"]:
        raise Refusal("ApiDomain and DashboardApiDomain need an ApiCertificate")


def _check_keys(environment: Environment) -> None:
    """By the same reading as the session authorizer's, which would refuse to start."""
    try:
        keys = SessionVerifier(json.loads(environment.parameters["ClerkJwks"]), "", ()).keys
    except (AttributeError, TypeError, ValueError):
        keys = {}
    if not keys:
        raise Refusal(
            f"samconfig.toml, {environment.name}: ClerkJwks holds no key that signs sessions. "
            "Paste the instance's JSON Web Key Set (Clerk's dashboard, API keys), in single quotes"
        )


def _uncommitted() -> bool:
    """Whether git knows of changes; outside a checkout there are none to speak of."""
    done = subprocess.run(
        ["git", "status", "--porcelain"],  # noqa: S607 -- as on the operator's PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return bool(done.stdout.strip())


if __name__ == "__main__":
    sys.exit(main())
