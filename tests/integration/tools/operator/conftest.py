"""Tables on an atomic DynamoDB, and the operator's commands on them."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from tests.integration.tools.operator.backup import Backups
from tests.integration.tools.operator.owner import Owner
from tools.operator.__main__ import main

type Operate = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def world(atomic: str) -> Iterator[Backups]:
    """The tables, of which `Keys` is the product's; each test has accounts of its own."""
    backups = Backups(atomic)
    yield backups
    backups.close()


@pytest.fixture
def backups(world: Backups, monkeypatch: pytest.MonkeyPatch) -> Backups:
    """The tables, and an environment that a command may change."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", world.endpoint)
    return world


@pytest.fixture
def restored(backups: Backups) -> Iterator[str]:
    """The name of an empty table, to restore into."""
    name = f"Restored-{uuid4().hex[:12]}"
    backups.make(name)
    yield name
    backups.client.delete_table(TableName=name)


@pytest.fixture
def user() -> str:
    """Somebody new, with an account of their own."""
    return f"user_{uuid4().hex[:20]}"


@pytest.fixture
def operate(backups: Backups, capsys: pytest.CaptureFixture[str]) -> Operate:
    """Runs a command on a table: its exit status, standard output and standard error."""

    def run(table: str, *words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        place = ["--table", table, "--endpoint-url", backups.endpoint, "--actor", "arn:operator"]
        status = main([*place, *words])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def owner(backups: Backups, user: str) -> Owner:
    """Somebody new."""
    return Owner(backups, user)
