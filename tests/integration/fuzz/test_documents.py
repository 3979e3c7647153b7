"""Both APIs keep their documents: whatever is sent, the answer is one that the document has."""

from pathlib import Path

import pytest

from tests.integration.fuzz.schemathesis_run import DOCUMENTS, fuzz
from tests.support.events import stored, tokens_in
from tests.support.product import Product, roto

SAMPLE = 25
MANY = 100


@pytest.mark.parametrize("api", DOCUMENTS)
def test_a_sample(api: str, tmp_path: Path) -> None:
    """No check of schemathesis's fails, nor of ours, with one seed."""
    keeps_its_document(api, tmp_path, seed=1, examples=SAMPLE)


@pytest.mark.prove
@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("api", DOCUMENTS)
def test_other_seeds(api: str, tmp_path: Path, seed: int) -> None:
    """Nor with others, and with more examples."""
    keeps_its_document(api, tmp_path, seed=seed, examples=MANY)


def keeps_its_document(api: str, folder: Path, *, seed: int, examples: int) -> None:
    """Fails for whatever is found, for a token where none may be, and if Bob's things changed."""
    with roto(folder / "tables") as dynamodb, Product(folder / "run", dynamodb=dynamodb) as product:
        found = fuzz(api, product, folder, seed=seed, examples=examples)
        assert (found.status, found.complete) == (0, True), found.output
        assert not tokens_in(found.output + stored(dynamodb) + product.written())
        check_bobs_things(product)
    print(f"{api}: {found.cases} requests, seed {seed}")


def check_bobs_things(product: Product) -> None:
    """All is as he made it, whatever Alice sent with his ids."""
    bob = product.person("user_bob")
    keys = bob.request("GET", "/api-keys").json["data"]
    shown = [(key["name"], key["status"], key["rotation"]) for key in keys]
    assert shown == [("user_bob", "active", None)] * 2
    bearer = f"Bearer {bob.create_key()['token']}"
    [agent] = product.request("GET", "/api/v1/agents?archived=all", bearer).json["data"]
    assert (agent["name"], agent["currentVersion"]["number"]) == ("analyst", 1)
    assert agent["archivedAt"] is None
