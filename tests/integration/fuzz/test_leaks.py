"""The test of the test: without the conditions that keep accounts apart, the fuzzing finds it."""

from pathlib import Path

import pytest

from tests.faults.account_leaks import LISTS, THINGS, Leak, together
from tests.faults.source_copy import SourceCopy
from tests.integration.fuzz.schemathesis_run import DOCUMENTS, fuzz
from tests.support.product import Product, roto

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
    copy = SourceCopy(tmp_path / "copy")
    together("leaks", leaks).plant(copy.folder)
    found = set()
    for api in DOCUMENTS:
        folder = tmp_path / api
        folder.mkdir()
        with (
            roto(folder / "tables") as dynamodb,
            Product(folder / "run", source=copy.folder, dynamodb=dynamodb) as product,
        ):
            found |= fuzz(api, product, folder, seed=1, examples=25, checks=checks).leaking
    missed = {leak.operation for leak in leaks} - found
    print(f"{len(leaks) - len(missed)} of {len(leaks)} leaks found")
    assert not missed, found
