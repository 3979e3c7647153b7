"""How much API keys are used, as the usage recorder counted it."""

import agentcontainer.gc_tuning  # noqa: F401 -- before the libraries, which it lets load faster

# isort: split
import datetime as dt
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BeforeValidator, WithJsonSchema

from agentcontainer import settings
from agentcontainer.clock import utc_now
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys.store import get_key
from agentcontainer.usage import outcomes
from agentcontainer.usage.store import MOST_DAYS, UsageStore
from agentcontainer.web.models import Answer, parse_decimal
from agentcontainer.web.resolver import Api
from agentcontainer.web.session_caller import SessionCaller

api = Api(SessionCaller(settings.dashboard_origin()), tag="Usage")
table = Table(settings.keys_table())
store = UsageStore(table)

# WithJsonSchema, for behind a validator pydantic writes the bounds in words of its own.
Days = Annotated[
    int,
    Query(ge=1, le=MOST_DAYS, description="The number of UTC days, ending today."),
    BeforeValidator(parse_decimal),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_DAYS}),
]


class Refusals(Answer):
    """Requests rejected with 401 because the token no longer works, by reason."""

    revoked: int
    """The key was revoked, or the token was ended by a rotation: whoever sent it should not have
    it."""
    expired: int
    """The key had expired, or the grace period of a replaced token was over."""
    disabled: int

    @classmethod
    def of(cls, day: outcomes.Day) -> "Refusals":
        """A day's refusals."""
        return cls.model_validate(
            {
                verdict.lower(): day.counts.get(name, 0)
                for verdict, name in outcomes.REFUSALS.items()
            }
        )


class UsageDay(Answer):
    """The requests of one UTC day, each counted once, by the status of its response."""

    date: dt.date
    accepted: int
    """Status below 400, or a 4xx that is not counted below."""
    forbidden: int
    """403: the key lacks the scope, or may not be used from the address."""
    rate_limited: int
    """429."""
    failed: int
    """5xx: an error on our side."""
    refused: int
    """401: a token of the key that does not work."""
    refusals: Refusals
    """Why they were rejected."""

    @classmethod
    def of(cls, day: outcomes.Day) -> "UsageDay":
        """The object for a day."""
        numbers = {name: day.counts.get(name, 0) for name in outcomes.OUTCOMES}
        return cls.model_validate({"date": day.date, **numbers, "refusals": Refusals.of(day)})


class Usage(Answer):
    """Every requested day, oldest first, including days without requests."""

    data: list[UsageDay]


@api.endpoint("GET", "/dashboard/v1/api-keys/<key_id>/usage")
def get_api_key_usage(key_id: str, days: Days = 30) -> Usage:
    """Get an API key's usage.

    Requests with any of the key's tokens, by UTC day and outcome. Counts appear a few minutes after
    the requests. They are kept for 400 days.
    """
    get_key(table, api.principal.account_id, key_id)
    return _usage(key_id, days)


@api.endpoint("GET", "/dashboard/v1/usage")
def get_usage(days: Days = 30) -> Usage:
    """Get the account's usage.

    Requests with any of the account's API keys, by UTC day and outcome. Counts appear a few minutes
    after the requests. They are kept for 400 days.
    """
    return _usage(api.principal.account_id, days)


def _usage(owner: str, days: int) -> Usage:
    return Usage(
        data=[UsageDay.of(day) for day in store.days(owner, utc_now().date(), days)],
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
