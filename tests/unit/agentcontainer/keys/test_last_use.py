from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import NotFound
from agentcontainer.ids import new_id
from agentcontainer.keys.key import ApiKey, Secret
from agentcontainer.keys.last_use import LastUses
from agentcontainer.keys.token import digest, fingerprint
from tests.support.events import SOMEBODY, key_store, store_key, stored
from tests.unit.agentcontainer.keys.test_key import NOW
from tests.unit.agentcontainer.keys.test_key import key as a_key

NEWER, OLDER = Secret(digest("new"), "hint"), Secret(digest("old"), "hint", NOW + timedelta(days=1))


class Keys:
    """Keys in the table, and what is told of their use."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.store = key_store()
        self.last_uses = LastUses(Table("Keys"))

    def rotating(self) -> ApiKey:
        """A stored key in the middle of a rotation, the only one that there is."""
        for item in self.client.scan(TableName="Keys")["Items"]:
            names = {name: item[name] for name in ("pk", "sk")}
            self.client.delete_item(TableName="Keys", Key=names)
        key = replace(a_key(id=new_id("key", NOW)), secrets=(NEWER, OLDER))
        return store_key(self.store, key)

    def use(self, key: ApiKey, secret: Secret, at: datetime) -> None:
        """Tells of a use."""
        self.last_uses.advance(key.account_id, key.id, fingerprint(secret.digest), at)

    def found(self, key: ApiKey) -> ApiKey:
        """The key as it is stored now."""
        return self.store.get(key.account_id, key.id)


@pytest.fixture
def keys(tables: Any) -> Keys:
    """Keys in an empty table."""
    return Keys(tables)


def test_a_key_that_nobody_used_has_no_last_use(keys: Keys) -> None:
    """Neither it nor its secrets."""
    key = keys.found(keys.rotating())
    assert key.last_used_at is None
    assert [key.last_use(secret) for secret in key.secrets] == [None, None]


# Each example makes a key of its own.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    uses=st.lists(
        st.tuples(st.sampled_from([NEWER, OLDER]), st.integers(0, 5)), min_size=1, max_size=5
    )
)
def test_in_whatever_order_uses_are_told_the_last_one_stays(
    keys: Keys, uses: list[tuple[Secret, int]]
) -> None:
    """Of the key and of each secret, after every use: to the millisecond, and never back."""
    key = keys.rotating()
    told: list[tuple[Secret, datetime]] = []
    for secret, millis in uses:
        told.append((secret, NOW + timedelta(milliseconds=millis)))
        keys.use(key, *told[-1])
        seen = keys.found(key)
        assert seen.last_used_at == max(at for _, at in told)
        for each in (NEWER, OLDER):
            times = [at for told_of, at in told if told_of == each]
            assert seen.last_use(each) == max(times, default=None)


def test_a_use_changes_nothing_else(keys: Keys) -> None:
    """Not the revision either: it is in no change's way, and no change undoes it."""
    key = keys.found(keys.rotating())
    keys.use(key, NEWER, NOW)
    used = replace(key, last_used_at=NOW, last_uses={fingerprint(NEWER.digest): NOW})
    assert keys.found(key) == used
    keys.store.change(
        key.account_id, key.id, lambda key: replace(key, name="y"), by=SOMEBODY, now=NOW
    )
    assert keys.found(key) == replace(used, name="y", revision=used.revision + 1)


def test_what_a_key_holds_does_not_grow_with_its_rotations(keys: Keys) -> None:
    """A change takes away the last uses of secrets that have gone, and the key's own stays."""
    key = keys.rotating()
    for number in range(5):
        keys.use(key, Secret(digest(str(number)), "hint"), NOW + timedelta(seconds=number))
    keys.use(key, OLDER, NOW)
    keys.store.change(
        key.account_id, key.id, lambda key: key.end_rotation(NOW), by=SOMEBODY, now=NOW
    )
    seen = keys.found(key)
    assert seen.secrets == (NEWER,)
    assert seen.last_uses == {}
    assert seen.last_used_at == NOW + timedelta(seconds=4)


def test_a_key_that_is_not_there_is_not_made(keys: Keys) -> None:
    """A line about a key that another table holds leaves nothing behind."""
    before = stored()
    with pytest.raises(NotFound):
        keys.found(a_key())
    keys.use(a_key(), NEWER, NOW)
    assert stored() == before
