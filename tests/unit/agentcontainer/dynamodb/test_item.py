from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.item import decode, decode_item, encode, encode_item

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_encoding_agrees_with_boto3(value: object) -> None:
    """boto3's own serializer is the oracle, both ways."""
    assert encode(value) == TypeSerializer().serialize(value)
    typed: Any = encode(value)
    assert decode(typed) == value == TypeDeserializer().deserialize(typed)


@given(st.dictionaries(st.text(), values))
def test_an_item_survives_the_way_there_and_back(item: dict[str, object]) -> None:
    """Nothing is lost or changed."""
    assert decode_item(encode_item(item)) == item


@pytest.mark.parametrize("value", [1.5, b"octets", {1}, object()])
def test_a_type_that_no_item_holds_is_a_mistake(value: object) -> None:
    """It raises before anything is written."""
    with pytest.raises(TypeError):
        encode(value)


@pytest.mark.parametrize(
    "typed", [{"B": "AA=="}, {"SS": ["a"]}, {"NS": ["1"]}, {}, {"S": "a", "N": "1"}]
)
def test_an_attribute_of_another_type_is_a_fault(typed: dict[str, object]) -> None:
    """It raises, and is not read as something near it."""
    with pytest.raises(ValueError):  # noqa: PT011 -- the kind is what matters
        decode(typed)
