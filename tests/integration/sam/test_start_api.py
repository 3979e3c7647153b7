"""`sam local start-api` serves the product, with its doors shut, on the tables of a local run."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentcontainer.keys import token
from blueprint.paths import ROOT
from tests.integration.gateway.target import Answer, Target
from tests.integration.sam.rie import PYTHON, can_run
from tests.support.ports import free_port
from tests.support.product import Product, answers, eventually

pytestmark = pytest.mark.skipif(not can_run(), reason="the emulator is a Linux binary")

ACCOUNT, KEYS = "/api/v1/account", "/dashboard/v1/api-keys"


@pytest.fixture(scope="module")
def sam(
    product: Product, built: Path, artifacts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Target]:
    """SAM CLI's gateway over what `make build` made, with the local run's env.json."""
    folder, port = tmp_path_factory.mktemp("sam"), free_port()
    arguments = [
        *(built / "template.yaml", product.data / "env.json", artifacts, folder / "python"),
        port,
    ]
    said = folder / "out"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [str(PYTHON), "-m", "tests.integration.sam.start_api", *map(str, arguments)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        eventually(lambda: process.poll() is not None or answers(port), seconds=60)
        assert process.poll() is None, said.read_text()
        yield Target(f"http://127.0.0.1:{port}", {})
    finally:
        process.terminate()
        process.wait(20)


def get(sam: Target, path: str, secret: str | None = None, method: str = "GET") -> Answer:
    """The answer to a request with a key or a session."""
    headers = [] if secret is None else [("Authorization", f"Bearer {secret}")]
    return sam.send(method, path, headers, b"")


def test_a_good_key_is_let_in(sam: Target, product: Product) -> None:
    """It was stored by the local run: env.json leads the functions to its tables."""
    answer = get(sam, ACCOUNT, product.api_key)
    assert (answer.status, json.loads(answer.body)["id"]) == (200, "user_demo")


def test_a_revoked_key_is_refused(sam: Target, product: Product) -> None:
    """From the very next request on, also here."""
    person = product.person()
    key = person.create_key()
    assert get(sam, ACCOUNT, key["token"]).status == 200
    person.revoke(key["id"])
    assert get(sam, ACCOUNT, key["token"]).status == 403


@pytest.mark.parametrize("path", [ACCOUNT, "/api/v1/agents", KEYS, "/", "/nothing"])
def test_without_a_credential_every_door_is_shut(sam: Target, path: str) -> None:
    """SAM CLI drops no authorizer, by the form of docs/decisions/0002."""
    answer = get(sam, path)
    assert answer.status == 401
    # SAM CLI knows no gateway response: not our body, and no WWW-Authenticate.
    assert json.loads(answer.body) == {"message": "Unauthorized"}
    assert answer.all("WWW-Authenticate") == []


def test_a_bad_key_is_refused(sam: Target) -> None:
    """With a 403 in SAM CLI's words, where AWS and `make run` answer our 401."""
    answer = get(sam, ACCOUNT, token.mint())
    assert answer.status == 403
    assert json.loads(answer.body) == {"message": "User is not authorized to access this resource"}
    assert get(sam, ACCOUNT, "x").status == 401


def test_the_public_document_is_open(sam: Target) -> None:
    """To anybody."""
    answer = get(sam, "/api/v1/openapi.yaml")
    assert answer.status == 200
    assert answer.body.startswith(b"openapi: 3.1")


def test_a_session_manages_keys_and_opens_no_api(sam: Target, product: Product) -> None:
    """The functions trust the local run's Clerk, by env.json; each API its own kind alone."""
    session = product.request("GET", "/__local/session-token?user=user_demo").body.decode()
    assert get(sam, KEYS, session).status == 200
    assert get(sam, ACCOUNT, session).status == 401
    assert get(sam, KEYS, product.api_key).status == 401


def test_both_apis_share_one_address(sam: Target, product: Product) -> None:
    """So one catch-all serves unknown paths of both, and one CORS is added to all answers."""
    assert get(sam, "/nothing", product.api_key).status == 401
    answer = get(sam, ACCOUNT, product.api_key)
    assert answer.all("Access-Control-Allow-Origin") == ["http://localhost:3000"]


def test_what_it_is_given_is_its_owners(product: Product) -> None:
    """Nobody else on the machine reads env.json."""
    assert stat.S_IMODE((product.data / "env.json").stat().st_mode) == 0o600
