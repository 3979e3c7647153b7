"""Somebody with keys, and all that they were ever shown."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from agentcontainer.clock import utc_now
from agentcontainer.ids import new_id
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret
from tests.integration.tools.operator.backup import Backups, Items, lines_of
from tests.support.events import SOMEBODY

DAY = timedelta(days=1)


@dataclass
class Owner:
    """Somebody who changes keys in the table `Keys`, and every token they were ever shown."""

    backups: Backups
    account: str
    tokens: list[str] = field(default_factory=list)

    def secret(self) -> Secret:
        """A new token's."""
        self.tokens.append(token.mint())
        return Secret(token.digest(self.tokens[-1]), token.hint(self.tokens[-1]))

    def create(self, *, at: datetime | None = None, **members: Any) -> ApiKey:
        """A new key."""
        now = at or utc_now()
        key = ApiKey(
            id=new_id("key", now),
            account_id=self.account,
            name="CI",
            scopes=("agents:read", "agents:write"),
            secrets=(self.secret(),),
            created_at=now,
            created_by=self.account,
        )
        keys, _ = self.backups.stores("Keys")
        made = replace(key, **members)
        return keys.create(self.account, lambda: made, by=SOMEBODY, now=now).value

    def change(
        self, key: ApiKey, decide: Callable[[ApiKey], ApiKey], *, at: datetime | None = None
    ) -> ApiKey:
        """A change to a key."""
        keys, _ = self.backups.stores("Keys")
        now = at or utc_now()
        return keys.change(self.account, key.id, decide, by=SOMEBODY, now=now).value

    def rotate(
        self, key: ApiKey, grace: timedelta = DAY, *, at: datetime | None = None, **how: Any
    ) -> ApiKey:
        """A rotation."""
        now, secret = at or utc_now(), self.secret()
        return self.change(key, lambda k: k.rotate(now, secret, grace=grace, **how), at=now)

    def items(self) -> Items:
        """The table, as a backup has it."""
        return self.backups.items("Keys", [self.account], map(token.digest, self.tokens))

    def lines(self) -> list[str]:
        """The lines of all that was done."""
        return lines_of(self.items().values())
