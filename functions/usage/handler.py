"""The dashboard's routes that tell how much keys are used, from what the usage recorder counted."""

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
    Query(ge=1, le=MOST_DAYS, description="How many UTC days, the last of them today."),
    BeforeValidator(parse_decimal),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_DAYS}),
]


class Refusals(Answer):
    """Requests with a secret of the key that was none any more, by the reason for the 401."""

    revoked: int
    """Of a revoked key, or with a secret that a rotation has ended: whoever sent it should not
    have it."""
    expired: int
    """After the key's expiry, or after the grace of a secret that was replaced."""
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
    """The requests of one UTC day, each counted once, by the status that it was answered with."""

    date: dt.date
    accepted: int
    """Below 400, and 4xx that are not counted elsewhere."""
    forbidden: int
    """403: an address or a scope that the key does not allow."""
    rate_limited: int
    """429."""
    failed: int
    """5xx: our fault."""
    refused: int
    """401: what was sent belongs to the key, and does not work."""
    refusals: Refusals
    """Why they were refused."""

    @classmethod
    def of(cls, day: outcomes.Day) -> "UsageDay":
        """The object for a day."""
        numbers = {name: day.counts.get(name, 0) for name in outcomes.OUTCOMES}
        return cls.model_validate({"date": day.date, **numbers, "refusals": Refusals.of(day)})


class Usage(Answer):
    """Every day that was asked for, the oldest first, those without a request too."""

    data: list[UsageDay]


@api.endpoint("GET", "/dashboard/v1/api-keys/<key_id>/usage")
def get_api_key_usage(key_id: str, days: Days = 30) -> Usage:
    """Get an API key's usage.

    Requests with any of its secrets, by UTC day and by outcome. They are told with a delay of
    minutes. Days are kept for 400 days.
    """
    get_key(table, api.principal.account_id, key_id)
    return _usage(key_id, days)


@api.endpoint("GET", "/dashboard/v1/usage")
def get_usage(days: Days = 30) -> Usage:
    """Get the account's usage.

    Requests with any of its API keys, by UTC day and by outcome. They are told with a delay of
    minutes. Days are kept for 400 days.
    """
    return _usage(api.principal.account_id, days)


def _usage(owner: str, days: int) -> Usage:
    return Usage(
        data=[UsageDay.of(day) for day in store.days(owner, utc_now().date(), days)],
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry."""
    return api.resolve(event, context)
