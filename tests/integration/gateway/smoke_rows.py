"""The product's rows, sent to addresses: started by `make smoke`, not by `make test`."""

import json
import os
from uuid import uuid4

import pytest

from tests.integration.gateway.catalogue import Case, cases
from tests.integration.gateway.checks import check_refusal
from tests.integration.gateway.send_case import play, steps
from tests.integration.gateway.target import Answer, Target
from tests.integration.gateway.variables import strangers
from tests.support.events import UNAUTHORIZED_KEY

_ADDRESSES = {"PublicApi": "SMOKE_URL", "DashboardApi": "SMOKE_DASHBOARD_URL"}
_WORDS = {"key": "SMOKE_API_KEY", "session": "SMOKE_SESSION", "origin": "SMOKE_ORIGIN"}


def target(api: str) -> Target:
    """An API by its address; a test that needs one which is not given is skipped."""
    url = os.environ.get(_ADDRESSES[api])
    if not url:
        pytest.skip(f"the address of {api} is not given")
    given = {word: os.environ[name] for word, name in _WORDS.items() if os.environ.get(name)}
    return Target(url, strangers() | given)


@pytest.mark.parametrize("case", [pytest.param(c, id=i) for i, c in cases() if c.is_product])
def test_a_row_holds(case: Case) -> None:
    """As seen from outside."""
    if case.local_only:
        pytest.skip(case.local_only)
    to = target(case.api)
    for word, name in _WORDS.items():
        if word not in to.words and f"{{{word}}}" in str(steps(case)):
            pytest.skip(f"{name} is not given")
    play(to, case)


def test_row67_revoked_and_refused() -> None:
    """A key that is made for it works, is revoked, and the very next call is refused."""
    to, dashboard = target("PublicApi"), target("DashboardApi")
    if "session" not in to.words:
        pytest.skip("SMOKE_SESSION is not given")

    def manage(path: str, body: dict[str, str]) -> Answer:
        headers = [("Authorization", f"Bearer {to.words['session']}")]
        headers.append(("Content-Type", "application/json"))
        return dashboard.send("POST", f"/dashboard/v1{path}", headers, json.dumps(body).encode())

    created = manage("/api-keys", {"name": f"smoke {uuid4()}"})
    assert created.status == 201
    key = json.loads(created.body)
    try:
        bearer = [("Authorization", f"Bearer {key['token']}")]
        assert to.send("GET", "/api/v1/account", bearer, b"").status == 200
    finally:
        assert manage(f"/api-keys/{key['id']}/revoke", {}).status == 200
    check_refusal(to.send("GET", "/api/v1/account", bearer, b""), UNAUTHORIZED_KEY)
