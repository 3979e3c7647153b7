"""Where an operator works: a stack's table of keys, under the rules that its functions have.

Nothing here decides about keys. It puts the layer's own stores together with the operator's
credentials, and says what was done.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3

from agentcontainer.accounts.store import Accounts
from agentcontainer.audit.event import Actor
from agentcontainer.audit.store import AuditLog
from agentcontainer.dynamodb.table import Table
from agentcontainer.keys.store import KeyStore

RETENTION_DAYS = 400
# An operator takes away and puts back; how many keys an account may have is not the question.
_NO_LIMIT = 10**9


class Refused(Exception):
    """What was asked cannot be done; a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a command works on."""

    table: str
    log_group: str | None
    retention: timedelta


@dataclass(frozen=True, slots=True)
class Desk:
    """A table, who works on it, and whether anything is written."""

    place: Place
    store: KeyStore
    accounts: Accounts
    by: Actor
    now: datetime
    acts: bool

    def say(self, done: str) -> None:
        """One line on standard output: what was done, or would be."""
        print(done if self.acts else f"would: {done}", flush=True)


def of_stack(name: str) -> Place:
    """What a stack calls its table and its log, and how long it keeps events."""
    stacks = boto3.client("cloudformation")

    def physical(logical_id: str) -> str:
        found = stacks.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        resource_id: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return resource_id

    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    days = int(parameters.get("AuditRetentionDays", RETENTION_DAYS))
    return Place(physical("Keys"), physical("KeyChangeLog"), timedelta(days=days))


def of_table(name: str, log_group: str | None) -> Place:
    """A table by itself: a restored one, or the local run's."""
    return Place(name, log_group, timedelta(days=RETENTION_DAYS))


def at(endpoint: str) -> None:
    """Makes a DynamoDB of this machine the one that is used, whatever credentials there are."""
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
    # What boto3 reads by itself could send an operator's signed requests elsewhere all the same.
    os.environ.pop("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", None)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "local")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")


def caller() -> str:
    """The ARN of whoever holds the credentials."""
    arn: str = boto3.client("sts").get_caller_identity()["Arn"]
    return arn


def desk(place: Place, by: str, now: datetime, *, acts: bool) -> Desk:
    """A desk for an operator."""
    table = Table(place.table)
    audit = AuditLog(table, place.retention)
    store = KeyStore(table, audit, _NO_LIMIT)
    return Desk(place, store, Accounts(table, audit, store), Actor("system", by), now, acts)


def messages(log_group: str, since: datetime) -> Iterator[str]:
    """The messages of a log group, from a moment on."""
    pages = boto3.client("logs").get_paginator("filter_log_events")
    start: dict[str, Any] = {"startTime": int(since.timestamp() * 1000)}
    for page in pages.paginate(logGroupName=log_group, **start):
        for event in page["events"]:
            yield event["message"]


def complain(sentence: str) -> None:
    """On standard error."""
    print(f"operator: {sentence}", file=sys.stderr, flush=True)
