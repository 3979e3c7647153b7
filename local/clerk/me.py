"""Somebody's own account: profile, password, addresses, sessions, and its end."""

import re
from dataclasses import replace
from typing import Any

from local.clerk import objects, passwords
from local.clerk.backend import Backend
from local.clerk.calls import Call, Route
from local.clerk.errors import Rejected, forbidden, invalid, not_found
from local.clerk.users import USERS, Address, User

_MOST_ADDRESSES = 5
_WRONG_PASSWORD = "Password is incorrect."  # noqa: S105


class Me:
    """Routes of `/me` that are about the account itself."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def routes(self) -> list[Route]:
        """ClerkJS ends the address of a new thing with a slash."""
        address = r"/me/email_addresses/(\w+)"
        return [
            ("GET", "/me", self._get),
            ("PATCH", "/me", self._change),
            ("DELETE", "/me", self._delete),
            ("POST", "/me/change_password", self._change_password),
            ("POST", "/me/email_addresses/?", self._add_address),
            ("POST", f"{address}/prepare_verification", self._send_code),
            ("POST", f"{address}/attempt_verification", self._verify_address),
            ("DELETE", address, self._remove_address),
            ("GET", "/me/sessions/active", self._sessions),
            ("POST", r"/me/sessions/(\w+)/revoke", self._end_session),
        ]

    def _get(self, call: Call, _: re.Match[str]) -> Any:
        return self._respond(call, self._backend.user(call))

    def _change(self, call: Call, _: re.Match[str]) -> Any:
        user = self._backend.user(call)
        if call.has("primary_email_address_id"):
            address = _address(user, call.field("primary_email_address_id"))
            if not address.verified:
                raise invalid("form_param_value_invalid", "The address is not verified.")
            user = user.with_primary(address)
        first_name = call.text("first_name") if call.has("first_name") else user.first_name
        last_name = call.text("last_name") if call.has("last_name") else user.last_name
        changed = replace(user, first_name=first_name, last_name=last_name)
        return self._respond(call, self._backend.directory.change_user(changed))

    def _delete(self, call: Call, _: re.Match[str]) -> Any:
        user = self._backend.user(call)
        if user.id in USERS:
            raise forbidden("This user is at every local run's start. Sign up as somebody else.")
        self._backend.directory.delete_user(user)
        self._backend.browsers.end_sessions_of(user.id)
        return self._backend.respond(call, objects.deleted("user", user.id))

    def _change_password(self, call: Call, _: re.Match[str]) -> Any:
        user = self._backend.user(call)
        if not passwords.belongs_to(user, call.field("current_password")):
            raise invalid("form_password_incorrect", _WRONG_PASSWORD, "current_password")
        password = passwords.check(call.field("new_password"), "new_password")
        changed = replace(user, password_hash=passwords.hash_of(password))
        user = self._backend.directory.change_user(changed)
        if call.on("sign_out_of_other_sessions"):
            self._backend.browsers.end_sessions_of(user.id, but=call.browser)
        return self._respond(call, user)

    # --- Addresses --------------------------------------------------------------------------------

    def _add_address(self, call: Call, _: re.Match[str]) -> Any:
        user, address = (
            self._backend.user(call),
            Address(call.email("email_address"), verified=False),
        )
        self._backend.directory.check_unused(address.email, "email_address")
        if len(user.addresses) >= _MOST_ADDRESSES:
            message = f"An account has {_MOST_ADDRESSES} addresses at most."
            raise invalid("email_address_quota_exceeded", message, "email_address")
        if user.address(address.id) is None:
            changed = replace(user, addresses=(*user.addresses, address))
            self._backend.directory.change_user(changed)
        return self._backend.respond(call, objects.email_address(address))

    def _send_code(self, call: Call, match: re.Match[str]) -> Any:
        address = _address(self._backend.user(call), match[1])
        code = self._backend.send_code(address.email, "email_code")
        call.browser.code = address.id, code
        return self._backend.respond(call, objects.email_address(address, code))

    def _verify_address(self, call: Call, match: re.Match[str]) -> Any:
        user = self._backend.user(call)
        address = _address(user, match[1])
        sent_to, code = call.browser.code or ("", None)
        if code is None or sent_to != address.id:
            raise Rejected(400, "verification_missing", "No code was sent for this.")
        code.check(call.field("code"))
        # Somebody else may have been quicker with the same address.
        self._backend.directory.check_unused(address.email, "code")
        user = self._backend.directory.change_user(user.with_verified(address))
        return self._backend.respond(call, objects.email_address(_address(user, address.id)))

    def _remove_address(self, call: Call, match: re.Match[str]) -> Any:
        user = self._backend.user(call)
        address = _address(user, match[1])
        if address == user.addresses[0]:
            raise invalid(
                "identification_deletion_failed", "The primary address cannot be removed."
            )
        self._backend.directory.change_user(user.without(address))
        return self._backend.respond(call, objects.deleted("email_address", address.id))

    # --- Sessions ---------------------------------------------------------------------------------

    def _sessions(self, call: Call, _: re.Match[str]) -> Any:
        """A bare list: the one answer without `response`."""
        user = self._backend.user(call)
        found = self._backend.browsers.with_sessions_of(user.id)
        return [objects.session_with_activity(session) for _, session in found]

    def _end_session(self, call: Call, match: re.Match[str]) -> Any:
        user = self._backend.user(call)
        for browser, session in self._backend.browsers.with_sessions_of(user.id):
            if session.id == match[1]:
                ended = objects.session_with_activity(session) | {"status": "revoked"}
                browser.leave()
                return self._backend.respond(call, ended)
        raise not_found("session")

    def _respond(self, call: Call, user: User) -> Any:
        return self._backend.respond(call, self._backend.user_object(user))


def _address(user: User, address_id: str) -> Address:
    address = user.address(address_id)
    if address is None:
        raise not_found("address")
    return address
