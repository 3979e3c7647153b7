from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.dynamodb.limits.errors import AwsError
from local.dynamodb.limits.keys import PARTITION_KEY_BYTES, SORT_KEY_BYTES, KeySchema, identity
from tests.support.tables_in_memory import PK_SK, key

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=3000)


def test_the_schema_is_read_as_aws_writes_it() -> None:
    """The partition key first, in whatever order it stands."""
    schema = KeySchema.of_table(
        [{"AttributeName": "s", "KeyType": "RANGE"}, {"AttributeName": "p", "KeyType": "HASH"}],
        [
            {"AttributeName": "s", "AttributeType": "N"},
            {"AttributeName": "x", "AttributeType": "S"},
            {"AttributeName": "p", "AttributeType": "B"},
        ],
    )
    assert schema == (("p", "s"), ("B", "N"))


@given(pk=TEXTS, sk=TEXTS)
def test_a_key_is_taken_up_to_its_length_in_bytes(pk: str, sk: str) -> None:
    """1 to 2,048 bytes of UTF-8 for the partition, 1 to 1,024 for the sort key."""
    fits = len(pk.encode()) <= PARTITION_KEY_BYTES and len(sk.encode()) <= SORT_KEY_BYTES
    refused = nullcontext() if fits else pytest.raises(AwsError, match="size")
    for check in (PK_SK.check_key, PK_SK.check_item):
        with refused:
            check(key(pk, sk))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (key("a" * 2049), "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
        (key(sk="ü" * 513), "range keys has exceeded the size limit of 1024 bytes"),
        (key(""), "cannot contain an empty string value. Key: pk"),
        (key(sk=""), "cannot contain an empty string value. Key: sk"),
        ({"pk": {"S": "a"}}, "The provided key element does not match the schema"),
        (key() | {"x": {"S": "a"}}, "The provided key element does not match the schema"),
        ({"pk": {"S": "a"}, "sk": {"N": "1"}}, "key element does not match the schema"),
    ],
)
def test_other_keys_are_refused(wrong: dict[str, Any], message: str) -> None:
    """With what is wrong with them."""
    with pytest.raises(AwsError, match=message):
        PK_SK.check_key(wrong)


def test_an_item_needs_its_key() -> None:
    """Of the right type; it may hold anything beside it."""
    PK_SK.check_item(key() | {"x": {"S": ""}})
    with pytest.raises(AwsError, match="Missing the key sk in the item"):
        PK_SK.check_item({"pk": {"S": "a"}})
    with pytest.raises(AwsError, match="Type mismatch for key pk expected: S actual: N"):
        PK_SK.check_item(key() | {"pk": {"N": "1"}})


def test_numbers_have_no_length() -> None:
    """However long they are written; binary ones are counted without their encoding."""
    schema = KeySchema(("p", "s"), ("N", "B"))
    schema.check_key({"p": {"N": "1" * 38}, "s": {"B": "AAAA" * 341}})
    with pytest.raises(AwsError, match="1024 bytes"):
        schema.check_key({"p": {"N": "1"}, "s": {"B": "AAAA" * 342}})


def test_the_same_key_has_the_same_identity() -> None:
    """In whatever order its attributes stand, and in one table alone."""
    turned = dict(reversed(key().items()))
    assert identity("Keys", key()) == identity("Keys", turned)
    assert identity("Keys", key()) != identity("Agents", key())
