"""The local run itself: restarts, edits, what it writes and what it refuses."""

import contextlib
import os
import shutil
import signal
import socket
import stat
from pathlib import Path

import boto3
import pytest

from tests.faults.source_copy import SourceCopy
from tests.support.product import Product, eventually, start_and_fail


def test_data_and_key_survive_a_restart(tmp_path: Path) -> None:
    """The printed key stays the same as long as it works; revoked keys stay revoked."""
    with Product(tmp_path / "run") as product:
        person = product.person("user_somebody")
        kept, revoked = person.create_key(), person.create_key()
        person.revoke(revoked["id"])
        first = product.api_key
    assert not (tmp_path / "run/run.json").exists()
    with Product(tmp_path / "run") as product:
        assert product.api_key == first
        assert product.account(kept["token"]).status == 200
        assert product.account(revoked["token"]).status == 401
        product.request("DELETE", "/api/v1/account/key", f"Bearer {first}")
    with Product(tmp_path / "run") as product:
        assert product.api_key != first
        assert product.account(product.api_key).status == 200


def test_a_crash_loses_nothing_that_was_answered_a_moment_before(tmp_path: Path) -> None:
    """Killed without a chance to tidy up, and its functions do not outlive it."""
    product = Product(tmp_path / "run")
    with product:
        key = product.person("user_somebody").create_key()
        tables = tmp_path / "run/tables.json"
        eventually(lambda: tables.exists() and key["id"] in tables.read_text())
        product.process.kill()
        product.process.wait()
    with product:
        assert product.account(key["token"]).status == 200


def test_what_it_tells_other_programs(product: Product) -> None:
    """run.json: its address, the key, the tables and the process."""
    described = product.description
    assert described.keys() == {"url", "apiKey", "dynamodb", "pid"}
    assert described["pid"] == product.process.pid
    tables = boto3.client("dynamodb", endpoint_url=described["dynamodb"])
    assert sorted(tables.list_tables()["TableNames"]) == ["Agents", "Keys"]


def test_its_folder_is_its_owners(tmp_path: Path) -> None:
    """Nobody else on the machine reads keys or sessions."""
    with Product(tmp_path / "run") as product:
        eventually((product.data / "tables.json").exists)
        assert stat.S_IMODE(product.data.stat().st_mode) == 0o700
        for name in ("run.json", "seed.json", "clerk-key.pem", "tables.json"):
            assert stat.S_IMODE((product.data / name).stat().st_mode) == 0o600


def test_row_69_no_token_is_written_anywhere(product: Product) -> None:
    """Logs, tables, output: after a key's whole life its token is in none of them."""
    person = product.person()
    key = person.create_key()
    product.account(key["token"])
    product.request("GET", f"/api/v1/{key['token']}?q={key['token']}", f"Bearer {key['token']}")
    product.request("GET", f"/{key['token']}")
    product.request("GET", f"/{key['token']}", Host=f"{key['token']}:1")
    person.request("GET", f"/api-keys/{key['token']}")
    person.revoke(key["id"])
    product.account(key["token"])
    written = product.written()
    assert key["id"] in written
    assert key["token"] not in written
    assert "Bearer ey" not in written
    assert "a-real-secret" not in written


def test_a_port_in_use_is_a_sentence(product: Product, tmp_path: Path) -> None:
    """Not a traceback, and the other run goes on."""
    status, output = start_and_fail(tmp_path / "run", port=product.port)
    assert status == 1
    assert f"port {product.port} is in use" in output
    assert "Traceback" not in output
    assert product.account(product.api_key).status == 200


@pytest.mark.parametrize("reset", [False, True])
def test_data_in_use_are_not_touched(
    product: Product,
    tmp_path: Path,
    reset: bool,  # noqa: FBT001
) -> None:
    """Two runs would overwrite each other's tables; one that resets would delete them."""
    status, output = start_and_fail(product.data, reset=reset, output=tmp_path / "out")
    assert status == 1
    assert "another run uses" in output
    assert "Traceback" not in output
    assert product.account(product.api_key).status == 200
    assert (product.data / "run.json").exists()


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_a_sentence(tmp_path: Path, port: str) -> None:
    """With how to use the command."""
    status, output = start_and_fail(tmp_path / "run", port=port)
    assert status == 2
    assert "usage: python -m local" in output
    assert "Traceback" not in output


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    """And what is there stays."""
    (tmp_path / "file").write_text("mine")
    for folder in ("file", "file/below"):
        status, output = start_and_fail(tmp_path / folder, output=tmp_path / "out")
        assert status == 1
        assert "cannot be used as a folder" in output
        assert "Traceback" not in output
    assert (tmp_path / "file").read_text() == "mine"


def test_a_store_elsewhere_is_refused(tmp_path: Path) -> None:
    """A variable left over from other work must not let a test run touch real tables."""
    url = "https://dynamodb.eu-west-1.amazonaws.com"
    status, output = start_and_fail(tmp_path / "run", dynamodb=url)
    assert status == 1
    assert "loopback" in output
    assert "Traceback" not in output


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of what the run is made of, to be edited."""
    return SourceCopy(tmp_path / "source").folder


def edit(file: Path, old: str, new: str) -> None:
    """Replaces text in a file, which must be there."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_edits_take_effect_on_the_next_request(tmp_path: Path, source: Path) -> None:
    """Of a handler, of the layer and of the template, without a restart."""
    with Product(tmp_path / "run", source=source) as product:
        edit(
            source / "functions/openapi/handler.py", '"public, max-age=300"', '"public, max-age=1"'
        )
        served = product.request("GET", "/api/v1/openapi.yaml")
        assert served.headers["cache-control"] == "public, max-age=1"

        edit(
            source / "layers/core/agentcontainer/web/errors.py",
            "There is no such route",
            "Nothing here",
        )
        nothing = product.request("GET", "/api/v1/nothing", f"Bearer {product.api_key}")
        assert nothing.json["error"]["message"] == "Nothing here."

        edit(source / "template.yaml", "Invalid or missing API key.", "No.")
        assert product.account("garbled").json["error"]["message"] == "No."
        assert product.account(product.api_key).status == 200

        edit(source / "template.yaml", "KEYS_TABLE: !Ref Keys", "KEYS_TABLE: !Ref Gone")
        broken = product.account(product.api_key)
        assert (broken.status, "Gone" in broken.body.decode()) == (500, True)
        edit(source / "template.yaml", "!Ref Gone", "!Ref Keys")
        edit(source / "template.yaml", "\nResources:", "\nResources: [")
        assert product.account(product.api_key).status == 500
        edit(source / "template.yaml", "\nResources: [", "\nResources:")
        assert product.account(product.api_key).status == 200


def test_without_npm_the_api_works_and_the_page_says_what_to_do(
    tmp_path: Path, source: Path
) -> None:
    """In the greeting, and where the page and the reference would be."""
    shutil.rmtree(source / "dashboard/vendor", ignore_errors=True)
    with Product(tmp_path / "run", source=source) as product:
        assert product.account(product.api_key).status == 200
        assert "Install npm" in product.output.read_text()
        assert b"Install npm" in product.request("GET", "/config.js").body
        assert product.request("GET", "/main.js").status == 200
        assert product.request("GET", "/docs/docs.js").status == 200
        assert product.request("GET", "/docs/openapi.yaml").status == 200


def test_it_starts_without_credentials_or_a_home(tmp_path: Path) -> None:
    """`make run` on a bare machine: the environment holds a PATH and nothing else."""
    with Product(tmp_path / "run") as product:
        product.environment = {"PATH": os.environ["PATH"]}
    with product:
        assert product.account(product.api_key).status == 200


def test_a_proxy_of_the_shell_is_never_asked(tmp_path: Path) -> None:
    """It starts and serves, whatever the shell says to boto3, to TLS or to the emulator."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        product = Product(tmp_path / "run")
        for kind in ("http", "https", "all"):
            product.environment |= {f"{kind}_proxy": address, f"{kind.upper()}_PROXY": address}
        product.environment |= {
            "INITIAL_NO_AUTH_ACTION_COUNT": "0",
            "REQUESTS_CA_BUNDLE": "/nowhere",
            "SSL_CERT_FILE": "/nowhere",
        }
        with product:
            key = product.person("user_proxied").create_key()
            assert product.account(key["token"]).status == 200
        proxy.settimeout(0)
        with pytest.raises(BlockingIOError):
            proxy.accept()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_functions_end_with_the_run(tmp_path: Path, end: signal.Signals) -> None:
    """Neither a stop nor a crash leaves a process behind."""
    with Product(tmp_path / "run") as product:
        product.account(product.api_key)
        children = descendants(product.process.pid)
        assert children
        product.process.send_signal(end)
        product.process.wait(20)
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def descendants(pid: int) -> list[int]:
    """Every process below one, by /proc (Linux)."""
    found = []
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        pytest.skip("needs /proc: processes are counted on Linux only")
    for task in tasks.iterdir():
        # A thread may end while they are listed.
        with contextlib.suppress(FileNotFoundError):
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def test_usage_is_there_after_a_moment_and_none_is_lost_by_stopping(tmp_path: Path) -> None:
    """While it runs, and what nobody was told of yet when Ctrl-C came."""

    def accepted(running: Product) -> int:
        path = f"/api-keys/{key['id']}/usage?days=2"
        days = running.person("user_usage").request("GET", path).json["data"]
        return sum(day["accepted"] for day in days)

    with Product(tmp_path / "data") as first:
        key = first.person("user_usage").create_key()
        for _ in range(3):
            assert first.account(key["token"]).status == 200
        eventually(lambda: accepted(first) == 3)
        for _ in range(2):
            assert first.account(key["token"]).status == 200
    with Product(tmp_path / "data") as second:
        assert accepted(second) == 5


def test_reset_starts_empty(tmp_path: Path) -> None:
    """Of data, key and sessions."""
    with Product(tmp_path / "run") as product:
        first = product.api_key
    (tmp_path / "run/marker").touch()
    with Product(tmp_path / "run", reset=True) as product:
        assert product.api_key != first
        assert not (tmp_path / "run/marker").exists()
