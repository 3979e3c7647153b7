from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agentcontainer.dynamodb.item import decode_item
from agentcontainer.dynamodb.table import Table
from agentcontainer.usage.access_log import read
from agentcontainer.usage.batch import Line, Part, parts
from agentcontainer.usage.store import UsageStore
from tests.support.access_log import ACCOUNT_ID, KEY_ID, line

NOW = datetime(2026, 3, 25, 9, 35, tzinfo=UTC)
DAY = date(2026, 3, 25)


@pytest.fixture
def store(tables: Any) -> UsageStore:
    """A store on an empty table."""
    return UsageStore(Table("Keys"))


def part(*messages: str, first_id: int = 0) -> Part:
    """Lines that are counted together."""
    [found] = parts(Line(str(first_id + n), read(message)) for n, message in enumerate(messages))
    return found


def counts(store: UsageStore, owner: str) -> dict[str, int]:
    """What is counted of an owner's day."""
    [day] = store.days(owner, DAY, 1)
    return {name: n for name, n in day.counts.items() if name not in {"pk", "sk", "ttl"}}


def test_requests_add_up_for_key_and_account(store: UsageStore) -> None:
    """By outcome, and refusals by reason besides."""
    assert store.count(part(line(), line(), line(status=403)), NOW)
    assert store.count(part(line(status=401, verdict="REVOKED"), first_id=3), NOW)
    for owner in (KEY_ID, ACCOUNT_ID):
        assert counts(store, owner) == {
            "accepted": 2,
            "forbidden": 1,
            "refused": 1,
            "refusedRevoked": 1,
        }


def test_the_same_lines_again_count_no_more(store: UsageStore) -> None:
    """And say so. Others that look the same do: ids tell them apart."""
    assert store.count(part(line()), NOW)
    assert not store.count(part(line()), NOW + timedelta(days=1))
    assert counts(store, KEY_ID) == {"accepted": 1}
    assert store.count(part(line(), first_id=7), NOW)
    assert counts(store, KEY_ID) == {"accepted": 2}


def test_what_is_stored_goes_by_itself(store: UsageStore, tables: Any) -> None:
    """A day once it cannot be asked for, a mark once its lines cannot come again."""
    store.count(part(line()), NOW)
    items = [decode_item(item) for item in tables.scan(TableName="Keys")["Items"]]
    kept = {item["pk"].partition("#")[0]: item["ttl"] for item in items}
    assert datetime.fromtimestamp(kept["usage"], UTC).date() == DAY + timedelta(days=400)
    # The longest that SQS keeps a dead letter, and the longest that came before.
    assert kept["delivery"] >= (NOW + timedelta(days=14, hours=30)).timestamp()
