"""A request's path, query, headers and body, checked before Powertools and pydantic see them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from agentcontainer import strict_json
from agentcontainer.keys.token import holds_token, redact
from agentcontainer.web.errors import (
    A_JSON_OBJECT,
    NOT_UTF_8,
    Detail,
    InvalidRequest,
    PayloadTooLarge,
    not_json,
    not_utf_8,
)
from agentcontainer.web.text import UNSEEN

MAX_BODY_BYTES = 256 * 1024
REPLACEMENT: Final = "\ufffd"
"""What a decoder writes where there was no character."""
_CONTENT_TYPE = "Content-Type"
_MAX_DETAILS = 20
_MAX_ECHO = 200
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[0-9A-Za-z._~-]")
# RFC 9110, 5.6.6: between semicolons a parameter may be missing. Possessive, so that no text is
# tried twice.
_VALUE = r"""(?:[!#-'*+.^_`|~0-9A-Za-z-]++|"(?:[^"\\]|\\.)*+")"""
_PARAMETER = re.compile(rf"[ \t]*+;[ \t]*+(?:([!#-'*+.^_`|~0-9A-Za-z-]++)=({_VALUE}))?+")
_MEDIA_TYPE = re.compile(rf"application/json((?:{_PARAMETER.pattern})*+)[ \t]*+", re.IGNORECASE)


def normal_path(path: str) -> str:
    """The one spelling of a path, in which alone it is compared (RFC 3986, 6.2.2).

    Characters that need no encoding have none, and what is encoded is in upper case. A slash at the
    end changes nothing, as at the gateway.
    """
    return _ENCODED.sub(_normal, path).rstrip("/") or "/"


def check_query(event: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises InvalidRequest for parameters that the route does not know, or that stand twice."""
    names = set(known)
    given = event.get("multiValueQueryStringParameters") or {}
    problems = [
        Detail("query", printable(name), "unknown", "This route has no such parameter.")
        for name in given
        if name not in names
    ] + [
        Detail("query", name, "repeated", "Give this parameter once.")
        for name, values in given.items()
        if name in names and len(values) > 1
    ]
    if problems:
        raise InvalidRequest(problems[:_MAX_DETAILS])


def check_headers(event: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises InvalidRequest for headers of the route that stand twice, in whatever spellings.

    Names have no case (RFC 9110, 5.1), and the gateway keeps each spelling by itself.
    """
    given = Counter(
        name.lower()
        for name, values in (event.get("multiValueHeaders") or {}).items()
        for _ in values
    )
    problems = [
        Detail("header", name, "repeated", "Give this header once.")
        for name in known
        if given[name.lower()] > 1
    ]
    if problems:
        raise InvalidRequest(problems)


def check_secrets(event: Mapping[str, Any]) -> None:
    """Raises InvalidRequest for a path or query that holds a token.

    It would be in somebody's log or history by now; but not in ours, nor in our answer.
    """
    # Decoded too, for a path is what was sent.
    if holds_token(event["path"]) or holds_token(unquote(event["path"])):
        raise InvalidRequest([_secret("path", "")])
    query = event.get("multiValueQueryStringParameters") or {}
    for name, values in query.items():
        if any(map(holds_token, (name, *values))):
            raise InvalidRequest([_secret("query", name)])


def check_body(event: dict[str, Any]) -> None:
    """Raises PayloadTooLarge or UnsupportedMediaType for a body that is not to be read."""
    check_headers(event, [_CONTENT_TYPE])
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        raise not_utf_8()
    if len(body.encode(errors="surrogatepass")) > MAX_BODY_BYTES:
        raise PayloadTooLarge(MAX_BODY_BYTES)
    if body and not _is_json(header(event, _CONTENT_TYPE) or ""):
        raise not_json()
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    # Powertools compares with this one spelling, also where there is no body to describe.
    event["headers"] = headers | {"content-type": "application/json"}


def read_body(text: str) -> dict[str, Any]:
    """The JSON object of a body; InvalidRequest for all else, also for one that holds a token.

    The gateway hands over text, with U+FFFD in place of what was not UTF-8. So that character is
    taken for the damage that it says, unless it was escaped.
    """
    if REPLACEMENT in text:
        raise _malformed(NOT_UTF_8)
    try:
        value = strict_json.loads(text)
    except strict_json.MalformedJson as malformed:
        raise _malformed(str(malformed)) from None
    if not isinstance(value, dict):
        raise _malformed(A_JSON_OBJECT)
    secrets = [_secret("body", str(at)) for at, text in _texts(value) if holds_token(text)]
    if secrets:
        raise InvalidRequest(secrets[:_MAX_DETAILS])
    return value


def header(event: Mapping[str, Any], name: str) -> str | None:
    """The value of a header, however its name is spelt."""
    for given, value in (event.get("headers") or {}).items():
        if given.lower() == name.lower():
            text: str = value
            return text
    return None


def invalid_request(problems: Iterable[Mapping[str, Any]]) -> InvalidRequest:
    """What pydantic found wrong, in our words."""
    # "Or null" is how an optional parameter is declared here, not something to send.
    details = [_detail(problem) for problem in problems if problem["type"] != "none_required"]
    return InvalidRequest(details[:_MAX_DETAILS])


def printable(text: str) -> str:
    """Callers' text as it may be echoed and recorded, of bounded length.

    Without tokens, lone surrogates, and characters that a line may not hold.
    """
    return UNSEEN.sub("?", redact(text).encode(errors="replace").decode()[:_MAX_ECHO])


def _is_json(content_type: str) -> bool:
    """Whether it is JSON, which has no parameters (RFC 8259, 11), so that any is as good as none.

    But for a `charset` other than UTF-8: somebody believes to send something else.
    """
    media_type = _MEDIA_TYPE.fullmatch(content_type)
    return media_type is not None and all(
        re.sub(r'["\\]', "", value).lower() == "utf-8"
        for name, value in _PARAMETER.findall(media_type[1])
        if name.lower() == "charset"
    )


def _normal(encoded: re.Match[str]) -> str:
    character = chr(int(encoded[0][1:], 16))
    return character if _UNRESERVED.fullmatch(character) else encoded[0].upper()


class _Place(NamedTuple):
    """Where a value stands in a body.

    Its text is made only when asked for: long names around many values would fill the memory.
    """

    around: "_Place | None"
    name: str

    def __str__(self) -> str:
        names = []
        place: _Place | None = self
        while place and place.around:
            names.append(place.name)
            place = place.around
        return ".".join(reversed(names))


def _texts(body: object) -> Iterator[tuple[_Place, str]]:
    """Every string and member name of a JSON value, and where it stands."""
    waiting: list[tuple[_Place, object]] = [(_Place(None, ""), body)]
    while waiting:
        place, value = waiting.pop()
        match value:
            case str():
                yield place, value
            case list():
                waiting += [(_Place(place, str(n)), element) for n, element in enumerate(value)]
            case dict():
                members = [(_Place(place, name), member) for name, member in value.items()]
                yield from ((member_place, member_place.name) for member_place, _ in members)
                waiting += members


def _secret(location: str, field: str) -> Detail:
    message = (
        "This looks like an API key. A key goes into the Authorization header and nowhere else."
    )
    return Detail(location, printable(field), "api_key", message)


def _malformed(reason: str) -> InvalidRequest:
    return InvalidRequest([Detail("body", "", "malformed", reason)])


def _detail(problem: Mapping[str, Any]) -> Detail:
    location, *field = problem["loc"]
    if location in {"query", "header"}:
        # Behind the parameter's name stand the branches of its type.
        field = field[:1]
    match problem["type"]:
        case "extra_forbidden":
            code, message = "unknown", "There is no such member."
        case "value_error":
            code, message = "invalid", problem["msg"].removeprefix("Value error, ")
        case other:
            code, message = other, problem["msg"]
    return Detail(str(location), printable(".".join(map(str, field))), code, printable(message))
