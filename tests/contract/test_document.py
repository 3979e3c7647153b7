"""The documents are what the handlers say, valid, and tell the truth."""

import subprocess
import sys
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from agentcontainer.web.errors import KINDS
from blueprint.paths import ROOT

DOCUMENTS = ["functions/openapi/openapi.yaml", "docs/dashboard-api.yaml"]


def test_they_are_what_the_handlers_say() -> None:
    """Byte for byte; `make openapi` rewrites it."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.openapi", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def faults(document: dict[str, Any]) -> list[str]:
    """What the specification's own schema finds."""
    return [fault.message for fault in OpenAPIV31SpecValidator(document).iter_errors()]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_it_is_valid(path: str) -> None:
    """By the specification's own schema, which finds what is planted too."""
    document = yaml.safe_load((ROOT / path).read_text())
    assert faults(document) == []
    del document["info"]["title"]
    [fault] = faults(document)
    assert "title" in fault


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_operation_can_be_found_and_understood(path: str) -> None:
    """Name, summary, description, a tag that is explained, and the 401 where a key is due."""
    document = yaml.safe_load((ROOT / path).read_text())
    tags = {tag["name"] for tag in document["tags"]}
    names = set()
    for operations in document["paths"].values():
        for operation in operations.values():
            names.add(operation["operationId"])
            assert operation["summary"]
            assert operation["description"]
            assert set(operation["tags"]) <= tags
            assert ("401" in operation["responses"]) == (operation["security"] != [])
    assert len(names) == sum(len(operations) for operations in document["paths"].values())


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_error_of_its_api_is_in_it(path: str) -> None:
    """Each code that `web/errors.py` has, but 405, which no route of a document answers."""
    document = yaml.safe_load((ROOT / path).read_text())
    shown = {
        code
        for answer in document["components"]["responses"].values()
        for code in answer["content"]["application/json"]["examples"]
    }
    of_sessions = {"account_mismatch", "key_limit_reached", "rotation_in_progress"}
    of_keys = {"precondition_failed"}
    all_codes = {kind.code for kind in KINDS.values()} - {"method_not_allowed"}
    assert shown == all_codes - (of_sessions if path == DOCUMENTS[0] else of_keys)


def test_the_table_of_errors_has_every_code() -> None:
    """With 405 too: somebody who asks for what is not there meets it."""
    document = yaml.safe_load((ROOT / DOCUMENTS[0]).read_text())
    _, _, table = document["info"]["description"].partition("## Errors")
    codes = {
        code
        for answer in document["components"]["responses"].values()
        for code in answer["content"]["application/json"]["examples"]
    }
    for code in {*codes, "method_not_allowed"}:
        assert f"`{code}`" in table, code
