"""Many processes against an atomic DynamoDB, without and with conflicts as AWS has them."""

from collections.abc import Iterator
from contextlib import nullcontext
from uuid import uuid4

import pytest

from local.dynamodb.limits.proxy import LimitsProxy
from tests.integration.races.conflicts import conflicting
from tests.integration.races.workers import Workers
from tests.support.events import stored, tokens_in


@pytest.fixture(scope="session", params=["plain", "conflicts"])
def workers(
    request: pytest.FixtureRequest,
    atomic_store: LimitsProxy,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workers]:
    """Processes that answer for the functions; every second transaction conflicts, or none.

    In the end none of them has written a token, into a log or a table.
    """
    log = tmp_path_factory.mktemp("workers") / "log"
    atomic = atomic_store.url
    proxy = conflicting(atomic) if request.param == "conflicts" else nullcontext(atomic)
    # Not those that overlap: on a busy machine a transaction holds its items so much longer than on
    # AWS that twenty callers of one item would not all be through within their three seconds.
    atomic_store.conflicts.enabled = False
    with proxy as endpoint, Workers(endpoint, log) as started:
        yield started
    atomic_store.conflicts.enabled = True
    assert not tokens_in(log.read_text())
    assert not tokens_in(stored(atomic))


@pytest.fixture
def user() -> str:
    """Somebody new, with an account of their own."""
    return f"user_{uuid4().hex[:20]}"
