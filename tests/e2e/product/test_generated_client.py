"""What a customer's generator makes of the public document works against the product."""

import asyncio
import importlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from blueprint.page.files import DOCUMENT
from tests.support.product import Product

PACKAGE = "agentcontainer_client"

# The generator knows no YAML: it is told to give the document's own route out as bytes.
_CONFIG = f"""
package_name_override: {PACKAGE}
post_hooks: []
content_type_overrides:
  application/yaml: application/octet-stream
"""


class Caller(NamedTuple):
    """A program with a key, by the generated client."""

    client: Any

    def call(self, operation: str, *arguments: object, **named: object) -> Any:
        """Status, headers and `parsed`, which is a model of the document, of an answer."""
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        return module.sync_detailed(*arguments, client=self.client, **named)

    def create(self, name: str, **members: object) -> Any:
        """A new agent."""
        answer = self.call("agents.create_agent", body=new(name, **members))
        assert answer.status_code == 201, answer
        return answer.parsed


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The models of the client, which was made of the document without a warning."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "config.yaml").write_text(_CONFIG)
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate"]
    command += ["--meta=none", f"--path={DOCUMENT}", f"--output-path={folder / PACKAGE}"]
    command += [f"--config={folder / 'config.yaml'}", "--fail-on-warning"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "WARNING" not in done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module(f"{PACKAGE}.models")
    sys.path.remove(str(folder))


@pytest.fixture
def program(product: Product, models: ModuleType) -> Caller:
    """A program of an account of its own."""
    return caller(product, product.person().create_key()["token"])


def caller(product: Product, token: str) -> Caller:
    """Whoever calls with a key. A status that is not in the document raises."""
    client = importlib.import_module(PACKAGE).AuthenticatedClient
    address = f"http://localhost:{product.port}"
    return Caller(client(base_url=address, token=token, raise_on_unexpected_status=True))


def new(name: str, **members: object) -> Any:
    """A body for createAgent, of what is required."""
    models = importlib.import_module(f"{PACKAGE}.models")
    runtime = models.CreateRuntime(container_image="ghcr.io/acme/python:2026-03-30")
    return models.CreateAgent(
        name=name, base_prompt="Be brief.", default_model="m", runtime=runtime, **members
    )


def test_it_creates_and_reads(program: Caller, models: ModuleType) -> None:
    """Times are times, what was left out has its default, what is null is None."""
    created = program.create("analyst")
    assert isinstance(created, models.Agent)
    assert created.description is None
    assert created.archived_at is None
    assert created.default_max_runtime_seconds == 1800
    assert created.runtime.agent_runtime == "pi"
    assert abs((datetime.now(UTC) - created.created_at).total_seconds()) < 60
    assert program.call("agents.get_agent", created.id).parsed == created


def test_it_lists_every_page(program: Caller, models: ModuleType) -> None:
    """No agent twice and none left out, the newest first."""
    created = [program.create(f"agent {number}").id for number in range(7)]
    seen, named = [], dict[str, object]()
    for _ in created:
        page = program.call("agents.list_agents", limit=3, **named).parsed
        assert isinstance(page, models.AgentPage)
        seen += [agent.id for agent in page.data]
        if page.next_cursor is None:
            break
        named = {"cursor": page.next_cursor}
    assert seen == created[::-1]


def test_it_changes_what_it_names_alone(program: Caller, models: ModuleType) -> None:
    """Left out is not null: the one keeps what is there, the other takes it away."""
    agent = program.create("analyst", description="Answers questions.")

    def change(**members: object) -> Any:
        body = models.UpdateAgent(**members)
        return program.call("agents.update_agent", agent.id, body=body).parsed

    renamed = change(name="writer")
    assert (renamed.name, renamed.description) == ("writer", "Answers questions.")
    assert renamed.current_version == agent.current_version
    emptied = change(description=None)
    assert (emptied.name, emptied.description) == ("writer", None)
    shorter = change(default_max_runtime_seconds=60, runtime=models.UpdateRuntime())
    assert shorter.runtime == agent.runtime
    assert shorter.current_version.number == 2
    versions = program.call("agents.list_agent_versions", agent.id).parsed.data
    assert [version.number for version in versions] == [2, 1]


def test_a_stale_etag_is_a_typed_412(program: Caller, models: ModuleType) -> None:
    """The first to change an agent wins; the other one is told, and changes nothing."""
    agent = program.create("analyst")
    etag = program.call("agents.get_agent", agent.id).headers["ETag"]

    def rename(name: str) -> Any:
        body = models.UpdateAgent(name=name)
        return program.call("agents.update_agent", agent.id, body=body, if_match=etag)

    first, second = rename("first"), rename("second")
    assert (first.status_code, first.parsed.name) == (200, "first")
    assert (second.status_code, second.parsed.error.code) == (412, "precondition_failed")
    assert isinstance(second.parsed, models.Error)
    assert program.call("agents.get_agent", agent.id).parsed.name == "first"


def test_it_archives(program: Caller, models: ModuleType) -> None:
    """As often as it likes; the agent is then in another list, and cannot be changed."""
    agent = program.create("analyst")
    for _ in range(2):
        assert program.call("agents.archive_agent", agent.id).status_code == 204
    assert program.call("agents.list_agents").parsed.data == []
    archived = models.ListAgentsArchived.TRUE
    [listed] = program.call("agents.list_agents", archived=archived).parsed.data
    assert (listed.id, listed.archived_at is None) == (agent.id, False)
    changed = program.call("agents.update_agent", agent.id, body=models.UpdateAgent(name="x"))
    assert (changed.status_code, changed.parsed.error.code) == (409, "conflict")


def test_errors_have_a_type(product: Product, program: Caller, models: ModuleType) -> None:
    """Each status that a program has to tell apart, with the code of the document."""
    reader = caller(product, product.person().create_key(scopes=["agents:read"])["token"])
    stranger = caller(product, "ac_live_" + "0" * 38)
    once: dict[str, object] = {"idempotency_key": "once"}
    program.call("agents.create_agent", body=new("first"), **once)
    answers = {
        "unauthorized": stranger.call("account.get_account"),
        "forbidden": reader.call("agents.create_agent", body=new("x")),
        "not_found": program.call("agents.get_agent", "agt_" + "0" * 26),
        "idempotency_mismatch": program.call("agents.create_agent", body=new("other"), **once),
        "invalid_cursor": program.call("agents.list_agents", cursor="nonsense"),
        "invalid_request": program.call("agents.create_agent", body=new("")),
    }
    assert {code: answer.status_code for code, answer in answers.items()} == {
        "unauthorized": 401,
        "forbidden": 403,
        "not_found": 404,
        "idempotency_mismatch": 422,
        "invalid_cursor": 400,
        "invalid_request": 400,
    }
    for code, answer in answers.items():
        assert isinstance(answer.parsed, models.Error)
        assert answer.parsed.error.code == code
    assert not answers["unauthorized"].parsed.error.request_id
    assert "agents:write" in answers["forbidden"].parsed.error.message
    [detail] = answers["invalid_request"].parsed.error.details
    assert (detail.in_, detail.field) == ("body", "name")


def test_what_was_done_once_is_told_apart(program: Caller) -> None:
    """The same request again is answered with the same agent, and says so in a header."""
    answers = [
        program.call("agents.create_agent", body=new("analyst"), idempotency_key="again")
        for _ in range(2)
    ]
    assert answers[0].parsed == answers[1].parsed
    replayed = [answer.headers.get("Idempotent-Replayed") for answer in answers]
    assert replayed == [None, "true"]


def test_a_program_looks_at_its_key_and_ends_it(product: Product, models: ModuleType) -> None:
    """Its account and key, by the client's other half too, which waits for nobody."""
    limit = {"requests": 100, "windowSeconds": 60}
    created = product.person("user_generated").create_key(name="CI", rateLimit=limit)
    program = caller(product, created["token"])
    get_account = importlib.import_module(f"{PACKAGE}.api.account.get_account")
    # In a thread of its own: the browser's driver keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        account = thread.submit(
            lambda: asyncio.run(get_account.asyncio(client=program.client))
        ).result()
    assert isinstance(account, models.Account)
    assert (account.id, account.type_) == ("user_generated", models.AccountType.USER)
    assert (account.key.id, account.key.name) == (created["id"], "CI")
    assert account.key.status is models.Status.ACTIVE
    assert (account.key.rate_limit.requests, account.key.rate_limit.window_seconds) == (100, 60)
    assert account.key.rotation is None
    assert program.call("account.delete_account_key").status_code == 204
    assert program.call("account.get_account").parsed.error.code == "unauthorized"
