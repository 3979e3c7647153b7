"""After each change to a key the very next request obeys, over HTTP through authorizer and all."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.events import AGENT
from tests.support.product import Answer, Person, Product


@pytest.fixture
def person(product: Product) -> Person:
    """Somebody new who manages keys."""
    return product.person()


def change(person: Person, key: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The key after a PATCH."""
    answer = person.request("PATCH", f"/api-keys/{key['id']}", members)
    assert answer.status == 200, answer
    changed: dict[str, Any] = answer.json
    return changed


def rotate(person: Person, key: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The key after a rotation, with its new token."""
    answer = person.request("POST", f"/api-keys/{key['id']}/rotate", members)
    assert answer.status == 200, answer
    rotated: dict[str, Any] = answer.json
    return rotated


def agents(product: Product, token: str, method: str = "GET") -> Answer:
    """The answer of a route that needs a scope."""
    sent = AGENT if method == "POST" else None
    return product.request(method, "/api/v1/agents", f"Bearer {token}", sent)


def test_disabling_and_enabling(product: Product, person: Person) -> None:
    """Off and on, as often as one likes."""
    key = person.create_key()
    for _ in range(3):
        assert product.account(key["token"]).status == 200
        assert change(person, key, enabled=False)["status"] == "disabled"
        assert product.account(key["token"]).status == 401
        assert change(person, key, enabled=True)["status"] == "active"
    assert product.account(key["token"]).status == 200


def test_expiry(product: Product, person: Person) -> None:
    """To the moment: before it 200, after it 401, and the owner sees it."""
    expires_at = datetime.now(UTC) + timedelta(seconds=2)
    key = person.create_key(expiresAt=expires_at.isoformat())
    while datetime.now(UTC) < expires_at - timedelta(seconds=0.5):
        assert product.account(key["token"]).status == 200
    time.sleep((expires_at - datetime.now(UTC)).total_seconds() + 0.01)
    assert product.account(key["token"]).status == 401
    shown = person.request("GET", f"/api-keys/{key['id']}").json
    assert shown["status"] == "expired"


def test_rotating_without_grace(product: Product, person: Person) -> None:
    """The old token ends as the new one begins."""
    key = person.create_key()
    rotated = rotate(person, key, gracePeriodSeconds=0)
    assert product.account(key["token"]).status == 401
    assert product.account(rotated["token"]).json["key"]["id"] == key["id"]


def test_rotating_with_grace(product: Product, person: Person) -> None:
    """Both work until the grace is over, or the owner ends it."""
    key = person.create_key()
    rotated = rotate(person, key, gracePeriodSeconds=2)
    assert {product.account(t).status for t in (key["token"], rotated["token"])} == {200}
    ends = datetime.fromisoformat(rotated["rotation"]["previousExpiresAt"])
    time.sleep(max(0, (ends - datetime.now(UTC)).total_seconds()) + 0.01)
    assert product.account(key["token"]).status == 401
    assert product.account(rotated["token"]).status == 200

    again = rotate(person, key, gracePeriodSeconds=60)
    assert product.account(rotated["token"]).status == 200
    ended = person.request("DELETE", f"/api-keys/{key['id']}/rotation")
    assert (ended.status, ended.json["rotation"]) == (200, None)
    assert product.account(rotated["token"]).status == 401
    assert product.account(again["token"]).status == 200


def test_an_older_token_ends_itself_alone(product: Product, person: Person) -> None:
    """And the newest ends the key."""
    key = person.create_key()
    rotated = rotate(person, key)
    for token, left in ((key["token"], 200), (rotated["token"], 401)):
        ended = product.request("DELETE", "/api/v1/account/key", f"Bearer {token}")
        assert ended.status == 204
        assert product.account(token).status == 401
        assert product.account(rotated["token"]).status == left


def test_narrowing_scopes(product: Product, person: Person) -> None:
    """What a key could do a moment ago is forbidden now."""
    key = person.create_key()
    assert agents(product, key["token"], "POST").status == 201
    change(person, key, scopes=["agents:read"])
    refused = agents(product, key["token"], "POST")
    assert refused.status == 403
    assert "agents:write" in refused.json["error"]["message"]
    assert agents(product, key["token"]).status == 200


def test_addresses(product: Product, person: Person) -> None:
    """Another network is refused, on every route; the way out stays open."""
    key = person.create_key()
    for networks, status in ((["192.0.2.0/24"], 403), (["127.0.0.0/8", "::1"], 200), ([], 200)):
        change(person, key, allowedIps=networks)
        assert product.account(key["token"]).status == status
        assert agents(product, key["token"]).status == status
        nothing = product.request("GET", "/api/v1/nothing", f"Bearer {key['token']}")
        assert nothing.status == (404 if status == 200 else 403)
    change(person, key, allowedIps=["192.0.2.0/24"])
    ended = product.request("DELETE", "/api/v1/account/key", f"Bearer {key['token']}")
    assert ended.status == 204


def test_limits(product: Product, person: Person) -> None:
    """A new limit holds at once, and is gone as soon as it is taken away."""
    key = person.create_key()
    assert "ratelimit" not in product.account(key["token"]).headers
    change(person, key, rateLimit={"requests": 2, "windowSeconds": 86_400})
    answers = [product.account(key["token"]) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    for answer in answers:
        assert answer.headers["ratelimit-policy"] == '"key";q=2;w=86400'
        assert answer.headers["ratelimit"].startswith('"key";r=')
    assert int(answers[3].headers["retry-after"]) > 0
    change(person, key, rateLimit=None)
    assert product.account(key["token"]).status == 200


def test_the_whole_life_of_an_agent(product: Product, person: Person) -> None:
    """Created, read, changed, archived, over HTTP; a second account sees nothing of it."""
    key = f"Bearer {person.create_key()['token']}"
    stranger = f"Bearer {product.person().create_key()['token']}"
    made = product.request("POST", "/api/v1/agents", key, AGENT, **{"Idempotency-Key": "1"})
    again = product.request("POST", "/api/v1/agents", key, AGENT, **{"Idempotency-Key": "1"})
    assert (made.status, again.status, again.headers["idempotent-replayed"]) == (201, 201, "true")
    assert made.json == again.json
    path = made.headers["location"]
    read = product.request("GET", path, key)
    assert (read.json, read.headers["etag"]) == (made.json, made.headers["etag"])
    etag = {"If-Match": read.headers["etag"]}
    assert product.request("PATCH", path, key, {"basePrompt": "v2"}, **etag).status == 200
    assert product.request("PATCH", path, key, {"basePrompt": "v3"}, **etag).status == 412
    versions = product.request("GET", f"{path}/versions", key).json["data"]
    assert [version["number"] for version in versions] == [2, 1]
    assert product.request("GET", path, stranger).status == 404
    assert product.request("DELETE", path, stranger).status == 404
    assert product.request("DELETE", path, key).status == 204
    assert product.request("PATCH", path, key, {"name": "x"}).status == 409


def test_what_was_done_is_told(product: Product, person: Person) -> None:
    """Each change once, with where it came from."""
    key = person.create_key()
    change(person, key, name="renamed")
    product.request("DELETE", "/api/v1/account/key", f"Bearer {key['token']}")
    events = person.request("GET", f"/audit-events?keyId={key['id']}").json["data"]
    assert [event["action"] for event in events] == [
        "api_key.revoked",
        "api_key.updated",
        "api_key.created",
    ]
    assert [event["actor"]["type"] for event in events] == ["key", "user", "user"]
    assert {event["address"] for event in events} <= {"127.0.0.1", "::1"}


@pytest.fixture
def small(tmp_path: Any) -> Iterator[Product]:
    """A local run whose accounts may have two live keys."""
    with Product(tmp_path / "run", parameters={"KeyLimit": "2"}) as running:
        yield running


def test_a_parameter_of_the_template_can_have_another_value(small: Product) -> None:
    """The limit of live keys is one, and it holds."""
    person = small.person()
    keys = [person.create_key() for _ in range(2)]
    refused = person.request("POST", "/api-keys", {"name": "one too many"})
    assert (refused.status, refused.json["error"]["code"]) == (409, "key_limit_reached")
    person.revoke(keys[0]["id"])
    person.create_key()
