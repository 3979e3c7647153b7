"""`make smoke` passes on what is right, fails on what is wrong, and shows no secret."""

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from blueprint.paths import ROOT
from local.http.messages import Answer, Request
from local.http.server import serve
from tests.support.product import Product


def smoke(key: str, session: str = "", **variables: str) -> tuple[int, str]:
    """Exit status and output; the key by the environment, the addresses as a user gives them."""
    done = subprocess.run(
        ["make", "smoke", *(f"{name}={value}" for name, value in variables.items())],
        cwd=ROOT,
        env=os.environ | {"SMOKE_API_KEY": key, "SMOKE_SESSION": session},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_local_run_passes(product: Product) -> None:
    """Both APIs at their local addresses, revocation included, with only local rows left out."""
    key = product.api_key
    session = product.request("GET", "/__local/session-token?user=user_smoke").body.decode()
    status, output = smoke(
        key,
        session,
        URL=f"http://api.localhost:{product.port}",
        DASHBOARD_URL=f"http://localhost:{product.port}",
        ORIGIN=f"http://localhost:{product.port}",
    )
    assert status == 0, output
    passed, skipped = re.findall(r"(\d+) passed, (\d+) skipped", output)[0]
    assert int(passed) > 50
    assert int(skipped) < 16
    assert "is not given" not in output
    assert key not in output
    assert session not in output


@pytest.fixture
def leaky() -> Iterator[str]:
    """An API that lets everybody in and repeats what it was sent."""

    def app(environ: Any, start_response: Any) -> Any:
        sent = str(Request.from_environ(environ).headers).encode()
        return Answer(200, [("X-Sent", "x")], sent).send(environ["REQUEST_METHOD"], start_response)

    server = serve(app, 0)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def test_an_open_api_fails_and_no_secret_is_shown(leaky: str) -> None:
    """However much of it the answers hold; what cannot be tried is said."""
    key = "ac_live_0123456789ABCDEFGHIJKLMNOPQRSTUV0VxI3t"
    status, output = smoke(key, URL=leaky)
    assert status != 0
    assert "row1-missing" in output
    assert "***" in output
    assert key not in output
    assert "the address of DashboardApi is not given" in output


def test_it_says_what_it_needs() -> None:
    """A sentence, with how to call it."""
    status, output = smoke("", URL="http://127.0.0.1:1")
    assert status != 0
    assert "make smoke needs the API's address and a good key" in output
    assert "Traceback" not in output
