"""What schemathesis has to know of the product. Its own process loads this: SCHEMATHESIS_HOOKS.

Everything is sent as Alice, and what it gets as Bob too where Alice may read it (people.yaml). Bob
has things of his own, whose ids Alice tries now and then.
"""

import os
from collections.abc import Iterable
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import (
    RejectedPositiveData,
    UnsupportedMethodResponse,
    UseAfterFree,
)

from tests.fuzz.people import Somebody

PROGRAMS = os.environ["FUZZ_API"] == "public"

_ENDS_ITS_KEY = "DELETE /api/v1/account/key"
_MAKES_A_KEY = "POST /dashboard/v1/api-keys"
# What the state of things decides, and no schema: made up, each is refused.
_UNGUESSABLE = ("AgentContainer-Account", "If-Match", "cursor")
_NARROWING = ("archived", "keyId", "status")

_STATES = {
    "account_mismatch",  # whose account the session is for
    "idempotency_mismatch",  # which body an Idempotency-Key was used with before
    "invalid_cursor",  # which cursors a list has given out
    "precondition_failed",  # which ETag the thing has now
}
_NO_SCHEMA_SAYS = {
    ("allowedIps", "invalid"),  # host bits are zero, and no network stands twice
    ("expiresAt", "invalid"),  # a year of UTC
    ("expiresAt", "not_in_future"),
    ("rateLimit", "invalid"),  # at most 500 a second on average
}

people = {name: Somebody(os.environ["FUZZ_URL"], name) for name in ("alice", "bob")}
bobs: dict[str, str] = {}


@schemathesis.hook
def after_load_schema(context: HookContext, schema: Any) -> None:
    """Both have things before Alice begins."""
    people["alice"].own_things()
    bobs.update(people["bob"].own_things())


@schemathesis.hook
def map_case(context: HookContext, case: Case) -> Case:
    """Now and then the ids are Bob's; mostly there is nothing that can only be wrong."""
    if case.meta and case.meta.generation.mode.is_positive:
        chosen = sum(repr((case.path_parameters, case.query, case.headers, case.body)).encode())
        if case.path_parameters and case.meta.phase.name != TestPhase.STATEFUL and not chosen % 7:
            case.path_parameters.update({name: bobs[name] for name in case.path_parameters})
        if chosen % 5:
            _leave_out(case, _UNGUESSABLE)
        if case.meta.phase.name == TestPhase.STATEFUL:
            # A link takes the first of a list, which has to have one.
            _leave_out(case, _NARROWING)
    return case


def _leave_out(case: Case, names: Iterable[str]) -> None:
    for name in names:
        case.headers.pop(name, None)
        case.query.pop(name, None)


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Puts a credential in the place of a name."""
    name = str((case.headers or {}).get("Authorization")).removeprefix("Bearer ")
    if person := people.get(name):
        case.headers["Authorization"] = f"Bearer {_credential(person, case.operation.label)}"


def _credential(person: Somebody, operation: str) -> str:
    if not PROGRAMS:
        return person.session()
    return person.spare_key() if operation == _ENDS_ITS_KEY else person.key()


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Keeps everybody in keys, and below the most that an account may have."""
    if case.operation.label == _ENDS_ITS_KEY and response.status_code == 204:  # noqa: PLR2004
        people["alice"].spare_key_ended()
    if case.operation.label == _MAKES_A_KEY and response.status_code == 201:  # noqa: PLR2004
        people["alice"].has_made(response.json()["id"])


@schemathesis.check
def nothing_of_bobs(ctx: Any, response: Response, case: Case) -> None:
    """No success that Alice gets names anything of Bob's: no list, no page, no change."""
    if response.status_code < 300:  # noqa: PLR2004
        shown = [name for name, thing in bobs.items() if thing in response.text]
        assert not shown, f"alice was shown the {', '.join(shown)} of bob"  # noqa: S101


@schemathesis.hook
def filter_failure(
    context: HookContext, failure: Failure, case: Case, response: Response
) -> bool:
    """Whether a failure is one: not where the request was wrong in a way that no schema can say."""
    match failure:
        case RejectedPositiveData():
            return not _beyond_a_schema(response.json()["error"])
        case UnsupportedMethodResponse():
            # Whose account is meant is looked at before the method.
            return response.status_code != 409  # noqa: PLR2004
        case UseAfterFree():
            # It archives, and what is archived can be read: the document says so.
            return failure.operation != "DELETE /api/v1/agents/{agentId}"
    return True


def _beyond_a_schema(error: dict[str, Any]) -> bool:
    wrong = {(detail["field"].partition(".")[0], detail["code"]) for detail in error.get("details", ())}
    if error["code"] == "invalid_request":
        return bool(wrong) and wrong <= _NO_SCHEMA_SAYS
    return error["code"] in _STATES
