"""The product as a user starts it: `python -m local` in a process of its own, met over HTTP."""

from collections.abc import Iterator

import pytest

from tests.product.running import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A run on moto that all tests share; each makes accounts of its own."""
    with Product(tmp_path_factory.mktemp("product")) as running:
        yield running
