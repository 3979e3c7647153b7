"""A deployed stack can neither serve the local run's part of Clerk nor trust it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from blueprint.paths import ROOT, TEMPLATE
from functions.session_authorizer import handler as session_authorizer
from local.clerk.instance import Clerk
from tests.support.events import CONTEXT, PARAMETERS, effect, event


def test_no_route_of_a_deployed_stack_is_the_local_runs(resources: dict[str, Any]) -> None:
    """Neither the Frontend API nor the route that gives sessions away is anywhere in it."""
    deployed = json.dumps(resources)
    for file in [*(ROOT / "functions").rglob("*"), *(ROOT / "layers").rglob("*.py")]:
        if file.is_file() and "__pycache__" not in file.parts:
            deployed += file.read_text()
    for file in (ROOT / "dashboard").rglob("*"):
        if file.is_file() and "vendor" not in file.parts:
            deployed += file.read_text()
    assert "/dashboard/v1/api-keys" in deployed
    assert "__clerk" not in deployed
    assert "__local" not in deployed


def test_its_sessions_open_nothing_elsewhere(tmp_path: Path) -> None:
    """Whatever its tokens claim to be, they are signed by a key that no deployed stack knows."""
    [party, *_] = PARAMETERS["ClerkAuthorizedParties"].split(",")
    clerk = Clerk(tmp_path / "key.pem", party)
    clerk.issuer = PARAMETERS["ClerkIssuer"]
    asked = event("session_authorizer/not-a-session")
    asked["authorizationToken"] = f"Bearer {clerk.session_token('user_demo', 'org_demo', 'admin')}"
    answer = session_authorizer.handler(asked, CONTEXT)
    assert effect(answer) == "Deny"
    assert answer["context"]["verdict"] == "kid"


@pytest.mark.parametrize("name", ["ClerkIssuer", "ClerkAuthorizedParties", "ClerkJwks"])
def test_no_deployed_stack_can_be_told_to_trust_it(tmp_path: Path, name: str) -> None:
    """Its addresses are refused as parameters, and none has a default that could be it."""
    clerk = Clerk(tmp_path / "key.pem", "http://localhost:3000")
    parameter = yaml_parse(TEMPLATE.read_text())["Parameters"][name]
    assert "Default" not in parameter
    if name != "ClerkJwks":
        assert not re.fullmatch(parameter["AllowedPattern"], clerk.issuer)
        assert not re.fullmatch(parameter["AllowedPattern"], "http://localhost:3000")
