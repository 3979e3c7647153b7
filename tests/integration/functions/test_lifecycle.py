"""Any sequence of what two accounts can do with their keys, against a model of a few lines."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import boto3
import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from agentcontainer.clock import from_millis, to_millis, to_rfc3339
from agentcontainer.keys import token, verification
from agentcontainer.keys.verification import Verdict
from functions.account import handler as account
from functions.api_keys import handler as api_keys
from tests.support.events import CONTEXT, asking, body, event, session_event

KEYS = "/dashboard/v1/api-keys"
LIMIT = 2
HOUR = timedelta(hours=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SCOPES = st.sampled_from([["agents:read"], ["agents:write"], ["agents:read", "agents:write"]])


@dataclass
class Key:
    """What is known of a key: when each of its tokens ends, the newest last."""

    scopes: list[str]
    expires_at: datetime
    tokens: dict[str, datetime]
    disabled: bool = False
    revoked: bool = False

    def final(self, now: datetime) -> bool:
        """Whether it can never work again."""
        return self.revoked or self.expires_at <= now

    def status(self, now: datetime) -> str:
        """What the owner is to see."""
        if self.final(now):
            return "revoked" if self.revoked else "expired"
        return "disabled" if self.disabled else "active"

    def works(self, secret: str, now: datetime) -> bool:
        """Whether a token is to be admitted."""
        return self.status(now) == "active" and self.tokens[secret] > now

    def older(self, now: datetime) -> list[str]:
        """The tokens before the newest that have not ended."""
        return [secret for secret in list(self.tokens)[:-1] if self.tokens[secret] > now]


@dataclass
class Account:
    """An account and its keys."""

    user: str = field(default_factory=lambda: f"user_{uuid4().hex[:20]}")
    keys: dict[str, Key] = field(default_factory=dict)


class Lifecycle(RuleBasedStateMachine):
    """Every rule asks the handlers and changes the model; then both have to agree."""

    clock = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)

    @initialize()
    def begin(self) -> None:
        """Two accounts, with a key each that lives for two hours."""
        Lifecycle.clock = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
        self.accounts = [Account(), Account()]
        for n in range(2):
            self._create(n, ["agents:read"], 2)

    def ask(self, who: Account, method: str, path: str, sent: Any = None) -> tuple[int, Any]:
        """Status and body of an answer."""
        request = asking(session_event("api_keys/list", user=who.user), method, path, sent)
        answer = api_keys.handler(request, CONTEXT)
        return answer["statusCode"], body(answer)

    def pick(self, data: st.DataObject) -> tuple[Account, str, Key]:
        """A key of either account, mostly one that is live."""
        keys = [(who, key_id, key) for who in self.accounts for key_id, key in who.keys.items()]
        live = [found for found in keys if not found[2].final(self.clock)]
        return data.draw(st.sampled_from([*live * 5, *keys]))

    @rule(n=st.integers(0, 1), scopes=SCOPES, hours=st.sampled_from([None, 1, 2]))
    def create(self, n: int, scopes: list[str], hours: int | None) -> None:
        """A key, unless the account is full."""
        self._create(n, scopes, hours)

    def _create(self, n: int, scopes: list[str], hours: int | None) -> None:
        who, now = self.accounts[n], self.clock
        expires_at = now + hours * HOUR if hours else NEVER
        members = {"name": "x", "scopes": scopes}
        members |= {"expiresAt": to_rfc3339(expires_at)} if hours else {}
        status, made = self.ask(who, "POST", KEYS, members)
        live = sum(not key.final(now) for key in who.keys.values())
        assert status == (201 if live < LIMIT else 409), made
        if status == 201:
            who.keys[made["id"]] = Key(scopes, expires_at, {made["token"]: NEVER})

    @rule(data=st.data(), scopes=SCOPES)
    def narrow(self, data: st.DataObject, scopes: list[str]) -> None:
        """Other scopes; a final key keeps what it has."""
        who, key_id, key = self.pick(data)
        status, _ = self.ask(who, "PATCH", f"{KEYS}/{key_id}", {"scopes": scopes, "name": "y"})
        assert status == (409 if key.final(self.clock) and scopes != key.scopes else 200)
        if status == 200:
            key.scopes = scopes

    @rule(data=st.data(), enabled=st.booleans())
    def switch(self, data: st.DataObject, enabled: bool) -> None:  # noqa: FBT001
        """Disable or enable."""
        who, key_id, key = self.pick(data)
        status, _ = self.ask(who, "PATCH", f"{KEYS}/{key_id}", {"enabled": enabled})
        assert status == (409 if key.final(self.clock) else 200)
        if status == 200:
            key.disabled = not enabled

    # Twice, for it is what most can go wrong with: a run leaves out some of the rules.
    @rule(data=st.data())
    def rotate_with_what_is_usual(self, data: st.DataObject) -> None:
        """A grace, and the word that it may need."""
        replace = data.draw(st.sampled_from(["newest", "oldest"]))
        self._rotate(data, 7200, replace, renew=data.draw(st.booleans()))

    @rule(
        data=st.data(),
        grace=st.sampled_from([0, 60, 7200]),
        replace=st.sampled_from([None, "newest", "oldest"]),
        renew=st.booleans(),
    )
    def rotate(self, data: st.DataObject, grace: int, replace: str | None, renew: bool) -> None:  # noqa: FBT001
        """Any rotation."""
        self._rotate(data, grace, replace, renew=renew)

    def _rotate(self, data: st.DataObject, grace: int, replace: str | None, *, renew: bool) -> None:
        """A new token; the one that it replaces has its grace, never beyond the old expiry."""
        (who, key_id, key), now = self.pick(data), self.clock
        members: dict[str, Any] = {"gracePeriodSeconds": grace}
        members |= {"replace": replace} if replace else {}
        members |= {"expiresAt": to_rfc3339(now + 24 * HOUR)} if renew else {}
        status, rotated = self.ask(who, "POST", f"{KEYS}/{key_id}/rotate", members)
        older, newest = key.older(now), list(key.tokens)[-1]
        needs_word = bool(older and grace and not replace)
        assert status == (409 if key.final(now) or needs_word else 200), rotated
        if status == 200:
            deadline = min(now + timedelta(seconds=grace), key.expires_at)
            if older and grace and replace == "newest":
                key.tokens[newest] = now
            else:
                key.tokens |= {newest: deadline} | dict.fromkeys(older, now)
            key.tokens[rotated["token"]] = NEVER
            key.expires_at = now + 24 * HOUR if renew else key.expires_at

    @rule(data=st.data())
    def end_rotation(self, data: st.DataObject) -> None:
        """The older token ends."""
        who, key_id, key = self.pick(data)
        status, _ = self.ask(who, "DELETE", f"{KEYS}/{key_id}/rotation")
        assert status == 200
        if not key.final(self.clock):
            key.tokens |= dict.fromkeys(key.older(self.clock), self.clock)

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """For good."""
        who, key_id, key = self.pick(data)
        status, shown = self.ask(who, "POST", f"{KEYS}/{key_id}/revoke")
        assert (status, shown["status"]) == (200, "revoked")
        key.revoked = True

    @rule(data=st.data())
    def end_itself(self, data: st.DataObject) -> None:
        """A token that works ends itself; the newest ends its key."""
        who, key_id, key = self.pick(data)
        working = [secret for secret in key.tokens if key.works(secret, self.clock)]
        if working:
            secret = data.draw(st.sampled_from(working))
            request = event("account/delete-key")
            request["requestContext"]["authorizer"] |= {
                "accountId": who.user,
                "keyId": key_id,
                "digest": token.digest(secret),
            }
            assert account.handler(request, CONTEXT)["statusCode"] == 204
            key.tokens[secret] = self.clock
            key.revoked = secret == list(key.tokens)[-1]

    @rule(data=st.data())
    def meddle(self, data: st.DataObject) -> None:
        """The other account cannot, whatever it tries."""
        who, key_id, _ = self.pick(data)
        [other] = [account for account in self.accounts if account is not who]
        path = f"{KEYS}/{key_id}"
        for method, where, sent in (
            ("GET", path, None),
            ("PATCH", path, {"enabled": False}),
            ("POST", f"{path}/rotate", None),
            ("DELETE", f"{path}/rotation", None),
            ("POST", f"{path}/revoke", None),
        ):
            assert self.ask(other, method, where, sent)[0] == 404

    @rule(seconds=st.sampled_from([1, 60, 1800, 3600, 7200]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        Lifecycle.clock += timedelta(seconds=seconds)

    @invariant()
    def every_token_works_exactly_while_it_is_to(self) -> None:
        """And with the scopes that the key has."""
        for who in getattr(self, "accounts", []):
            for key in who.keys.values():
                for secret in key.tokens:
                    item = api_keys.table.get(*verification.item_key(token.digest(secret)))
                    assert item is not None
                    seen = verification.from_item(item)
                    verdict = verification.check(seen, to_millis(self.clock))
                    assert (verdict is Verdict.VALID) == key.works(secret, self.clock)
                    if verdict is Verdict.VALID:
                        assert list(seen.scopes) == key.scopes

    @invariant()
    def owners_see_what_is_so(self) -> None:
        """Each its own keys, with their status and the rotation that is under way."""
        for who in getattr(self, "accounts", []):
            _, page = self.ask(who, "GET", f"{KEYS}")
            assert {key["id"] for key in page["data"]} == set(list(who.keys)[-20:])
            for shown in page["data"]:
                key = who.keys[shown["id"]]
                assert shown["status"] == key.status(self.clock)
                under_way = bool(key.older(self.clock)) and not key.final(self.clock)
                assert bool(shown["rotation"]) == under_way


def test_keys_live_as_the_model_says(atomic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever two accounts do in whatever order, while a clock moves on."""
    client = boto3.client("dynamodb", endpoint_url=atomic)
    for module in (api_keys, account):
        monkeypatch.setattr(module.table, "_client", client)
        monkeypatch.setattr(module.store, "_key_limit", LIMIT)
        monkeypatch.setattr(module, "utc_now", lambda: from_millis(to_millis(Lifecycle.clock)))
    long = os.environ.get("HYPOTHESIS_PROFILE") == "prove"
    run_state_machine_as_test(
        Lifecycle,
        settings=hypothesis.settings(
            max_examples=150 if long else 15, stateful_step_count=40, deadline=None
        ),
    )
