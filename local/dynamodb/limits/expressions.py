"""What DynamoDB accepts as an expression, with its names and values. Pure.

Sources: "Expression parameters" in "Constraints in Amazon DynamoDB", "Expression attribute names"
and "Reserved words in DynamoDB" of the Developer Guide. Texts: as those of `values`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from local.dynamodb.limits.errors import AwsError, invalid
from local.dynamodb.limits.reserved_words import reserved_words
from local.dynamodb.limits.values import check_values

EXPRESSION_BYTES: Final = 4096
MOST_OPERATORS: Final = 300
"""And functions, in one expression."""
MOST_OF_IN: Final = 100
"""Operands of one IN."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>#\w+)|(?P<value>:\w+)|(?P<word>[A-Za-z_]\w*)|(?P<index>\[\d+\])"
    r"|(?P<operator><>|<=|>=|[=<>+-])|(?P<mark>[(),.]))\s*",
    re.ASCII,
)
_CLAUSES = frozenset({"SET", "REMOVE", "ADD", "DELETE"})
_LOGIC = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
_UPDATE, _PROJECTION = "UpdateExpression", "ProjectionExpression"
_FUNCTIONS = {_UPDATE: frozenset({"if_not_exists", "list_append"}), _PROJECTION: frozenset[str]()}
_CONDITION_FUNCTIONS = frozenset(
    {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"}
    | {"size"}
)


class Token(NamedTuple):
    """A piece of an expression; `kind` is one of the groups of the pattern, or a keyword's."""

    kind: str
    text: str


@lru_cache(maxsize=4096)
def tokens(parameter: str, text: str) -> tuple[Token, ...]:
    """The pieces of the expression that this parameter holds; AwsError if it is none.

    Keywords have the kind "keyword" and upper case, names of functions "function".
    """
    size = len(text.encode())
    if size > EXPRESSION_BYTES:
        raise _invalid(
            parameter,
            f"Expression size has exceeded the maximum allowed size; expression size: {size}",
        )
    if not text.strip():
        raise _invalid(parameter, "The expression can not be empty;")
    found = tuple(_classified(parameter, list(_scan(parameter, text))))
    _check_operators(parameter, found)
    return found


def check_expressions(parameters: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises AwsError for expressions in these parameters that DynamoDB does not take.

    Each name and value has to be defined, and each that is defined has to be used.
    """
    given = {name: parameters[name] for name in names if parameters.get(name) is not None}
    defined = {
        "Names": parameters.get("ExpressionAttributeNames"),
        "Values": parameters.get("ExpressionAttributeValues"),
    }
    _check_definitions(defined, given)
    used: set[str] = set()
    for parameter, text in given.items():
        found = tokens(parameter, text)
        _check_defined(parameter, found, defined)
        used |= {token.text for token in found}
    for what, definitions in defined.items():
        unused = [placeholder for placeholder in definitions or () if placeholder not in used]
        if unused:
            raise invalid(
                f"Value provided in ExpressionAttribute{what} unused in expressions: "
                f"keys: {{{', '.join(unused)}}}"
            )


def _scan(parameter: str, text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or not found.lastgroup:
            near = text[max(0, at - 5) : at + 5]
            raise _invalid(parameter, f'Syntax error; token: "{text[at]}", near: "{near}"')
        yield Token(found.lastgroup, found[found.lastgroup])
        at = found.end()


def _classified(parameter: str, found: list[Token]) -> Iterator[Token]:
    """The tokens, with what their words are."""
    keywords = _CLAUSES if parameter == _UPDATE else _LOGIC
    for at, token in enumerate(found):
        follows = found[at + 1].text if at + 1 < len(found) else ""
        is_member = at > 0 and found[at - 1].text == "."
        if token.kind != "word":
            yield token
        elif token.text.upper() in keywords and not is_member:
            yield Token("keyword", token.text.upper())
        elif follows == "(":
            yield _function(parameter, token.text)
        elif token.text.upper() in reserved_words():
            raise _invalid(
                parameter,
                f"Attribute name is a reserved keyword; reserved keyword: {token.text}",
            )
        else:
            yield token


def _function(parameter: str, name: str) -> Token:
    if name not in _FUNCTIONS.get(parameter, _CONDITION_FUNCTIONS):
        raise _invalid(parameter, f"Invalid function name; function: {name}")
    return Token("function", name)


def _check_operators(parameter: str, found: tuple[Token, ...]) -> None:
    operators = sum(
        token.kind in {"operator", "function"} or token.text in _LOGIC for token in found
    )
    if operators > MOST_OPERATORS:
        raise _invalid(
            parameter,
            f"The expression contains too many operators; operator count: {operators}",
        )
    for operands in _operands_of_in(found):
        if operands > MOST_OF_IN:
            raise _invalid(
                parameter,
                "The IN operator is provided with too many operands; "
                f"number of operands: {operands}",
            )


def _operands_of_in(found: tuple[Token, ...]) -> Iterator[int]:
    for at, token in enumerate(found):
        if token == Token("keyword", "IN"):
            after = [each.text for each in found[at:]]
            end = after.index(")") if ")" in after else len(after)
            yield after[:end].count(",") + 1


def _check_definitions(
    defined: Mapping[str, Mapping[str, Any] | None], given: Mapping[str, str]
) -> None:
    for what, definitions in defined.items():
        if definitions is None:
            continue
        if not given:
            raise invalid(f"ExpressionAttribute{what} can only be specified when using expressions")
        if not definitions:
            raise invalid(f"ExpressionAttribute{what} must not be empty")
        mark = "#" if what == "Names" else ":"
        for placeholder in definitions:
            if not re.fullmatch(mark + r"\w+", placeholder, re.ASCII):
                raise invalid(
                    f"ExpressionAttribute{what} contains invalid key: "
                    f'Syntax error; key: "{placeholder}"'
                )
    check_values(defined["Values"] or {})


def _check_defined(
    parameter: str,
    found: Iterable[Token],
    defined: Mapping[str, Mapping[str, Any] | None],
) -> None:
    for kind, text in found:
        if kind == "name" and text not in (defined["Names"] or {}):
            raise _invalid(
                parameter,
                "An expression attribute name used in the document path is not defined; "
                f"attribute name: {text}",
            )
        if kind == "value" and text not in (defined["Values"] or {}):
            raise _invalid(
                parameter,
                "An expression attribute value used in expression is not defined; "
                f"attribute value: {text}",
            )


def _invalid(parameter: str, message: str) -> AwsError:
    return invalid(f"Invalid {parameter}: {message}")
