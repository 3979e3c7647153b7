"""Signing in: by password, by a code that an e-mail brings, and with a new password after one."""

import re
from dataclasses import replace
from typing import Any

from local.clerk import objects, passwords
from local.clerk.backend import Backend
from local.clerk.calls import Call, Route
from local.clerk.clients import SignIn
from local.clerk.errors import Rejected, invalid, not_found
from local.clerk.users import User

_CODES = ("email_code", "reset_password_email_code")
_NO_PERSON = "Couldn't find your account."
_WRONG_PASSWORD = "Password is incorrect. Try again, or use another method."  # noqa: S105


class SignIns:
    """Routes of `/client/sign_ins`: an attempt belongs to one browser, which has one at most."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def routes(self) -> list[Route]:
        """Each step has one."""
        attempt = r"/client/sign_ins/(\w+)"
        return [
            ("POST", "/client/sign_ins", self._begin),
            ("GET", attempt, self._get),
            ("POST", f"{attempt}/prepare_first_factor", self._prepare),
            ("POST", f"{attempt}/attempt_first_factor", self._attempt_factor),
            ("POST", f"{attempt}/reset_password", self._reset_password),
        ]

    def _begin(self, call: Call, _: re.Match[str]) -> Any:
        user = self._backend.directory.by_email(call.field("identifier"))
        if user is None:
            raise invalid("form_identifier_not_found", _NO_PERSON, "identifier")
        call.browser.sign_in = SignIn(user.id)
        if call.has("password"):
            return self._try_password(call, call.browser.sign_in, user)
        return self._respond(call, call.browser.sign_in, user)

    def _get(self, call: Call, match: re.Match[str]) -> Any:
        return self._respond(call, *self._attempt(call, match))

    def _prepare(self, call: Call, match: re.Match[str]) -> Any:
        attempt, user = self._attempt(call, match)
        strategy = call.field("strategy")
        if strategy not in _CODES:
            raise invalid("strategy_for_user_invalid", "The account cannot be entered this way.")
        attempt.code = self._backend.send_code(user.email, strategy)
        return self._respond(call, attempt, user)

    def _attempt_factor(self, call: Call, match: re.Match[str]) -> Any:
        attempt, user = self._attempt(call, match)
        if call.field("strategy") not in _CODES:
            return self._try_password(call, attempt, user)
        if attempt.code is None or attempt.code.strategy != call.field("strategy"):
            raise invalid("verification_missing", "No code was sent for this.", "code")
        attempt.code.check(call.field("code"))
        if attempt.code.strategy == "email_code":
            return self._enter(call, attempt, user)
        attempt.status = "needs_new_password"
        return self._respond(call, attempt, user)

    def _try_password(self, call: Call, attempt: SignIn, user: User) -> Any:
        if not passwords.belongs_to(user, call.field("password")):
            raise invalid("form_password_incorrect", _WRONG_PASSWORD, "password")
        return self._enter(call, attempt, user)

    def _reset_password(self, call: Call, match: re.Match[str]) -> Any:
        attempt, user = self._attempt(call, match)
        if attempt.status != "needs_new_password":
            raise Rejected(400, "verification_missing", "The e-mail's code comes first.")
        password = passwords.check(call.field("password"), "password")
        changed = replace(user, password_hash=passwords.hash_of(password))
        user = self._backend.directory.change_user(changed)
        if call.on("sign_out_of_other_sessions"):
            self._backend.browsers.end_sessions_of(user.id, but=call.browser)
        return self._enter(call, attempt, user)

    def _enter(self, call: Call, attempt: SignIn, user: User) -> Any:
        session = self._backend.enter(call, user)
        done = objects.sign_in(attempt, user, session.id)
        return self._backend.respond(call, done)

    def _attempt(self, call: Call, match: re.Match[str]) -> tuple[SignIn, User]:
        """The browser's attempt; no other browser's, whatever its id."""
        attempt = call.browser.sign_in
        user = self._backend.directory.users.get(attempt.user_id) if attempt else None
        if attempt is None or user is None or attempt.id != match[1]:
            raise not_found("attempt to sign in")
        return attempt, user

    def _respond(self, call: Call, attempt: SignIn, user: User) -> Any:
        return self._backend.respond(call, objects.sign_in(attempt, user))
