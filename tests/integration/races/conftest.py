"""Many processes against an atomic DynamoDB, without and with conflicts as AWS has them."""

from collections.abc import Iterator
from contextlib import nullcontext
from uuid import uuid4

import pytest

from tests.integration.races.conflicts import conflicting
from tests.integration.races.workers import Workers
from tests.support.events import stored, tokens_in


@pytest.fixture(scope="session", params=["plain", "conflicts"])
def workers(
    request: pytest.FixtureRequest, atomic: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workers]:
    """Processes that answer for the functions; every second transaction conflicts, or none.

    In the end none of them has written a token, into a log or a table.
    """
    log = tmp_path_factory.mktemp("workers") / "log"
    proxy = conflicting(atomic) if request.param == "conflicts" else nullcontext(atomic)
    with proxy as endpoint, Workers(endpoint, log) as started:
        yield started
    assert not tokens_in(log.read_text())
    assert not tokens_in(stored(atomic))


@pytest.fixture
def user() -> str:
    """Somebody new, with an account of their own."""
    return f"user_{uuid4().hex[:20]}"
