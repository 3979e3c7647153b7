"""The same questions by `GetItem` and by boto3, to two servers of DynamoDB's protocol."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.item import decode_item, encode_item
from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from agentcontainer.keys.verification import Lookup, RateLimit, to_item

# No key may be empty, and roto knows no lone surrogates, as JSON should not.
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
lookups = st.builds(
    Lookup,
    key_id=names,
    account_id=names,
    status=st.sampled_from(["active", "disabled", "revoked"]),
    scopes=st.lists(names, max_size=3).map(tuple),
    expires_at=st.none() | st.integers(0, 2**45),
    allowed_ips=st.lists(st.ip_addresses().map(str), max_size=20).map(tuple),
    rate_limit=st.none() | st.builds(RateLimit, st.integers(1, 1_000_000), st.integers(1, 86_400)),
)


class Both:
    """A table, as boto3 sees it and as we do."""

    def __init__(self, url: str) -> None:
        self.name = f"Oracle-{uuid4()}"
        self.boto3 = boto3.client("dynamodb", endpoint_url=url)
        self.boto3.create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )
        with pytest.MonkeyPatch.context() as context:
            context.setenv("AWS_ENDPOINT_URL_DYNAMODB", url)
            self.ours = GetItem(self.name)

    def put(self, item: dict[str, Any]) -> None:
        """Stores an item, by boto3."""
        self.boto3.put_item(TableName=self.name, Item=encode_item(item))

    def agree(self, pk: str, sk: str) -> Any:
        """What both say is there, if it is the same."""
        answer = self.boto3.get_item(
            TableName=self.name, Key=encode_item({"pk": pk, "sk": sk}), ConsistentRead=True
        )
        theirs = decode_item(answer["Item"]) if "Item" in answer else None
        assert self.ours.get(pk, sk) == theirs
        return theirs


@pytest.fixture(scope="module", params=["moto", "roto"])
def both(request: pytest.FixtureRequest) -> Iterator[Both]:
    """A table on each server."""
    table = Both(request.getfixturevalue(f"{request.param}_url"))
    yield table
    table.ours.close()


@given(pk=names, sk=names, attributes=st.dictionaries(names, values, max_size=5))
def test_an_item_is_what_boto3_says_it_is(
    both: Both, pk: str, sk: str, attributes: dict[str, Any]
) -> None:
    """Whatever its key is and whatever types of ours it holds; and where there is none, None."""
    item = attributes | {"pk": pk, "sk": sk}
    both.put(item)
    assert both.agree(pk, sk) == item
    assert both.agree(pk, sk + ".") is None


@given(digest=st.text("0123456789abcdef", min_size=64, max_size=64), found=lookups)
def test_lookup_items_read_the_same(both: Both, digest: str, found: Lookup) -> None:
    """Those that the authorizer meets."""
    item = to_item(digest, found)
    both.put(item)
    assert both.agree(item["pk"], item["sk"]) == item


def test_an_item_of_the_largest_size_arrives_whole(both: Both) -> None:
    """400 KB, in as many pieces as the network makes of them."""
    item = {"pk": "large", "sk": "item", "text": "ü" * 190_000}
    both.put(item)
    assert both.agree("large", "item") == item


def test_a_table_that_is_not_there_is_an_error(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """In boto3 and in ours, by the same name."""
    monkeypatch.setattr(both, "name", "Nowhere")
    monkeypatch.setattr(both.ours, "_table", "Nowhere")
    with pytest.raises(both.boto3.exceptions.ResourceNotFoundException):
        both.boto3.get_item(TableName="Nowhere", Key=encode_item({"pk": "a", "sk": "b"}))
    with pytest.raises(GetItemFailed, match="ResourceNotFoundException"):
        both.ours.get("a", "b")
