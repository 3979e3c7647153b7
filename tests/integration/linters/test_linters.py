from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.paths import ROOT
from tests.integration.linters.linting import connections, redocly, spectral

pytestmark = pytest.mark.usefixtures("linters")

PUBLIC = ROOT / "functions/openapi/openapi.yaml"
DASHBOARD = ROOT / "docs/dashboard-api.yaml"


@pytest.mark.parametrize("linter", [spectral, redocly])
def test_it_finds_nothing_in_either_document(linter: Callable[..., list[str]]) -> None:
    """Warnings and hints count."""
    assert linter(PUBLIC, DASHBOARD) == []


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The public document with five faults in it."""
    document: dict[str, Any] = yaml.safe_load(PUBLIC.read_text())
    account = document["paths"]["/api/v1/account"]["get"]
    creation = document["paths"]["/api/v1/agents"]["post"]["requestBody"]
    del document["info"]["contact"]
    del document["info"]["license"]
    del account["description"]
    account["responses"] = {"200": account["responses"]["200"]}
    creation["content"]["application/json"]["example"]["name"] = 5
    document["components"]["schemas"]["Unused"] = {"type": "string"}
    path = tmp_path / "openapi.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.mark.parametrize(
    ("linter", "rules"),
    [
        (
            spectral,
            {
                "info-contact",
                "oas3-unused-component",
                "oas3-valid-media-example",
                "operation-description",
            },
        ),
        (
            redocly,
            {
                "info-license",
                "no-invalid-media-type-examples",
                "no-unused-components",
                "operation-4xx-response",
            },
        ),
    ],
)
def test_it_finds_what_is_planted(
    linter: Callable[..., list[str]], rules: set[str], faulty: Path
) -> None:
    """So that nothing found means that something was looked at."""
    assert {finding.partition(":")[0] for finding in linter(faulty)} == rules


def test_a_linter_that_asked_somebody_would_be_seen() -> None:
    """It would fail, and the address stand in the failure."""
    asking = "require('node:http').get('http://192.0.2.1/').on('error', () => {})"
    assert "192.0.2.1" in connections("node", "--eval", asking)
