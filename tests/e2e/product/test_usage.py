"""What the dashboard tells of use is what a client counted itself, request by request."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import boto3
import pytest

from agentcontainer.clock import to_millis, to_rfc3339, utc_now
from agentcontainer.keys import token
from agentcontainer.keys.token import digest, fingerprint
from blueprint.paths import TEMPLATE
from local.clerk.instance import Clerk
from local.functions.function_process import Child, FunctionFailed
from local.functions.runtime import Definition
from tests.integration.gateway.stack import Stack
from tests.integration.gateway.target import Answer, Target
from tests.integration.gateway.variables import ORIGIN, parameters
from tests.support.events import tokens_in
from tests.support.product import roto
from tests.support.proxy import PASS, Fault, Proxy, proxy

USER = "user_usage"
DAY_SECONDS = 86_400
OUTCOMES = {401: "refused", 403: "forbidden", 429: "rateLimited", 500: "failed"}
"""By status; every other one is accepted."""
USED = {"good": ["good", "older"], "reader": ["reader"], "limited": ["limited"]}
"""Keys that let requests in, and by which secrets."""


class Kind(NamedTuple):
    """A kind of request: the key that it comes with, and how it is answered."""

    key: str
    request: str
    statuses: set[int]
    reads: int
    writes: int = 0


KINDS = {
    # The authorizer reads once. What a handler does besides, it did before anything was counted.
    "account": Kind("good", "GET /api/v1/account", {200}, 2),
    "no route": Kind("good", "GET /nothing", {404}, 1),
    "older secret": Kind("older", "GET /nothing", {404}, 1),
    "scope": Kind("reader", "POST /api/v1/agents", {403}, 1),
    "limit": Kind("limited", "GET /nothing", {404, 429}, 1, writes=1),
    "fault": Kind("good", "GET /api/v1/agents", {500}, 2),
    "revoked": Kind("revoked", "GET /api/v1/account", {401}, 1),
    "disabled": Kind("disabled", "GET /api/v1/account", {401}, 1),
    "expired": Kind("expired", "GET /api/v1/account", {401}, 1),
    "unknown": Kind("unknown", "GET /api/v1/account", {401}, 1),
    "wrong": Kind("wrong", "GET /api/v1/account", {401}, 0),
    "none": Kind("none", "GET /api/v1/account", {401}, 0),
}


class Made(NamedTuple):
    """A request that was made: of which kind, its answer, and when it was sent and answered."""

    kind: str
    status: int
    sent: int
    answered: int


class Client:
    """A program and a person, and what they count."""

    def __init__(self, stack: Stack, data: Path) -> None:
        self._public = Target(stack.url("PublicApi"), {})
        self._dashboard = Target(stack.url("DashboardApi"), {})
        self._clerk = Clerk(data / "clerk-key.pem", ORIGIN)
        self.ids: dict[str, str] = {}
        self.tokens = {"unknown": token.mint(), "wrong": "ac_live_" + "0" * 38}
        self._create("good")
        self._create("reader", scopes=["agents:read"])
        self._create("limited", rateLimit={"requests": 5, "windowSeconds": DAY_SECONDS})
        self._create("revoked")
        self._create("disabled")
        self._create("expired", expiresAt=to_rfc3339(utc_now() + timedelta(seconds=2)))
        self.ids["older"], self.tokens["older"] = self.ids["good"], self.tokens["good"]
        good = f"/api-keys/{self.ids['good']}"
        self.tokens["good"] = self.ask("POST", f"{good}/rotate", {})["token"]
        self.ask("POST", f"/api-keys/{self.ids['revoked']}/revoke", {})
        self.ask("PATCH", f"/api-keys/{self.ids['disabled']}", {"enabled": False})
        while self.ask("GET", f"/api-keys/{self.ids['expired']}")["status"] != "expired":
            time.sleep(0.05)

    def _create(self, name: str, **members: Any) -> None:
        created = self.ask("POST", "/api-keys", {"name": name} | members)
        self.ids[name], self.tokens[name] = created["id"], created["token"]

    def ask(self, method: str, path: str, sent: object = None) -> Any:
        """What the dashboard's API answers the person."""
        session = self._clerk.session_token(USER)
        headers = [("Authorization", f"Bearer {session}"), ("Content-Type", "application/json")]
        body = json.dumps(sent).encode() if sent is not None else b""
        answer = self._dashboard.send(method, f"/dashboard/v1{path}", headers, body)
        assert answer.status < 400, answer
        return json.loads(answer.body)

    def make(self, kind: str) -> Made:
        """Makes a request with a key."""
        key, request, statuses, *_ = KINDS[kind]
        method, _, path = request.partition(" ")
        bearer = f"Bearer {self.tokens.get(key)}"
        headers = [] if key == "none" else [("Authorization", bearer)]
        sent = time.time_ns() // 1_000_000
        answer: Answer = self._public.send(method, path, headers, b"")
        assert answer.status in statuses, (kind, answer)
        return Made(kind, answer.status, sent, time.time_ns() // 1_000_000)

    def usage(self, key: str | None = None) -> Counter[str]:
        """What the dashboard tells of today and yesterday, together."""
        of = f"/api-keys/{self.ids[key]}" if key else ""
        total: Counter[str] = Counter()
        for day in self.ask("GET", f"{of}/usage?days=2")["data"]:
            del day["date"]
            total.update({f"refused {reason}": n for reason, n in day.pop("refusals").items()})
            total.update(day)
        return +total


class Recorder:
    """The recorder in a process of its own, and Lambda, which tries again what has failed."""

    def __init__(self, definition: Definition, store: Proxy) -> None:
        self._definition = definition
        self._store = store
        self._child = Child(definition)
        self._chance = random.Random(3)
        self.deaths = 0

    def takes(self, delivery: Mapping[str, Any]) -> None:
        """It is told of a delivery."""
        self._child.invoke(json.dumps(delivery).encode(), None)

    def dies_in(self, delivery: Mapping[str, Any]) -> None:
        """It is told of one, dies over one of its writes, and another one is told of it."""
        dies_at = self._chance.randint(1, 3)
        asked = count(1)

        def choose() -> Fault:
            if next(asked) != dies_at:
                return PASS
            self._child.kill()
            # The write was made, or it was not.
            return Fault(self._chance.choice(["lost", "cut"]))

        self._store.choose = choose
        with pytest.raises(FunctionFailed):
            self.takes(delivery)
        self._store.choose = lambda: PASS
        self.deaths += 1
        self._child = Child(self._definition)
        self.takes(delivery)

    def stop(self) -> None:
        """Ends the process."""
        self._child.stop()


class Run(NamedTuple):
    """A stack that has answered requests, and a recorder that was told of them."""

    client: Client
    made: list[Made]
    withheld: list[Mapping[str, Any]]
    recorder: Recorder
    operations: Counter[str]
    """Of the store, while the requests were made."""
    lines: list[dict[str, str]]


@pytest.fixture(
    scope="module",
    params=[1000, pytest.param(10_000, marks=pytest.mark.prove)],
    ids="{} requests".format,
)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Requests of every kind, mixed."""
    data = tmp_path_factory.mktemp("usage")
    with (
        roto(tmp_path_factory.mktemp("usage-tables")) as endpoint,
        proxy(urlsplit(endpoint).port or 0) as counting,
        Stack(TEMPLATE, parameters(data), counting.url, data, withholds=True) as stack,
    ):
        client = Client(stack, data)
        # From now on whatever asks for agents is a fault of ours.
        boto3.client("dynamodb", endpoint_url=endpoint).delete_table(TableName="Agents")
        kinds = random.Random(1).choices(list(KINDS), k=request.param)
        # So that every function has started.
        made = [client.make(kind) for kind in KINDS]
        counting.asked.clear()
        with ThreadPoolExecutor(4) as threads:
            made += threads.map(client.make, kinds)
        operations = Counter(counting.asked)
        stack.stop_logs()
        lines = [json.loads(line) for line in stack.access_log("PublicApi")]
        recorder = Recorder(stack.definition("UsageRecorder"), counting)
        for delivery in stack.withheld:
            recorder.dies_in(delivery)
        yield Run(client, made, stack.withheld, recorder, operations, lines)
        recorder.stop()
        written = "".join(file.read_text() for file in (data / "logs").iterdir())
        assert not tokens_in(written)


def counted(run: Run, key: str | None = None) -> Counter[str]:
    """What the client counted itself, of a key or of all that it has."""
    owned = [key] if key else list(run.client.ids)
    if "good" in owned:
        owned.append("older")
    total: Counter[str] = Counter()
    for made in run.made:
        kind = KINDS[made.kind]
        if kind.key in owned:
            total[OUTCOMES.get(made.status, "accepted")] += 1
            if made.status == 401:
                total[f"refused {kind.key}"] += 1
    return total


def check(run: Run) -> None:
    """Totals are equal, of the account and of each key."""
    assert run.client.usage() == counted(run)
    for key in run.client.ids.keys() - {"older"}:
        assert run.client.usage(key) == counted(run, key), key


def test_totals_are_what_the_client_counted(run: Run) -> None:
    """Of each key and of all, though the recorder died once in every delivery."""
    assert run.recorder.deaths == len(run.withheld)
    assert sum(counted(run).values()) > len(run.made) / 2
    check(run)


def test_a_replay_changes_no_total(run: Run) -> None:
    """Every delivery twice more, in random order."""
    again = list(run.withheld) * 2
    random.Random(2).shuffle(again)
    for delivery in again:
        run.recorder.takes(delivery)
    check(run)
    check_last_uses(run)


def test_the_store_is_asked_not_once_more(run: Run) -> None:
    """One read a request by the authorizer, and what handlers did before: counted at the server."""
    kinds = [KINDS[made.kind] for made in run.made[len(KINDS) :]]
    reads = run.operations.pop("GetItem") + run.operations.pop("Query")
    assert reads == sum(kind.reads for kind in kinds)
    # The rate limit's one write.
    assert run.operations == {"UpdateItem": sum(kind.writes for kind in kinds)}


def test_last_used_is_right(run: Run) -> None:
    """To the millisecond of the gateway's clock, by secret; what was refused is no use."""
    check_last_uses(run)
    for name in ("revoked", "disabled", "expired"):
        assert run.client.ask("GET", f"/api-keys/{run.client.ids[name]}")["lastUsedAt"] is None


def check_last_uses(run: Run) -> None:
    """Between the client's own times, and exactly the access log's."""
    shown = {name: run.client.ask("GET", f"/api-keys/{run.client.ids[name]}") for name in USED}
    for name, secrets in USED.items():
        made = [made for made in run.made if KINDS[made.kind].key in secrets]
        at = millis(shown[name]["lastUsedAt"])
        assert max(each.sent for each in made) <= at <= max(each.answered for each in made)
        assert at == max(lines_of(run, *secrets))
    older = millis(shown["good"]["rotation"]["previousLastUsedAt"])
    assert older == max(lines_of(run, "older"))


def lines_of(run: Run, *keys: str) -> list[int]:
    """When requests with these secrets came, as the access log has it."""
    wanted = {fingerprint(digest(run.client.tokens[key])) for key in keys}
    return [int(line["time"]) for line in run.lines if line["fingerprint"] in wanted]


def millis(shown: str) -> int:
    """A time that was shown, in epoch milliseconds."""
    return to_millis(datetime.fromisoformat(shown))
