"""The test of the test: without the conditions that keep accounts apart, the fuzzing finds it."""

from pathlib import Path

import pytest

from tests.fuzz.leaks import LISTS, THINGS, WHOEVERS, Leak, plant
from tests.fuzz.running import DOCUMENTS, fuzz
from tests.product.running import Product, roto
from tests.tree import source_tree

pytestmark = pytest.mark.prove


@pytest.mark.parametrize(
    ("leaks", "kind"),
    [
        pytest.param(THINGS, "ObjectLevelAuthorizationViolation", id="things"),
        # Our own check.
        pytest.param(LISTS, "CustomFailure", id="lists"),
    ],
)
def test_every_leak_is_found(leaks: tuple[Leak, ...], kind: str, tmp_path: Path) -> None:
    """By the check that is there for it, on the operation where it is."""
    tree = source_tree(tmp_path / "tree")
    for leak in (WHOEVERS, *leaks):
        plant(leak, tree)
    found = set()
    for api in DOCUMENTS:
        folder = tmp_path / api
        folder.mkdir()
        with (
            roto(folder / "tables") as dynamodb,
            Product(folder / "run", source=tree, dynamodb=dynamodb) as product,
        ):
            found |= fuzz(api, product, folder, seed=1, examples=25).failures
    missed = [leak.operation for leak in leaks if (kind, leak.operation) not in found]
    print(f"{len(leaks) - len(missed)} of {len(leaks)} leaks found")
    assert not missed, found
