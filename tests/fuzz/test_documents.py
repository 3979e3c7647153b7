"""Both APIs keep their documents: whatever is sent, the answer is one that the document has."""

from pathlib import Path

import pytest

from tests.fuzz.running import DOCUMENTS, fuzz
from tests.product.running import Product, roto
from tests.support import stored, tokens_in

SAMPLE = 25
MANY = 100


@pytest.mark.parametrize("api", DOCUMENTS)
def test_a_sample(api: str, tmp_path: Path) -> None:
    """No check of schemathesis's fails, with one seed."""
    keeps_its_document(api, tmp_path, seed=1, examples=SAMPLE)


@pytest.mark.prove
@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("api", DOCUMENTS)
def test_other_seeds(api: str, tmp_path: Path, seed: int) -> None:
    """Nor with others, and with more examples."""
    keeps_its_document(api, tmp_path, seed=seed, examples=MANY)


def keeps_its_document(api: str, folder: Path, *, seed: int, examples: int) -> None:
    """Fails for whatever is found, and for a token where none may be."""
    with roto(folder / "tables") as dynamodb, Product(folder / "run", dynamodb=dynamodb) as product:
        found = fuzz(api, product, folder, seed=seed, examples=examples)
        assert found.status == 0, found.output
        assert not tokens_in(found.output + stored(dynamodb) + product.written())
        print(f"{found.cases} requests, seed {seed}")
