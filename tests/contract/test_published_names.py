"""What programs and generated clients have learnt the names of stays called so."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.paths import ROOT

DOCUMENTS = {
    "public": ROOT / "functions/openapi/openapi.yaml",
    "dashboard": ROOT / "docs/dashboard-api.yaml",
}
RELEASED = ROOT / "docs/released/openapi.yaml"
FROZEN = yaml.safe_load((ROOT / "tests/data/published-names.yaml").read_text())


def names(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every name that a client is generated from, by its kind."""
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    components = {kind: sorted(named) for kind, named in document["components"].items()}
    return {"operationIds": sorted(operations), **components}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_names_of_a_document_are_frozen(document: str) -> None:
    """One that is gone breaks clients; a new one is for good, so it is written down on purpose."""
    assert names(yaml.safe_load(DOCUMENTS[document].read_text())) == FROZEN[document]


def routes(path: Path) -> set[str]:
    """A document's operations, as `GET /api/v1/agents`."""
    document = yaml.safe_load(path.read_text())
    return {
        f"{method.upper()} {name}"
        for name, operations in document["paths"].items()
        for method in operations
    }


def test_what_is_new_stands_in_the_changelog() -> None:
    """Under "Unreleased", each operation that the released document does not have."""
    unreleased = (ROOT / "CHANGELOG.md").read_text().partition("## Unreleased")[2]
    unreleased = unreleased.partition("\n## ")[0]
    new = routes(DOCUMENTS["public"]) - routes(RELEASED)
    missing = [one for one in sorted(new) if f"`{one}`" not in unreleased]
    assert not missing, f"CHANGELOG.md says nothing of {', '.join(missing)}"
