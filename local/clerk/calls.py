"""A request of ClerkJS, and what a route is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from local.clerk.clients import Browser
from local.clerk.errors import Rejected, invalid
from local.http.messages import Request

PREFIX = "/__clerk"

_BODY_BYTES = 64 * 1024
_LONGEST_TEXT = 256
_LONGEST_EMAIL = 254
_MOST_ON_A_PAGE = 500
_EMAIL = re.compile(r"[^\s@,]+@[^\s@,]+\.[^\s@,]+")

type Values = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Call:
    """ClerkJS sends GET and POST only, and means `method`."""

    method: str
    path: str
    query: Values
    form: Values
    browser: Browser
    origin: str
    agent: str
    address: str

    def has(self, name: str) -> bool:
        """Whether the form has this field."""
        return name in self.form

    def field(self, name: str) -> str:
        """A field of the form; empty if it is not there."""
        return self.form.get(name, [""])[-1]

    def text(self, name: str) -> str:
        """A field that is somebody's or something's name."""
        text = self.field(name).strip()
        if len(text) > _LONGEST_TEXT:
            message = f"{name} cannot be longer than {_LONGEST_TEXT} characters."
            raise invalid("form_param_max_length_exceeded", message, name)
        return text

    def email(self, name: str) -> str:
        """A field that is an e-mail address."""
        return email(self.field(name), name)

    def on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.field(name) == "true"

    def page(self, found: list[Any]) -> list[Any]:
        """The part of a list that is asked for."""
        offset, limit = self._number("offset", 0), self._number("limit", 10)
        return found[offset : offset + limit]

    def _number(self, name: str, default: int) -> int:
        given = self.query.get(name, [str(default)])[-1]
        return min(int(given), _MOST_ON_A_PAGE) if given.isdecimal() else default


type Handler = Callable[[Call, re.Match[str]], Any]

type Route = tuple[str, str, Handler]
"""Methods (with | between), a pattern of the path, and what answers."""


def email(text: str, parameter: str) -> str:
    """An address as it is kept. It is printed in a terminal, so nothing invisible is in it."""
    address = text.strip().lower()
    if not _EMAIL.fullmatch(address) or not address.isprintable() or len(address) > _LONGEST_EMAIL:
        message = "Email address must be a valid email address."
        raise invalid("form_param_format_invalid", message, parameter)
    return address


def read(request: Request, browser: Browser, origin: str) -> Call:
    """ClerkJS names the method that it means in the query, to stay clear of preflights."""
    if len(request.body) > _BODY_BYTES:
        raise Rejected(413, "request_body_invalid", "The request is too large.")
    query = parse_qs(request.query)
    form = parse_qs(request.body.decode(errors="replace"), keep_blank_values=True)
    method = query.get("_method", [""])[-1] if request.method == "POST" else ""
    return Call(
        method=(method or request.method).upper(),
        path=request.path.removeprefix(PREFIX).removeprefix("/v1"),
        query=query,
        form=form,
        browser=browser,
        origin=origin,
        agent=(request.header("User-Agent") or "")[:_LONGEST_TEXT],
        address=request.source_ip,
    )
