"""What the wire models of all functions are made of."""

import re
from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


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
    """The member or parameter, with dots between nested names."""
    code: str
    message: str


class ErrorBody(Answer):
    """Why the request was not answered with success."""

    # Absent where they do not help: then they are left out, not null.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    code: str
    """For programs: one of the codes in this document."""
    message: str
    """For people."""
    request_id: str | SkipJsonSchema[None] = None
    """Name it when you ask for help."""
    details: list[ErrorDetail] | SkipJsonSchema[None] = None


class Error(Answer):
    """The envelope of every error."""

    error: ErrorBody


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parse_timestamp(value: object) -> datetime:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("a time as RFC 3339 writes it, such as 2026-03-25T09:30:00.000Z")
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def _parse_decimal(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError("a whole number in decimal digits")
    return value


Timestamp = Annotated[
    datetime,
    PlainSerializer(_rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339, UTC, milliseconds, `Z`."""

InputTimestamp = Annotated[
    datetime,
    BeforeValidator(_parse_timestamp),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339 with any offset."""

Limit = Annotated[
    int,
    Query(ge=1, le=100, description="The most entries on a page."),
    BeforeValidator(_parse_decimal),
]
Cursor = Annotated[
    str | SkipJsonSchema[None],
    Query(
        alias="cursor",
        description="`nextCursor` of the page before; without it the list begins.",
    ),
]
