"""What the wire models of all functions are made of."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema

from agentcontainer.clock import to_rfc3339
from agentcontainer.web import errors, text

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class InputModel(BaseModel):
    """What a caller sends: nothing unknown, nothing coerced."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )


class Answer(BaseModel):
    """What a caller gets; checked against itself before it leaves."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        revalidate_instances="always",
        json_schema_serialization_defaults_required=True,
        use_attribute_docstrings=True,
    )


class ErrorDetail(Answer):
    """What is wrong with one part of the request."""

    in_: Annotated[str, Field(alias="in", description="`body`, `query`, `path` or `header`.")]
    field: str
    """The member or parameter; nested names are joined by dots."""
    code: str
    """For programs: the kind of mistake."""
    message: str
    """For people."""


class ErrorBody(Answer):
    """Why the request failed."""

    # Absent where they do not help: then they are left out, not null.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    code: str
    """For programs: one of the codes in this document."""
    message: str
    """For people."""
    request_id: str | SkipJsonSchema[None] = None
    """Give it when you ask for help."""
    details: list[ErrorDetail] | SkipJsonSchema[None] = None


class Error(Answer):
    """The envelope of every error."""

    error: ErrorBody


def _parse_timestamp(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError(errors.A_TIME)
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError(errors.IN_RANGE) from None


def parse_decimal(value: object) -> object:
    """The number of a query parameter; ValueError for a form that int() would take as well."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError(errors.A_DECIMAL)
    return value


Timestamp = Annotated[
    datetime,
    PlainSerializer(to_rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339, UTC, milliseconds, `Z`."""

InputTimestamp = Annotated[
    datetime,
    BeforeValidator(_parse_timestamp),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339 with any offset."""

LINE: dict[str, Any] = {"pattern": text.LINE}
"""For the document, of a string that is a `Line`."""

Line = AfterValidator(text.check_line)
"""A string with something besides spaces in it, and no control or bidirectional characters."""

NOTE: dict[str, Any] = {"pattern": text.NOTE}
"""For the document, of a string that is a `Note`."""

Note = AfterValidator(text.check_note)
"""A `Line`, or nothing."""

TEXT: dict[str, Any] = {"pattern": text.TEXT}
"""For the document, of a string that is a `Text`."""

Text = AfterValidator(text.check_text)
"""A string of any lines, without control characters besides tabs and line ends."""


def _parse_integral(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Integral = BeforeValidator(_parse_integral)
"""An int that may be written 5.0, which JSON Schema calls an integer too."""


def unset() -> Any:
    """The default of a member that may be left out but not be null: None, and not in the document.

    What was sent is in `model_fields_set`.
    """
    return Field(default_factory=lambda: None)


IdempotencyKey = Annotated[
    # Not in Header, from which a pattern never gets into the document.
    Annotated[str, Field(min_length=1, max_length=255, pattern="^[ -~]+$")] | SkipJsonSchema[None],
    Header(
        alias="Idempotency-Key",
        description=(
            "Retries within 24 hours with the same body do nothing again: they return the resource "
            "as it is then, with `Idempotent-Replayed: true`."
        ),
    ),
]

# WithJsonSchema, for behind a validator pydantic writes the bounds in words of its own.
Limit = Annotated[
    int,
    Query(ge=1, le=100, description="The maximum number of items on a page."),
    BeforeValidator(parse_decimal),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100}),
]
Cursor = Annotated[
    str | SkipJsonSchema[None],
    Query(
        alias="cursor",
        description="The `nextCursor` of the previous page; leave it out for the first page.",
    ),
]
