"""What programs and generated clients have learnt the names of stays called so."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from blueprint.paths import ROOT

DOCUMENTS = {
    "public": ROOT / "functions/openapi/openapi.yaml",
    "dashboard": ROOT / "docs/dashboard-api.yaml",
}
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
