"""The public document is what the handlers say, and valid."""

import subprocess
import sys

import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.support import ROOT


def test_it_is_what_the_handlers_say() -> None:
    """Byte for byte; `make openapi` rewrites it."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.openapi", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_valid() -> None:
    """By the specification's own schema."""
    document = yaml.safe_load((ROOT / "functions/openapi/openapi.yaml").read_text())
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_can_be_found_and_understood() -> None:
    """Name, summary, description, a tag that is explained, and the 401 where a key is due."""
    document = yaml.safe_load((ROOT / "functions/openapi/openapi.yaml").read_text())
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
