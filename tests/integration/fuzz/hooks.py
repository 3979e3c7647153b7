"""What schemathesis has to know of the product. Its own process loads this: SCHEMATHESIS_HOOKS.

Everything is sent as Alice; what she reads of her own is asked for as Bob too, who must not get it.
Bob has things of his own, whose ids Alice tries now and then.
"""

import os
from collections.abc import Iterable, MutableMapping
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import (
    RejectedPositiveData,
    UnsupportedMethodResponse,
    UseAfterFree,
)
from schemathesis.wfc.escalation import EscalatingAuthProvider

from tests.integration.fuzz.people import Somebody

PROGRAMS = os.environ["FUZZ_API"] == "public"

_ENDS_ITS_KEY = "DELETE /api/v1/account/key"
_MAKES_A_KEY = "POST /dashboard/v1/api-keys"
_STATES = {
    "account_mismatch",  # whose account the session is for
    "idempotency_mismatch",  # which body an Idempotency-Key was used with before
    "invalid_cursor",  # which cursors a list has given out
    "precondition_failed",  # which ETag the thing has now
}
_NO_SCHEMA_SAYS = {
    ("allowedIps", "invalid"),  # host bits are zero, and no network stands twice
    ("defaultModel", "invalid"),  # invisible characters that a pattern cannot name
    ("expiresAt", "invalid"),  # a year of UTC
    ("expiresAt", "not_in_future"),
    ("name", "invalid"),  # as of defaultModel
    ("note", "invalid"),
    ("rateLimit", "invalid"),  # at most 500 a second on average
}

people = {name: Somebody(os.environ["FUZZ_URL"], name) for name in ("alice", "bob")}
bobs: dict[str, str] = {}


class Credential:
    """Sends what somebody has for an operation: a session, or a key."""

    def __init__(self, person: Somebody) -> None:
        self._person = person

    def get(self, _case: Case[Any], context: AuthContext, /) -> str:
        """What goes into the header."""
        if not PROGRAMS:
            return self._person.session()
        ends_it = context.operation.label == _ENDS_ITS_KEY
        return self._person.spare_key() if ends_it else self._person.key()

    def set(self, case: Case[Any], data: str, _context: AuthContext, /) -> None:
        """Puts it there."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def after_load_schema(context: HookContext, schema: Any) -> None:
    """Both have things before Alice begins."""
    people["alice"].own_things()
    bobs.update(people["bob"].own_things())
    # What [auth.wfc] makes of a file, but for credentials that stay good: a session lives a minute,
    # and one operation ends the key that it is called with.
    schema.auth.providers.append(
        EscalatingAuthProvider(
            [Credential(person) for person in people.values()],
            [*people],
            peers=tuple(people),
            pinned="alice",
        )
    )


@schemathesis.hook
def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:
    """Now and then the ids are Bob's; mostly there is nothing that can only be wrong.

    What is wrong on purpose stays.
    """
    if case.meta is None:
        return case
    chosen = sum(repr((case.path_parameters, case.query, case.headers, case.body)).encode())
    stateful = case.meta.phase.name == TestPhase.STATEFUL
    if not stateful and chosen % 7 == 0 and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters.update({name: bobs[name] for name in case.path_parameters})
    if chosen % 5 and not case.meta.is_negative_at(ParameterLocation.HEADER):
        _leave_out(case.headers, ("AgentContainer-Account", "If-Match"))
    if not case.meta.is_negative_at(ParameterLocation.QUERY):
        # A link takes the first of a list, which has to have one.
        narrowing = ("archived", "keyId", "status") if stateful else ()
        _leave_out(case.query, (*narrowing, *(["cursor"] if chosen % 5 else [])))
    return case


def _leave_out(parameters: MutableMapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        parameters.pop(name, None)


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Keeps everybody in keys, and below the most that an account may have."""
    if case.operation.label == _ENDS_ITS_KEY and response.status_code == 204:
        people["alice"].spare_key_ended()
    if case.operation.label == _MAKES_A_KEY and response.status_code == 201:
        people["alice"].has_made(response.json()["id"])


@schemathesis.check
def nothing_of_bobs(ctx: Any, response: Response, case: Case[Any]) -> None:
    """No success that Alice gets names anything of Bob's: no list, no page, no change."""
    if response.status_code < 300:
        shown = [name for name, thing in bobs.items() if thing in response.text]
        label = case.operation.label
        assert not shown, f"{label}: alice was shown the {', '.join(shown)} of bob"


@schemathesis.hook
def filter_failure(
    context: HookContext, failure: Failure, case: Case[Any], response: Response
) -> bool:
    """Whether a failure is one: not where the request was wrong in a way that no schema can say."""
    match failure:
        case RejectedPositiveData():
            # The coverage phase calls a request right with a header that it knows to be wrong.
            known = case.meta and any(
                part.mode.is_negative for part in case.meta.components.values()
            )
            return not known and not _beyond_a_schema(response.json()["error"])
        case UnsupportedMethodResponse():
            # Whose account is meant is looked at before the method.
            return bool(response.json()["error"]["code"] != "account_mismatch")
        case UseAfterFree():
            # It archives, and what is archived can be read: the document says so.
            return failure.operation != "DELETE /api/v1/agents/{agentId}"
    return True


def _beyond_a_schema(error: dict[str, Any]) -> bool:
    wrong = {
        (detail["field"].partition(".")[0], detail["code"]) for detail in error.get("details", ())
    }
    if error["code"] == "invalid_request":
        return bool(wrong) and wrong <= _NO_SCHEMA_SAYS
    return error["code"] in _STATES
