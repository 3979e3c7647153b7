"""The API keys of an account and the audit events about them."""

import agentcontainer.gc_tuning  # noqa: F401 -- before the libraries, which it lets load faster

# isort: split
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic.experimental.missing_sentinel import MISSING
from pydantic.json_schema import SkipJsonSchema

from agentcontainer import settings
from agentcontainer.audit.event import AuditEvent
from agentcontainer.audit.store import AuditLog
from agentcontainer.auth.scopes import DEFAULT_SCOPES, Scope
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import AccountClosed, FinalState, KeyLimitReached, RotationInProgress
from agentcontainer.idempotency import Outcome
from agentcontainer.ids import new_id
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, KeyChanges, Replaced, Secret, Status, check_expiry
from agentcontainer.keys.networks import HostBits, canonical
from agentcontainer.keys.store import KeyStore
from agentcontainer.keys.verification import RateLimit
from agentcontainer.web import errors
from agentcontainer.web.cursor import Listing
from agentcontainer.web.models import (
    LINE,
    NOTE,
    Answer,
    Cursor,
    IdempotencyKey,
    InputModel,
    InputTimestamp,
    Integral,
    Limit,
    Line,
    Note,
    Timestamp,
    unset,
)
from agentcontainer.web.resolver import Api
from agentcontainer.web.schemas import Key
from agentcontainer.web.session_caller import SessionCaller

api = Api(SessionCaller(settings.dashboard_origin()), tag="API keys")
api.load_api_routes(Path(__file__).with_name("routes.json"))
table = Table(settings.keys_table())
audit = AuditLog(table, settings.audit_retention())
store = KeyStore(table, audit, settings.key_limit())

_KEYS = "/dashboard/v1/api-keys"
_KEY = f"{_KEYS}/<key_id>"
_EVENTS = "/dashboard/v1/audit-events"
_MOST_REQUESTS_A_SECOND = 500
_LONGEST_GRACE = 7 * 24 * 3600


def _check_scopes(scopes: list[Scope]) -> list[Scope]:
    if len(set(scopes)) != len(scopes):
        raise ValueError(errors.SCOPES_ONCE)
    return scopes


def _check_network(text: str) -> str:
    try:
        return canonical(text)
    except HostBits as found:
        raise ValueError(errors.host_bits(found.network)) from None
    except ValueError:
        raise ValueError(errors.A_NETWORK) from None


def _check_networks(networks: list[str]) -> list[str]:
    if len(set(networks)) != len(networks):
        raise ValueError(errors.NETWORKS_ONCE)
    return networks


Name = Annotated[str, Field(min_length=1, max_length=80, json_schema_extra=LINE), Line]
Scopes = Annotated[
    list[Scope],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_check_scopes),
]
# What a schema can say of what `canonical` takes; that host bits are zero it cannot.
_NETWORK = {
    "anyOf": [
        {"format": "ipv4"},
        {"format": "ipv6"},
        {"pattern": r"^(?:[0-9]{1,3}\.){3}[0-9]{1,3}/(?:[0-9]|[12][0-9]|3[0-2])$"},
        {"pattern": r"^[0-9A-Fa-f:.]{2,45}/(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$"},
    ]
}
AllowedIps = Annotated[
    list[Annotated[str, Field(json_schema_extra=_NETWORK), AfterValidator(_check_network)]],
    Field(max_length=20, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_check_networks),
]
KeyStatus = Annotated[
    Status | SkipJsonSchema[None], Query(description="Only keys with this status.")
]


class RateLimitInput(InputModel):
    """The maximum number of requests in each fixed window; at most 500 a second on average."""

    requests: Annotated[int, Field(ge=1, le=1_000_000), Integral]
    window_seconds: Annotated[int, Field(ge=1, le=86_400), Integral]

    @model_validator(mode="after")
    def _check_rate(self) -> "RateLimitInput":
        if self.requests > _MOST_REQUESTS_A_SECOND * self.window_seconds:
            raise ValueError(errors.too_fast(_MOST_REQUESTS_A_SECOND))
        return self

    def of_key(self) -> RateLimit:
        """The limit as the key has it."""
        return RateLimit(self.requests, self.window_seconds)


class CreateKey(InputModel):
    """A new API key."""

    name: Name
    """What the key is for; shown wherever the key is."""
    scopes: Annotated[Scopes, Field(default_factory=lambda: list(DEFAULT_SCOPES))]
    """What the key may do."""
    expires_at: InputTimestamp | None = None
    """When the key expires; null means never."""
    allowed_ips: Annotated[AllowedIps, Field(default_factory=list)]
    """Networks and addresses from which the key may be used; none means anywhere. The host bits of
    a network must be zero."""
    rate_limit: RateLimitInput | None = None


class UpdateKey(InputModel):
    """Changes to a key; omitted members stay as they are."""

    name: Name = unset()
    scopes: Scopes = unset()
    allowed_ips: AllowedIps = unset()
    rate_limit: RateLimitInput | None = unset()
    """Null removes the limit."""
    enabled: bool = unset()
    """A disabled key is rejected until it is enabled again."""

    def changes(self) -> KeyChanges:
        """The members that were sent, as `ApiKey.edit` takes them."""
        everything = KeyChanges(
            name=self.name,
            scopes=tuple(self.scopes or ()),
            allowed_ips=tuple(self.allowed_ips or ()),
            rate_limit=self.rate_limit.of_key() if self.rate_limit else None,
            enabled=self.enabled,
        )
        sent = {name: value for name, value in everything.items() if name in self.model_fields_set}
        return cast("KeyChanges", sent)


class RotateKey(InputModel):
    """What happens to the key's current tokens."""

    grace_period_seconds: Annotated[int, Field(ge=0, le=_LONGEST_GRACE), Integral] = 86_400
    """Seconds for which the replaced token still works, at most until the key would have expired; 0
    ends every earlier token immediately."""
    expires_at: InputTimestamp = unset()
    """When the key expires; if omitted, its expiry stays as it is."""
    replace: Replaced = unset()
    """Which token ends now, if an older one still works: the newest (it was never received; the
    older one keeps its deadline) or the oldest."""


class RevokeKey(InputModel):
    """Why a key is revoked."""

    note: Annotated[str, Field(max_length=200, json_schema_extra=NOTE), Note] | None = None
    """Shown in the key's audit events."""


_NO_REASON = RevokeKey()
_DEFAULT_ROTATION = RotateKey()


class KeyWithToken(Key):
    """A key with its new token, which is shown only this once."""

    # A replayed answer has none.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    token: str | MISSING = MISSING
    """The token that programs send. Store it now: it cannot be shown again. Absent in replayed
    responses (`Idempotent-Replayed`)."""


class KeyPage(Answer):
    """Part of the list of keys, newest first."""

    data: list[Key]
    next_cursor: str | None
    """Send it as `cursor` to get the next page; null on the last page."""


class ActorObject(Answer):
    """Who did it."""

    type: Literal["user", "key", "system"]
    id: str


class ChangeObject(Answer):
    """A member's value before and after."""

    from_: Annotated[Any, Field(alias="from")]
    to: Any


class AuditEventObject(Answer):
    """Something that was done to a key or to the account."""

    id: str
    action: str
    """`api_key.` and `created`, `updated`, `disabled`, `enabled`, `rotated`, `rotation_ended` or
    `revoked`; `account.` and `closed` or `reopened`."""
    key_id: str | None
    """Null if the event is about the account itself."""
    actor: ActorObject
    address: str | None
    """The IP address that the request came from."""
    user_agent: str | None
    changes: dict[str, ChangeObject]
    """By member."""
    created_at: Timestamp

    @classmethod
    def of(cls, event: AuditEvent) -> "AuditEventObject":
        """The object for an event."""
        return cls(
            id=event.id,
            action=event.action,
            key_id=event.key_id,
            actor=ActorObject(type=event.actor.type, id=event.actor.id),
            address=event.actor.address,
            user_agent=event.actor.user_agent,
            changes={
                name: ChangeObject(from_=change.before, to=change.after)
                for name, change in event.changes.items()
            },
            created_at=event.created_at,
        )


class AuditEventPage(Answer):
    """Part of the list of events, newest first."""

    data: list[AuditEventObject]
    next_cursor: str | None
    """Send it as `cursor` to get the next page; null on the last page."""


@api.endpoint("GET", _KEYS)
def list_api_keys(status: KeyStatus = None, limit: Limit = 20, after: Cursor = None) -> KeyPage:
    """List the account's API keys.

    Newest first, including ended keys. A key that was just created is included.
    """
    account_id, now = api.principal.account_id, utc_now()
    listing = Listing(account_id, f"GET {_KEYS}", {"status": status}, "key")
    page = store.page(
        account_id,
        after=listing.decode(after),
        limit=limit,
        wanted=lambda key: status in {None, key.status(now)},
    )
    return KeyPage(
        data=[Key.of(key, now) for key in page.keys], next_cursor=listing.encode(page.next_id)
    )


@api.endpoint(
    "POST",
    _KEYS,
    admin_only=True,
    status=HTTPStatus.CREATED,
    errors=[AccountClosed, KeyLimitReached],
)
def create_api_key(key: CreateKey, idempotency_key: IdempotencyKey = None) -> KeyWithToken:
    """Create an API key.

    The response contains the key's token, which is shown only this once; only a hash of it is
    stored.
    """
    now, secret = utc_now(), token.mint()

    def make() -> ApiKey:
        if key.expires_at is not None:
            check_expiry(key.expires_at, now)
        return ApiKey(
            id=new_id("key", now),
            account_id=api.principal.account_id,
            name=key.name,
            scopes=tuple(key.scopes),
            secrets=(Secret(token.digest(secret), token.hint(secret)),),
            created_at=now,
            created_by=api.principal.user_id,
            allowed_ips=tuple(key.allowed_ips),
            rate_limit=key.rate_limit.of_key() if key.rate_limit else None,
            expires_at=key.expires_at,
        )

    outcome = store.create(
        api.principal.account_id,
        make,
        by=api.actor,
        now=now,
        once=api.once(idempotency_key, now),
    )
    return _with_token(outcome, now, secret)


@api.endpoint("GET", _KEY)
def get_api_key(key_id: str) -> Key:
    """Get an API key.

    Ended keys too.
    """
    return Key.of(store.get(api.principal.account_id, key_id), utc_now())


@api.endpoint("PATCH", _KEY, admin_only=True, errors=[FinalState])
def update_api_key(key_id: str, update: UpdateKey) -> Key:
    """Change an API key, disable or enable it.

    Takes effect on the very next request. Of a revoked or expired key only the name can be changed.
    """
    now = utc_now()
    changed = store.change(
        api.principal.account_id,
        key_id,
        lambda key: key.edit(now, **update.changes()),
        by=api.actor,
        now=now,
    )
    return Key.of(changed.value, now)


@api.endpoint("POST", f"{_KEY}/rotate", admin_only=True, errors=[FinalState, RotationInProgress])
def rotate_api_key(
    key_id: str, rotation: RotateKey = _DEFAULT_ROTATION, idempotency_key: IdempotencyKey = None
) -> KeyWithToken:
    """Give an API key a new token.

    The replaced token works until the grace period ends. Never more than two tokens work.
    """
    now, secret = utc_now(), token.mint()
    outcome = store.change(
        api.principal.account_id,
        key_id,
        lambda key: key.rotate(
            now,
            Secret(token.digest(secret), token.hint(secret)),
            grace=timedelta(seconds=rotation.grace_period_seconds),
            replaced=rotation.replace,
            expires_at=rotation.expires_at,
        ),
        by=api.actor,
        now=now,
        once=api.once(idempotency_key, now),
    )
    return _with_token(outcome, now, secret)


@api.endpoint("DELETE", f"{_KEY}/rotation", admin_only=True)
def end_api_key_rotation(key_id: str) -> Key:
    """End the older token of an API key now.

    Does nothing if no older token works.
    """
    now = utc_now()
    changed = store.change(
        api.principal.account_id,
        key_id,
        lambda key: key.end_rotation(now),
        by=api.actor,
        now=now,
    )
    return Key.of(changed.value, now)


@api.endpoint("POST", f"{_KEY}/revoke", admin_only=True)
def revoke_api_key(
    key_id: str, reason: RevokeKey = _NO_REASON, idempotency_key: IdempotencyKey = None
) -> Key:
    """Revoke an API key for good.

    Every token of the key is rejected from the very next request on. Revoking a key again does
    nothing.
    """
    now = utc_now()
    outcome = store.change(
        api.principal.account_id,
        key_id,
        lambda key: key.revoke(now, "requested", reason.note),
        by=api.actor,
        now=now,
        once=api.once(idempotency_key, now),
    )
    return Key.of(api.result(outcome), now)


@api.endpoint("GET", _EVENTS, admin_only=True)
def list_audit_events(
    key_id: Annotated[
        str | SkipJsonSchema[None], Query(alias="keyId", description="Only events of this key.")
    ] = None,
    limit: Limit = 20,
    after: Cursor = None,
) -> AuditEventPage:
    """List the account's audit events.

    Newest first. Events are kept for 400 days.
    """
    account_id = api.principal.account_id
    listing = Listing(account_id, f"GET {_EVENTS}", {"keyId": key_id}, "evt")
    events, next_id = audit.page(
        account_id, utc_now(), key_id=key_id, after=listing.decode(after), limit=limit
    )
    return AuditEventPage(
        data=[AuditEventObject.of(event) for event in events], next_cursor=listing.encode(next_id)
    )


def _with_token(outcome: Outcome[ApiKey], now: datetime, secret: str) -> KeyWithToken:
    """The answer that shows a new token, unless the request was done before."""
    shown = {} if outcome.replayed else {"token": secret}
    return KeyWithToken.of(api.result(outcome), now, **shown)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
