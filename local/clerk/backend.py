"""What every route works on: the directory, the browsers, the instance's key and the mail."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from local.clerk import objects
from local.clerk.calls import Call
from local.clerk.clients import Browsers, Session
from local.clerk.codes import LIFETIME_MINUTES, Code
from local.clerk.directory import Directory
from local.clerk.errors import Rejected
from local.clerk.instance import Clerk
from local.clerk.objects import Object
from local.clerk.users import Organization, User

type Deliver = Callable[[str, str], None]
"""Takes an e-mail: the address that it is for, and its text, one line."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Clerk's side, without HTTP."""

    clerk: Clerk
    directory: Directory
    browsers: Browsers
    deliver: Deliver

    def signed_in(self, call: Call) -> User | None:
        """Whose session the browser has; nobody's once the account is deleted."""
        session = call.browser.session
        return self.directory.users.get(session.user_id) if session else None

    def user(self, call: Call) -> User:
        """Whose session it is, for routes that need one."""
        user = self.signed_in(call)
        if user is None:
            raise Rejected(401, "signed_out", "You are signed out.")
        return user

    def session(self, call: Call) -> Session:
        """The session, for routes that need one."""
        self.user(call)
        if call.browser.session is None:
            raise Rejected(401, "signed_out", "You are signed out.")
        return call.browser.session

    def organization(self, user: User, org_id: str | None) -> Organization | None:
        """The organization, if the user is (still) a member."""
        found = self.directory.organizations.get(org_id or "")
        return found if found and user.id in found.members else None

    def enter(self, call: Call, user: User) -> Session:
        """Signs somebody in."""
        session = Session(user.id, agent=call.agent, address=call.address)
        call.browser.enter(session)
        self.directory.users[user.id] = replace(user, last_sign_in_at=objects.now())
        return session

    def send_code(self, email: str, strategy: str) -> Code:
        """Sends a new code to an address."""
        code = Code(strategy)
        reset = "reset your password" if strategy.startswith("reset_password") else "go on"
        text = f"{code.digits} is the code to {reset}, for {LIFETIME_MINUTES} minutes"
        self.deliver(email, text)
        return code

    def respond(self, call: Call, response: Any) -> Object:
        """What ClerkJS expects of whatever may change the client."""
        return {"response": response, "client": self.client_object(call)}

    def client_object(self, call: Call) -> Object:
        """The browser as it is now."""
        browser, users = call.browser, self.directory.users
        sessions = [self.session_object(call)] if self.signed_in(call) else []
        begun, signing_up = browser.sign_in, browser.sign_up
        who = users.get(begun.user_id) if begun else None
        sign_in = objects.sign_in(begun, who) if begun and who else None
        sign_up = objects.sign_up(signing_up) if signing_up else None
        return objects.client(browser.id, sessions, sign_in, sign_up)

    def session_object(self, call: Call) -> Object:
        """The session with its user and a token."""
        user, session = self.user(call), self.session(call)
        active = self.organization(user, session.org_id)
        token = self.mint(call, active)
        return objects.session(
            session, active.id if active else None, self.user_object(user), token
        )

    def user_object(self, user: User) -> Object:
        """A user with their memberships."""
        return objects.user(user, self.directory.organizations_of(user))

    def mint(self, call: Call, active: Organization | None) -> str:
        """A session token, for an organization if one is given."""
        user, session = self.user(call), self.session(call)
        role = active.members[user.id].role.removeprefix("org:") if active else None
        return self.clerk.session_token(
            user.id,
            active.id if active else None,
            role,
            slug=active.slug if active else None,
            session_id=session.id,
            party=call.origin,
        )
