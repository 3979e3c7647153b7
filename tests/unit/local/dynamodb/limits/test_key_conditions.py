import pytest

from local.dynamodb.limits.key_conditions import key_values

A, B, C = {"S": "a"}, {"S": "b"}, {"S": "c"}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("#pk = :a", [("pk", A)]),
        ("pk = :a AND sk > :b", [("pk", A), ("sk", B)]),
        ("sk BETWEEN :b AND :c AND pk = :a", [("sk", B), ("sk", C), ("pk", A)]),
        ("pk = :a and begins_with(sk, :b)", [("pk", A), ("sk", B)]),
        ("(pk = :a) AND (:b <= sk)", [("pk", A), ("sk", B)]),
    ],
)
def test_each_value_is_told_with_its_attribute(
    expression: str, found: list[tuple[str, dict[str, str]]]
) -> None:
    """By whatever operator they are compared; the AND of BETWEEN joins nothing."""
    query = {
        "KeyConditionExpression": expression,
        "ExpressionAttributeNames": {"#pk": "pk"},
        "ExpressionAttributeValues": {":a": A, ":b": B, ":c": C},
    }
    assert list(key_values(query)) == found


def test_the_older_parameter_tells_none() -> None:
    """`KeyConditions` is left to the emulator."""
    assert not list(key_values({"KeyConditions": {}}))
