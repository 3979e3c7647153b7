"""What happens when something below fails: an error, never an admission and never a false 401."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.product.running import Product, free_port, roto, start_and_fail


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


@pytest.mark.prove
def test_under_load_a_dying_store_never_makes_a_wrong_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Thirty seconds of callers while it is killed and started again, ten times."""
    port = free_port()
    with ExitStack() as stores:
        dynamodb = stores.enter_context(roto(tmp_path / "roto", port))
        with Product(tmp_path / "run", dynamodb=dynamodb) as product:
            person = product.person()
            good, revoked = person.create_key(), person.create_key()
            person.revoke(revoked["id"])
            answers: dict[str, Counter[int]] = {"good": Counter(), "revoked": Counter()}
            stopping = threading.Event()

            def call(name: str, token: str) -> None:
                while not stopping.is_set():
                    answers[name][product.account(token).status] += 1

            with ThreadPoolExecutor(8) as pool:
                for _ in range(4):
                    pool.submit(call, "good", good["token"])
                    pool.submit(call, "revoked", revoked["token"])
                for _ in range(10):
                    time.sleep(1.5)
                    stores.close()
                    time.sleep(1.5)
                    stores.enter_context(roto(tmp_path / "roto", port))
                stopping.set()
            with capsys.disabled():
                print(f"\nwhile the store died ten times: {answers}")
            assert set(answers["good"]) <= {200, 500, 503}
            assert set(answers["revoked"]) <= {401, 500, 503}
            assert answers["good"][200] > 100
            assert answers["revoked"][401] > 100
            assert answers["good"][500] > 10
            assert product.account(good["token"]).status == 200
            assert product.account(revoked["token"]).status == 401


def test_a_store_that_is_not_there_at_start_is_a_sentence(tmp_path: Path) -> None:
    """With its address, on standard error, and status 1."""
    status, output = start_and_fail(tmp_path / "run", dynamodb="http://127.0.0.1:1")
    assert status == 1
    assert "http://127.0.0.1:1 does not work" in output
    assert "Traceback" not in output
