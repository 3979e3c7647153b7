"""What happens when something below fails: an error, never an admission and never a false 401."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pytest

from agentcontainer.keys.token import mint
from tests.support.events import tokens_in
from tests.support.ports import free_port
from tests.support.product import Product, eventually, roto, start_and_fail
from tests.support.proxy import PASS, Fault, proxy


def test_row_68_a_dead_store_is_a_5xx_and_nothing_is_lost(tmp_path: Path) -> None:
    """Good and bad keys alike get a 5xx; started again on its data, everything works."""
    port = free_port()
    with ExitStack() as stores:
        dynamodb = stores.enter_context(roto(tmp_path / "roto", port))
        with Product(tmp_path / "run", dynamodb=dynamodb) as product:
            person = product.person()
            kept, revoked = person.create_key(), person.create_key()
            person.revoke(revoked["id"])
            assert product.account(kept["token"]).status == 200
            assert product.account(revoked["token"]).status == 401

            stores.close()
            answers = [
                product.account(kept["token"]),
                product.account(revoked["token"]),
                product.request("DELETE", "/api/v1/account/key", f"Bearer {kept['token']}"),
                person.request("GET", "/api-keys"),
                person.request("POST", "/api-keys", {"name": "lost"}),
                person.revoke(kept["id"]),
            ]
            assert {answer.status for answer in answers} <= {500, 503}
            for answer in answers:
                error = answer.json["error"]
                assert error["code"] in {"internal_error", "service_unavailable"}
                assert error["requestId"] == answer.headers["x-amzn-requestid"]
                if answer.status == 503:
                    assert answer.headers["retry-after"]
            # What needs no store is answered as ever.
            assert product.account("garbled").status == 401
            assert product.request("GET", "/api/v1/openapi.yaml").status == 200

            stores.enter_context(roto(tmp_path / "roto", port))
            assert product.account(kept["token"]).status == 200
            assert product.account(revoked["token"]).status == 401
            listed = person.request("GET", "/api-keys").json["data"]
            assert {key["id"] for key in listed} == {kept["id"], revoked["id"]}
            assert product.account(person.create_key()["token"]).status == 200


class Load:
    """Callers that do not stop, and what they were answered."""

    def __init__(self, product: Product, tokens: dict[str, str]) -> None:
        self._product = product
        self._stopping = threading.Event()
        self._counting = threading.Lock()
        self.answers: dict[str, Counter[int]] = {name: Counter() for name in tokens}
        self._threads = [threading.Thread(target=self._call, args=item) for item in tokens.items()]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def wait_for_a_failure(self) -> None:
        """Until one more answer is one."""
        so_far = self._failures()
        eventually(lambda: self._failures() > so_far)

    def _failures(self) -> int:
        with self._counting:
            return sum(
                number
                for answers in self.answers.values()
                for status, number in answers.items()
                if status >= 500
            )

    def _call(self, name: str, token: str) -> None:
        while not self._stopping.is_set():
            status = self._product.account(token).status
            with self._counting:
                self.answers[name][status] += 1


def at_random(share: float) -> Callable[[], Fault]:
    """A store that is slow, fails, loses answers and throttles, for a share of its requests."""
    chance = random.Random(share)
    harm = [
        *10 * [Fault(then) for then in ("cut", "fail", "lost", "throttle")],
        *5 * [Fault(seconds=0.1), Fault("fail", seconds=0.05)],
        # More than the authorizer waits for an attempt.
        Fault(seconds=1.6),
    ]
    return lambda: chance.choice(harm) if chance.random() < share else PASS


def verdicts(product: Product) -> Counter[str]:
    """How often the authorizer came to each verdict, by its log."""
    lines = (product.data / "logs/Authorizer.log").read_text().splitlines()
    return Counter(
        json.loads(line)["verdict"] for line in lines if line.startswith('{"message": "verdict"')
    )


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.prove)])
def test_under_load_a_failing_store_never_makes_a_wrong_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seconds: int
) -> None:
    """A good key gets 200 or 5xx, a bad one 401 or 5xx, while the store is slow, fails and dies.

    Each request gets its verdict or a failure before the function is killed: the authorizer's log
    has a line for every one.
    """
    port = free_port()
    with ExitStack() as stack:
        stores = stack.enter_context(ExitStack())
        stores.enter_context(roto(tmp_path / "roto", port))
        store = stack.enter_context(proxy(port))
        product = stack.enter_context(Product(tmp_path / "run", dynamodb=store.url))
        person = product.person()
        good, revoked = person.create_key(), person.create_key()
        person.revoke(revoked["id"])
        tokens = {"good": good["token"], "revoked": revoked["token"], "unknown": mint()}
        assert product.account(good["token"]).status == 200
        before = verdicts(product)
        with Load(product, tokens) as load:
            for _ in range(seconds // 5):
                store.choose = at_random(0.1)
                time.sleep(3)
                store.choose = at_random(0.9)
                time.sleep(1)
                stores.close()
                time.sleep(1)
                # That second may have gone by while the one authorizer waited for a slow answer.
                load.wait_for_a_failure()
                stores.enter_context(roto(tmp_path / "roto", port))
            store.choose = lambda: PASS
        with capsys.disabled():
            print(f"\n{seconds} s, {store.harmed} faults: {load.answers}")
        failures = {500, 503}
        assert set(load.answers["good"]) <= {200} | failures
        assert set(load.answers["revoked"]) <= {401} | failures
        assert set(load.answers["unknown"]) <= {401} | failures
        assert store.harmed > seconds
        assert any(load.answers[name].keys() & failures for name in tokens)
        assert load.answers["good"][200] > seconds
        assert load.answers["revoked"][401] > seconds

        asked = sum(sum(answers.values()) for answers in load.answers.values())
        after = verdicts(product) - before
        assert sum(after.values()) == asked
        assert after.keys() <= {"VALID", "REVOKED", "UNKNOWN", "FAILED"}
        assert product.account(good["token"]).status == 200
        assert product.account(revoked["token"]).status == 401


@pytest.mark.alone
@pytest.mark.prove
def test_a_store_that_hangs_is_a_5xx_within_the_deadline(tmp_path: Path) -> None:
    """Six seconds of the authorizer's, then 500: before its eight are over and it is killed."""
    port = free_port()
    with (
        roto(tmp_path / "roto", port),
        proxy(port) as store,
        Product(tmp_path / "run", dynamodb=store.url) as product,
    ):
        assert product.account(product.api_key).status == 200
        store.choose = lambda: Fault(seconds=20)
        started = time.monotonic()
        assert product.account(product.api_key).status == 500
        assert 5 < time.monotonic() - started < 7
        assert verdicts(product)["FAILED"] == 1
        store.choose = lambda: PASS
        assert product.account(product.api_key).status == 200


@pytest.mark.parametrize("fault", ["page", "empty", "maintenance"])
def test_what_is_no_response_of_the_stores_is_believed_by_nobody(
    tmp_path: Path, fault: str
) -> None:
    """No token is shown that is stored nowhere, no key seems revoked, absent or unknown: 5xx."""
    port = free_port()
    with (
        roto(tmp_path / "roto", port),
        proxy(port) as store,
        Product(tmp_path / "run", dynamodb=store.url) as product,
    ):
        person = product.person()
        key = person.create_key()
        store.choose = lambda: Fault(fault)
        answers = [
            person.request("POST", "/api-keys", {"name": "stored nowhere"}),
            person.request("GET", "/api-keys"),
            person.request("GET", f"/api-keys/{key['id']}"),
            person.request("GET", f"/api-keys/{key['id']}/usage"),
            person.revoke(key["id"]),
        ]
        assert [answer.status for answer in answers] == [503] * len(answers)
        assert all(answer.headers["retry-after"] == "1" for answer in answers)
        assert not tokens_in(str(answers))
        assert product.account(key["token"]).status == 500
        store.choose = lambda: PASS
        assert product.account(key["token"]).status == 200
        assert [each["id"] for each in person.request("GET", "/api-keys").json["data"]] == [
            key["id"]
        ]


def test_a_request_costs_one_read_and_no_write(tmp_path: Path) -> None:
    """Counted at the store, for a path that no handler looks anything up for: one GetItem."""
    port = free_port()
    with (
        roto(tmp_path / "roto", port),
        proxy(port) as store,
        Product(tmp_path / "run", dynamodb=store.url) as product,
    ):
        bearer = f"Bearer {product.api_key}"
        assert product.request("GET", "/api/v1/nothing", bearer).status == 404
        store.asked.clear()
        for _ in range(10):
            assert product.request("GET", "/api/v1/nothing", bearer).status == 404
        for _ in range(10):
            assert product.request("GET", "/api/v1/nothing", f"Bearer {mint()}").status == 401
        assert store.asked == {"GetItem": 20}
        assert product.request("GET", "/api/v1/nothing", "Bearer no").status == 401
        assert store.asked == {"GetItem": 20}


def test_a_store_that_is_not_there_at_start_is_a_sentence(tmp_path: Path) -> None:
    """With its address, on standard error, and status 1."""
    status, output = start_and_fail(tmp_path / "run", dynamodb="http://127.0.0.1:1")
    assert status == 1
    assert "http://127.0.0.1:1 does not work" in output
    assert "Traceback" not in output
