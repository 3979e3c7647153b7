from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.conditions import ABSENT, PRESENT, Below, Put, Update, operation
from local.dynamodb.limits.errors import AwsError
from local.dynamodb.limits.expressions import EXPRESSION_BYTES, MOST_OPERATORS, check_expressions

NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
VALUES = st.none() | st.integers() | st.text(max_size=3) | st.booleans()
WANTED = VALUES | st.just(ABSENT) | st.just(PRESENT) | st.integers().map(Below)


def refusal(parameter: str, expression: str, **more: Any) -> str:
    """What is said of an expression; nothing where it is taken."""
    try:
        check_expressions({parameter: expression} | more, [parameter])
    except AwsError as error:
        return error.message
    return ""


@given(
    sets=st.dictionaries(NAMES, VALUES, min_size=1, max_size=5),
    where=st.dictionaries(NAMES, WANTED, max_size=5),
)
def test_every_expression_of_ours_is_taken(sets: dict[str, Any], where: dict[str, Any]) -> None:
    """Of updates and conditions, whatever the attributes are called."""
    changed = Update(pk="a", sk="b", set=sets, add={"n": 1}, remove=["r"], where=where)
    for write in (changed, Put({"pk": "a", "sk": "b"}, where=where)):
        [action] = operation("Keys", write).values()
        check_expressions(action, ["UpdateExpression", "ConditionExpression"])


@pytest.mark.parametrize(
    ("parameter", "expression", "message"),
    [
        ("UpdateExpression", "SET status = :v", "reserved keyword; reserved keyword: status"),
        ("UpdateExpression", "REMOVE a.Ttl", "reserved keyword: Ttl"),
        ("ConditionExpression", "name = :v", "reserved keyword: name"),
        ("KeyConditionExpression", "hash = :v", "reserved keyword: hash"),
        ("ProjectionExpression", "a, count", "reserved keyword: count"),
        ("ConditionExpression", "attribute_exists(a.set)", "reserved keyword: set"),
        ("UpdateExpression", "SET a = attribute_exists(b)", "Invalid function name"),
        ("ConditionExpression", "if_not_exists(a, :v)", "function: if_not_exists"),
        ("ConditionExpression", "a = :v; DROP", 'Syntax error; token: ";"'),
        ("UpdateExpression", "", "The expression can not be empty;"),
        ("ConditionExpression", "   ", "The expression can not be empty;"),
        ("ConditionExpression", "#a = :v", "attribute name: #a"),
        ("ConditionExpression", "a = :w", "attribute value: :w"),
        ("UpdateExpression", "SET a = :v, #b.c = :v", "attribute name: #b"),
    ],
)
def test_what_dynamodb_does_not_take_is_refused(
    parameter: str, expression: str, message: str
) -> None:
    """It says in which parameter, and what."""
    said = refusal(parameter, expression, ExpressionAttributeValues={":v": {"S": "x"}})
    assert said.startswith(f"Invalid {parameter}: ")
    assert message in said


@pytest.mark.parametrize(
    ("parameter", "expression"),
    [
        ("UpdateExpression", "SET a = if_not_exists(a, :v) + :v REMOVE b[0].c ADD d :v"),
        ("UpdateExpression", "set #a.b[1] = list_append(x, :v) delete s :v"),
        ("ConditionExpression", "NOT (a BETWEEN :v AND :v) OR a IN (:v, #a) AND size(b) >= :v"),
        ("ConditionExpression", "contains(a, :v) and attribute_type(b, :v) or a <> #a"),
        ("KeyConditionExpression", "#a = :v AND begins_with(sk, :v)"),
    ],
)
def test_the_whole_grammar_is_taken(parameter: str, expression: str) -> None:
    """Keywords in any case, functions, paths into lists and maps."""
    names = {"ExpressionAttributeNames": {"#a": "status"}} if "#a" in expression else {}
    values = {"ExpressionAttributeValues": {":v": {"S": "x"}}}
    assert not refusal(parameter, expression, **names, **values)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ExpressionAttributeNames": {"#a": "x", "#b": "y"}}, "Names unused in expressions"),
        ({"ExpressionAttributeValues": {":v": {"S": "x"}}}, "Values unused in expressions"),
        ({"ExpressionAttributeValues": {}}, "Values must not be empty"),
        ({"ExpressionAttributeNames": {}}, "Names must not be empty"),
        ({"ExpressionAttributeNames": {"a": "x"}}, "Names contains invalid key"),
        ({"ExpressionAttributeValues": {"v": {"S": "x"}}}, "Values contains invalid key"),
        ({"ExpressionAttributeValues": {":v": {"SS": []}}}, "may not be empty"),
    ],
)
def test_names_and_values_are_all_used_and_well_formed(given: dict[str, Any], message: str) -> None:
    """Too many are as wrong as too few."""
    assert message in refusal("ConditionExpression", "attribute_exists(a)", **given)


@pytest.mark.parametrize("what", ["Names", "Values"])
def test_without_an_expression_there_are_none(what: str) -> None:
    """Neither names nor values."""
    with pytest.raises(AwsError, match=f"ExpressionAttribute{what} can only be specified when"):
        check_expressions({f"ExpressionAttribute{what}": {"#a": "x"}}, ["ConditionExpression"])


def test_an_expression_is_at_most_4_kb() -> None:
    """Counted as it is sent, before names stand for anything."""
    name = "a" * (EXPRESSION_BYTES - len("attribute_exists()"))
    assert not refusal("ConditionExpression", f"attribute_exists({name})")
    said = refusal("ConditionExpression", f"attribute_exists({name}a)")
    assert said.endswith("exceeded the maximum allowed size; expression size: 4097")


def test_operators_and_operands_are_counted() -> None:
    """At most 300 operators and functions, and 100 operands of IN."""
    values = {"ExpressionAttributeValues": {":v": {"N": "1"}}}
    most = " AND ".join(["a<:v"] * (MOST_OPERATORS // 2))
    assert not refusal("ConditionExpression", most, **values)
    said = refusal("ConditionExpression", f"{most} AND a<:v", **values)
    assert said.endswith("too many operators; operator count: 301")
    operands = ", ".join([":v"] * 100)
    assert not refusal("ConditionExpression", f"a IN ({operands})", **values)
    assert "operands: 101" in refusal("ConditionExpression", f"a IN ({operands}, :v)", **values)
