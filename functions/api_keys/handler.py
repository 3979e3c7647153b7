"""The dashboard's routes: people create, see and revoke the API keys of their account."""

import re
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AfterValidator, Field
from pydantic.json_schema import SkipJsonSchema

from agentcontainer import cursor, settings
from agentcontainer.clock import utc_now
from agentcontainer.errors import Detail, InvalidRequest
from agentcontainer.ids import new_id
from agentcontainer.keys import token
from agentcontainer.keys.key import ApiKey, Secret, Status
from agentcontainer.keys.store import KeyStore
from agentcontainer.keys.wire import Key
from agentcontainer.scopes import ALL_SCOPES, Scope
from agentcontainer.table import Table
from agentcontainer.web.api import SessionApi
from agentcontainer.web.models import Answer, Cursor, InputModel, InputTimestamp, Limit

api = SessionApi(tag="API keys", origin=settings.dashboard_origin())
store = KeyStore(Table(settings.keys_table()))

_LIST = "GET /dashboard/v1/api-keys"

# No control or bidirectional characters, and something besides spaces. The same text is the
# pattern of the document, so it keeps to what Python and ECMA-262 read alike.
_UNSEEN = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SPACES = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NAME = rf"^[^{_UNSEEN}]*[^{_UNSEEN}{_SPACES}][^{_UNSEEN}]*$"


def _check_name(name: str) -> str:
    if not re.fullmatch(_NAME, name):
        raise ValueError(
            "a name has something besides spaces, and no control or bidirectional characters"
        )
    return name


def _check_scopes(scopes: list[Scope]) -> list[Scope]:
    if len(set(scopes)) != len(scopes):
        raise ValueError("a scope stands here twice")
    return scopes


Name = Annotated[
    str,
    Field(min_length=1, max_length=80, json_schema_extra={"pattern": _NAME}),
    AfterValidator(_check_name),
]
Scopes = Annotated[
    list[Scope],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_check_scopes),
]
KeyStatus = Annotated[
    Status | SkipJsonSchema[None], Query(description="Only keys with this status.")
]


class CreateKey(InputModel):
    """What a new key is to be."""

    name: Name
    """Says what the key is for; it is shown wherever the key is."""
    scopes: Annotated[Scopes, Field(default_factory=lambda: list(ALL_SCOPES))]
    """What the key may do."""
    expires_at: InputTimestamp | None = None
    """When it stops working by itself; null means never."""


class RevokeKey(InputModel):
    """Why a key is revoked."""

    note: Annotated[str, Field(max_length=200)] | None = None
    """For whoever looks at the key later."""


_NO_REASON = RevokeKey()


class CreatedKey(Key):
    """A key just created, with its token: the only time that it is seen."""

    token: str
    """The secret that programs send. Store it now; it cannot be shown again."""


class KeyPage(Answer):
    """Part of the list of keys, newest first."""

    data: list[Key]
    next_cursor: str | None
    """Where the next page begins; null at the end of the list."""


@api.endpoint("GET", "/dashboard/v1/api-keys")
def list_api_keys(status: KeyStatus = None, limit: Limit = 20, after: Cursor = None) -> KeyPage:
    """List the account's API keys.

    Newest first, keys that have ended included. A key created a moment ago is there.
    """
    account_id, now = api.principal.account_id, utc_now()
    filters = {"status": status}
    page = store.page(
        account_id,
        after=cursor.decode(after, account_id, _LIST, filters, "key") if after else None,
        limit=limit,
        wanted=lambda key: status in {None, key.status(now)},
    )
    return KeyPage(
        data=[Key.of(key, now) for key in page.keys],
        next_cursor=cursor.encode(account_id, _LIST, filters, page.next_id)
        if page.next_id
        else None,
    )


@api.endpoint("POST", "/dashboard/v1/api-keys", manage=True, status=HTTPStatus.CREATED)
def create_api_key(key: CreateKey) -> CreatedKey:
    """Create an API key.

    The answer holds the key's token, which is shown this once and stored only as a hash.
    """
    now = utc_now()
    if key.expires_at is not None and key.expires_at <= now:
        detail = Detail("body", "expiresAt", "not_in_future", "A key expires in the future.")
        raise InvalidRequest(details=[detail])
    secret = token.mint()
    created = ApiKey(
        id=new_id("key", now),
        account_id=api.principal.account_id,
        name=key.name,
        scopes=tuple(key.scopes),
        secrets=(Secret(token.digest(secret), token.hint(secret)),),
        created_at=now,
        created_by=api.principal.user_id,
        expires_at=key.expires_at,
    )
    store.create(created)
    return CreatedKey.of(created, now, token=secret)


@api.endpoint("GET", "/dashboard/v1/api-keys/<key_id>", errors=[HTTPStatus.NOT_FOUND])
def get_api_key(key_id: str) -> Key:
    """Get one API key."""
    return Key.of(store.get(api.principal.account_id, key_id), utc_now())


@api.endpoint(
    "POST",
    "/dashboard/v1/api-keys/<key_id>/revoke",
    manage=True,
    errors=[HTTPStatus.NOT_FOUND],
)
def revoke_api_key(key_id: str, reason: RevokeKey = _NO_REASON) -> Key:
    """Revoke an API key for good.

    Every token of the key is refused from the very next request on. Revoking a key again changes
    nothing.
    """
    now = utc_now()
    revoked = store.change(
        api.principal.account_id, key_id, lambda key: key.revoke(now, "requested", reason.note)
    )
    return Key.of(revoked, now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
