"""The test of the test: without the conditions that keep accounts apart, the fuzzing finds it."""

from pathlib import Path

import pytest

from tests.fuzz.leaks import LISTS, THINGS, WHOEVERS, Leak, plant
from tests.fuzz.running import DOCUMENTS, fuzz
from tests.product.running import Product, roto
from tests.tree import source_tree

pytestmark = pytest.mark.prove


@pytest.mark.parametrize(
    ("leaks", "checks"),
    [
        pytest.param(THINGS, "all", id="things"),
        # Lest ours hides that it sees nothing.
        pytest.param(THINGS, "object_level_authorization", id="things-by-schemathesis-alone"),
        pytest.param(LISTS, "all", id="lists"),
    ],
)
def test_every_leak_is_found(leaks: tuple[Leak, ...], checks: str, tmp_path: Path) -> None:
    """On the operation where it is."""
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
            found |= fuzz(api, product, folder, seed=1, examples=25, checks=checks).leaking
    missed = {leak.operation for leak in leaks} - found
    print(f"{len(leaks) - len(missed)} of {len(leaks)} leaks found")
    assert not missed, found
