from typing import Any

import pytest

from tools.compatibility.schemas import Comparison, Side

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 1, "maximum": 100}
NULLABLE = {"anyOf": [TEXT, {"type": "null"}]}
THING = {"type": "object", "properties": {"a": TEXT, "b": NUMBER}, "required": ["a"]}


def whys(sent: Any, expected: Any, *, answers: bool = True) -> list[str]:
    """What does not fit, in words."""
    found = Comparison(answers).misfits(Side({}, sent), Side({}, expected))
    return [f"{where}: {why}" if where else why for where, why in found]


@pytest.mark.parametrize(
    ("sent", "expected", "why"),
    [
        (TEXT, {"type": "integer"}, "string is new"),
        ({}, TEXT, "anything is new"),
        (NULLABLE, TEXT, "null is new"),
        ({"type": ["string", "null"]}, TEXT, "null is new"),
        ({"type": "number"}, {"type": "integer"}, "number is new"),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, "b is not among ['a']"),
        (TEXT, {"enum": ["a"]}, "anything is not among ['a']"),
        ({"const": "b"}, {"const": "a"}, "b is not among ['a']"),
        (NUMBER | {"maximum": 101}, NUMBER, "maximum 101 does not keep to 100"),
        (NUMBER | {"minimum": 0}, NUMBER, "minimum 0 does not keep to 1"),
        ({"type": "integer", "minimum": 1}, NUMBER, "maximum none does not keep to 100"),
        (TEXT, TEXT | {"maxLength": 5}, "maxLength none does not keep to 5"),
        ({"enum": ["long"]}, {"maxLength": 3}, "maxLength 4 does not keep to 3"),
        ({"enum": [7]}, {"maximum": 6}, "maximum 7 does not keep to 6"),
        ({"enum": ["a1"]}, {"pattern": "^[a-z]$"}, "pattern none does not keep to ^[a-z]$"),
        (TEXT, TEXT | {"pattern": "^a$"}, "pattern none does not keep to ^a$"),
        (TEXT, TEXT | {"format": "date-time"}, "format none does not keep to date-time"),
        ({"type": "array"}, {"type": "array", "uniqueItems": True}, "uniqueItems none does not"),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": NUMBER}, "[]: string is new"),
        ({"type": "array"}, {"type": "array", "items": TEXT}, "[]: anything is new"),
        ({"type": "object"}, THING, "a: can be absent where it has to be there"),
        (THING, THING | {"additionalProperties": False, "properties": {"a": TEXT}}, "b: is no"),
        (THING, THING | {"additionalProperties": False}, "*: is no longer known"),
        (THING, THING | {"additionalProperties": TEXT, "properties": {"a": TEXT}}, "b: integer"),
        (
            {"type": "object", "additionalProperties": NUMBER},
            {"type": "object", "additionalProperties": TEXT},
            "*: integer is new",
        ),
        (
            {"type": "object", "properties": {"in": THING}},
            {"type": "object", "properties": {"in": THING | {"required": ["a", "b"]}}},
            "in.b: can be absent",
        ),
        (TEXT, TEXT | {"not": {"const": ""}}, "not has changed, which nothing here can judge"),
        (TEXT | {"allOf": [TEXT]}, TEXT, "allOf has changed, which nothing here can judge"),
    ],
)
def test_what_may_be_sent_and_is_not_expected_is_found(sent: Any, expected: Any, why: str) -> None:
    """Whichever way it goes."""
    for answers in (True, False):
        assert any(found.startswith(why) for found in whys(sent, expected, answers=answers)), why


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (TEXT, TEXT),
        (TEXT, NULLABLE),
        (NULLABLE, {"type": ["null", "string"]}),
        (TEXT, {}),
        (TEXT, True),
        ({"type": "integer"}, {"type": "number"}),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}),
        ({"const": "a"}, {"enum": ["a", "b"]}),
        ({"type": "string", "enum": ["a"]}, TEXT | {"maxLength": 1, "pattern": "^a$"}),
        ({"enum": [7]}, {"maximum": 7, "minimum": 7}),
        (NUMBER, NUMBER | {"maximum": 200, "minimum": 0}),
        (TEXT | {"pattern": "^a$", "format": "x"}, TEXT),
        (TEXT | {"title": "A", "description": "B", "examples": ["c"]}, TEXT | {"deprecated": True}),
        (THING | {"required": ["a", "b"]}, THING),
        (THING | {"additionalProperties": False}, THING),
        (THING | {"additionalProperties": False}, THING | {"additionalProperties": TEXT}),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, {"enum": ["b", "a"]}),
        ({"anyOf": [{"maxLength": 2}, {"maxLength": 3}], "type": "string"}, TEXT),
    ],
)
def test_what_fits_is_not_complained_about(sent: Any, expected: Any) -> None:
    """Narrower, or only written otherwise."""
    assert whys(sent, expected) == []
    assert whys(sent, expected, answers=False) == []


def test_readers_of_answers_miss_a_member_that_could_be_absent() -> None:
    """Callers who leave it out of a request do not."""
    less = THING | {"properties": {"a": TEXT}}
    assert whys(less, THING) == ["b: is gone"]
    assert whys(less, THING, answers=False) == []


def test_only_callers_notice_another_default() -> None:
    """It is what they mean by leaving a member out."""
    before, after = NUMBER | {"default": 20}, NUMBER | {"default": 50}
    assert whys(before, after, answers=False) == ["default 20 becomes 50"]
    assert whys(before, NUMBER, answers=False) == ["default 20 becomes None"]
    assert whys(before, after) == []


def test_the_nearest_branch_explains() -> None:
    """Not the one of another type, nor the one that differs more."""
    expected = {"anyOf": [{"type": "null"}, NUMBER, THING, THING | {"required": ["a", "b"]}]}
    sent = {"type": "object", "properties": THING["properties"], "required": ["b"]}
    assert whys(sent, expected) == ["a: can be absent where it has to be there"]


MAYBE = {"anyOf": [{"$ref": "#/tree"}, {"type": "null"}]}


def test_references_are_followed_each_in_its_document() -> None:
    """What stands beside one holds too; a schema within itself comes to an end."""
    tree: dict[str, Any] = {
        "type": "object",
        "properties": {"name": TEXT, "left": {"$ref": "#/tree"}, "right": MAYBE},
    }
    other = tree | {"properties": tree["properties"] | {"name": NUMBER}}
    beside = {"$ref": "#/tree", "required": ["name"]}
    found = Comparison(answers=True).misfits(
        Side({"tree": other}, beside), Side({"tree": tree}, beside)
    )
    assert ("name", "integer is new") in found
    assert ("right.name", "integer is new") in found
    same = Side({"tree": tree}, beside)
    assert Comparison(answers=True).misfits(same, same) == []
