"""Create a key, call the API with it, revoke it: what a newcomer does first."""

from datetime import UTC, datetime, timedelta

import pytest

from agentcontainer.keys import token
from tests.support.events import UNAUTHORIZED_KEY
from tests.support.product import Product


def test_the_printed_key_works(product: Product) -> None:
    """And the printed curl line carries it."""
    answer = product.account(product.api_key)
    assert answer.status == 200
    assert answer.json["id"] == "user_demo"
    output = product.output.read_text()
    assert f"curl -H 'Authorization: Bearer {product.api_key}' " in output
    assert f"http://localhost:{product.port}/api/v1/account" in output


def test_row_67_a_revoked_key_fails_on_the_very_next_request(product: Product) -> None:
    """Every time: there is no cache to wait for."""
    person = product.person()
    for _ in range(5):
        key = person.create_key()
        assert product.account(key["token"]).status == 200
        assert person.revoke(key["id"]).status == 200
        answer = product.account(key["token"])
        assert (answer.status, answer.json) == (401, UNAUTHORIZED_KEY)


def test_a_key_ends_itself_at_once(product: Product) -> None:
    """Who finds a leaked key needs no sign-in to end it."""
    key = product.person().create_key()
    ended = product.request("DELETE", "/api/v1/account/key", f"Bearer {key['token']}")
    assert (ended.status, ended.body) == (204, b"")
    assert product.account(key["token"]).status == 401


def test_every_bad_key_gets_one_answer(product: Product) -> None:
    """Byte for byte, on known and unknown paths, with any verb: nothing tells why."""
    person = product.person()
    revoked = person.create_key()
    person.revoke(revoked["id"])
    expired = person.create_key(expiresAt=in_seconds(0.4))
    good = person.create_key()["token"]
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    headers = [
        None,
        "",
        "Bearer",
        "Bearer garbled",
        f"Basic {good}",
        f"Bearer {good}x",
        f"Bearer {wrong}",
        f"Bearer {token.mint()}",
        f"Bearer {revoked['token']}",
        f"Bearer {expired['token']}",
    ]
    while product.account(expired["token"]).status == 200:
        pass
    answers = [
        product.request(method, path, header).ours()
        for header in headers
        for method, path in [
            ("GET", "/api/v1/account"),
            ("DELETE", "/api/v1/account/key"),
            ("GET", "/api/v1/nothing"),
            ("PUT", "/api/v1/account"),
            ("POST", "/api/v1/openapi.yaml"),
            ("OPTIONS", "/api/v1/account"),
        ]
    ]
    assert all(answer == answers[0] for answer in answers)
    status, _, own = answers[0]
    assert status == 401
    assert own["www-authenticate"] == 'Bearer realm="AgentContainer"'
    assert product.account("garbled").json == UNAUTHORIZED_KEY
    heads = [product.request("HEAD", "/api/v1/account", header) for header in headers]
    assert {(head.status, head.body) for head in heads} == {(401, b"")}


def test_accounts_are_apart(product: Product) -> None:
    """Two people, and an organization that both belong to: three lists."""
    ann, bob = product.person(), product.person()
    team = product.person(ann.user, "org_team", "admin")
    member = product.person(bob.user, "org_team", "member")
    keys = {who: who.create_key() for who in (ann, bob, team)}
    for who, key in keys.items():
        listed = who.request("GET", "/api-keys").json["data"]
        assert [found["id"] for found in listed] == [key["id"]]
        for other, foreign in keys.items():
            expected = 200 if other == who else 404
            assert who.request("GET", f"/api-keys/{foreign['id']}").status == expected
    assert member.request("GET", f"/api-keys/{keys[team]['id']}").status == 200
    assert member.revoke(keys[team]["id"]).status == 403
    assert bob.revoke(keys[ann]["id"]).status == 404
    for key in keys.values():
        assert product.account(key["token"]).status == 200
    assert product.account(keys[team]["token"]).json["type"] == "organization"


def test_a_key_created_a_moment_ago_is_in_the_list(product: Product) -> None:
    """Lists are consistent, newest first."""
    person = product.person()
    for n in range(5):
        key = person.create_key(name=str(n))
        assert person.request("GET", "/api-keys?limit=1").json["data"][0]["id"] == key["id"]


def test_the_public_document_is_served(product: Product) -> None:
    """To anybody; once known, 304."""
    first = product.request("GET", "/api/v1/openapi.yaml")
    assert (first.status, first.headers["content-type"]) == (200, "application/yaml")
    etag = first.headers["etag"]
    again = product.request("GET", "/api/v1/openapi.yaml", None, None, **{"If-None-Match": etag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    head = product.request("HEAD", "/api/v1/openapi.yaml")
    assert (head.status, head.body) == (200, b"")


@pytest.mark.parametrize("path", ["/__local/nothing", "/moto-api/", "/__clerk/x", "/.git/config"])
def test_nothing_else_is_on_the_port(product: Product, path: str) -> None:
    """Neither moto nor files of the project."""
    assert product.request("GET", path).status == 404


def in_seconds(seconds: float) -> str:
    """A time from now, as RFC 3339."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
