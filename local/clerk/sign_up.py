"""Signing up: an address, a password, and the code that an e-mail brings to the address."""

import re
from typing import Any

from local.clerk import objects, passwords
from local.clerk.backend import Backend
from local.clerk.calls import Call, Route
from local.clerk.clients import SignUp
from local.clerk.errors import Rejected, invalid, not_found
from local.clerk.users import Address, User


class SignUps:
    """Routes of `/client/sign_ups`: an attempt belongs to one browser, which has one at most."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def routes(self) -> list[Route]:
        """Each step has one."""
        attempt = r"/client/sign_ups/(\w+)"
        return [
            ("POST", "/client/sign_ups", self._begin),
            ("GET", attempt, self._get),
            ("PATCH", attempt, self._change),
            ("POST", f"{attempt}/prepare_verification", self._prepare),
            ("POST", f"{attempt}/attempt_verification", self._verify),
        ]

    def _begin(self, call: Call, _: re.Match[str]) -> Any:
        attempt = SignUp()
        self._take(call, attempt)
        call.browser.sign_up = attempt
        return self._respond(call, attempt)

    def _get(self, call: Call, match: re.Match[str]) -> Any:
        return self._respond(call, _attempt(call, match))

    def _change(self, call: Call, match: re.Match[str]) -> Any:
        attempt = _attempt(call, match)
        self._take(call, attempt)
        return self._respond(call, attempt)

    def _take(self, call: Call, attempt: SignUp) -> None:
        """Takes over what was typed; all of it is checked before any of it counts."""
        email = call.email("email_address") if call.has("email_address") else attempt.email
        self._backend.directory.check_unused(email, "email_address")
        first_name = call.text("first_name") if call.has("first_name") else attempt.first_name
        last_name = call.text("last_name") if call.has("last_name") else attempt.last_name
        if call.has("password"):
            password = passwords.check(call.field("password"), "password")
            attempt.password_hash = passwords.hash_of(password)
        attempt.first_name, attempt.last_name = first_name, last_name
        if email != attempt.email:
            attempt.email, attempt.code = email, None

    def _prepare(self, call: Call, match: re.Match[str]) -> Any:
        attempt = _attempt(call, match)
        if not attempt.email:
            raise invalid("form_param_nil", "Enter an email address.", "email_address")
        attempt.code = self._backend.send_code(attempt.email, "email_code")
        return self._respond(call, attempt)

    def _verify(self, call: Call, match: re.Match[str]) -> Any:
        attempt = _attempt(call, match)
        if attempt.code is None or not attempt.password_hash:
            raise Rejected(400, "verification_missing", "No code was sent for this.")
        attempt.code.check(call.field("code"))
        # Somebody else may have been quicker with the same address.
        self._backend.directory.check_unused(attempt.email, "email_address")
        user = _user(attempt)
        self._backend.directory.add_user(user)
        session = self._backend.enter(call, user)
        return self._backend.respond(call, objects.sign_up(attempt, session.id, user.id))

    def _respond(self, call: Call, attempt: SignUp) -> Any:
        return self._backend.respond(call, objects.sign_up(attempt))


def _user(attempt: SignUp) -> User:
    return User(
        id=objects.new_id("user"),
        addresses=(Address(attempt.email),),
        first_name=attempt.first_name,
        last_name=attempt.last_name,
        password_hash=attempt.password_hash,
        created_at=objects.now(),
        updated_at=objects.now(),
    )


def _attempt(call: Call, match: re.Match[str]) -> SignUp:
    """The browser's attempt; no other browser's, whatever its id."""
    attempt = call.browser.sign_up
    if attempt is None or attempt.id != match[1]:
        raise not_found("attempt to sign up")
    return attempt
