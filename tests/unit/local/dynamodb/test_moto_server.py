import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.dynamodb.environment import NotLoopback, loopback_endpoint
from local.dynamodb.moto_server import KeptRefused, Moto
from local.dynamodb.tables import StoreFailed, create_tables


def client(endpoint: str) -> Any:
    """A client for a table server."""
    return boto3.client("dynamodb", endpoint_url=endpoint)


@pytest.fixture
def moto(tmp_path: Path, resources: dict[str, Any]) -> Iterator[Moto]:
    """Moto with the template's tables."""
    running = start(tmp_path, resources)
    yield running
    running.stop()


def start(tmp_path: Path, resources: dict[str, Any]) -> Moto:
    """Moto as a new process would find it: empty, then restored from its file."""
    from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 -- its state is global

    dynamodb_backends.reset()
    running = Moto(tmp_path / "tables.json")
    create_tables(running.endpoint, resources)
    running.restore()
    return running


def test_items_survive_a_restart(tmp_path: Path, resources: dict[str, Any]) -> None:
    """Of every type that we store, through the file and back."""
    item = {
        "pk": {"S": "a"},
        "sk": {"S": "b"},
        "n": {"N": "123456789012345678"},
        "t": {"BOOL": True},
        "z": {"NULL": True},
        "l": {"L": [{"S": "ü"}, {"M": {"x": {"N": "1"}}}]},
    }
    running = start(tmp_path, resources)
    client(running.endpoint).put_item(TableName="Keys", Item=item)
    running.stop()
    assert (tmp_path / "tables.json").stat().st_mode & 0o777 == 0o600
    running = start(tmp_path, resources)
    found = client(running.endpoint).get_item(
        TableName="Keys", Key={"pk": {"S": "a"}, "sk": {"S": "b"}}
    )
    running.stop()
    assert found["Item"] == item


def test_changes_reach_the_disk_without_a_stop(moto: Moto, tmp_path: Path) -> None:
    """A crash loses at most what came in the last moments."""
    client(moto.endpoint).put_item(TableName="Keys", Item={"pk": {"S": "kept"}, "sk": {"S": "b"}})
    file = tmp_path / "tables.json"
    for _ in range(100):
        if file.exists() and "kept" in file.read_text():
            return
        threading.Event().wait(0.05)
    pytest.fail("the item never reached the file")


def test_a_file_is_not_overwritten_before_it_was_read(
    tmp_path: Path, resources: dict[str, Any]
) -> None:
    """Making the tables is a change too, and must not save them empty over what is kept."""
    file = tmp_path / "tables.json"
    kept = '{"Keys": [{"pk": {"S": "a"}, "sk": {"S": "b"}}]}'
    file.write_text(kept)
    running = Moto(file)
    create_tables(running.endpoint, resources)
    threading.Event().wait(0.8)
    assert file.read_text() == kept
    running.restore()
    running.stop()


@pytest.mark.parametrize("kept", ['{"Gone": []}', "no JSON", '{"Keys": [{"pk"'])
def test_data_that_cannot_be_put_back_are_not_dropped(
    tmp_path: Path, resources: dict[str, Any], kept: str
) -> None:
    """A table that the template lost, or half a file, stops the run and stays as it is."""
    file = tmp_path / "tables.json"
    file.write_text(kept)
    with pytest.raises(KeptRefused, match=r"tables\.json"):
        start(tmp_path, resources)
    assert file.read_text() == kept


def test_no_update_is_lost_under_threads(moto: Moto) -> None:
    """Moto alone loses increments when requests overlap; behind the lock it does not."""

    def add() -> None:
        table = client(moto.endpoint)
        for _ in range(20):
            table.update_item(
                TableName="Keys",
                Key={"pk": {"S": "counter"}, "sk": {"S": "c"}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = client(moto.endpoint).get_item(
        TableName="Keys", Key={"pk": {"S": "counter"}, "sk": {"S": "c"}}
    )
    assert found["Item"]["n"] == {"N": "160"}


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("localhost", {}, 200),
        ("LocalHost", {}, 200),
        ("host.docker.internal", {}, 200),
        ("host.docker.internal", {"Origin": "http://host.docker.internal"}, 421),
        ("127.0.0.1", {"Origin": "http://evil.example"}, 421),
        ("evil.example", {}, 421),
    ],
)
def test_no_page_in_a_browser_reads_the_tables(
    moto: Moto, host: str, origin: dict[str, str], status: int
) -> None:
    """Neither across origins nor under a name of its own that points here."""
    port = int(moto.endpoint.rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    headers = origin | {
        "Host": f"{host}:{port}",
        "X-Amz-Target": "DynamoDB_20120810.ListTables",
        "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/dynamodb/aws4_request",
    }
    connection.request("POST", "/", "{}", headers)
    response = connection.getresponse()
    found = response.read()
    connection.close()
    assert (response.status, b"Keys" in found) == (status, status == 200)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "http://localhost:8000/", "http://[::1]:8000", "http://127.9.9.9"],
)
def test_a_server_on_this_machine_may_be_given(url: str) -> None:
    """By any of its loopback addresses."""
    assert loopback_endpoint(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "https://dynamodb.eu-west-1.amazonaws.com",
        "http://10.0.0.1:8000",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "127.0.0.1:8000",
        "",
    ],
)
def test_any_other_server_is_refused(url: str) -> None:
    """The local run never touches tables of another machine."""
    with pytest.raises(NotLoopback, match="loopback"):
        loopback_endpoint(url)


def test_a_dead_server_is_a_sentence(resources: dict[str, Any]) -> None:
    """Not a traceback."""
    with pytest.raises(StoreFailed, match=r"http://127\.0\.0\.1:1 does not work"):
        create_tables("http://127.0.0.1:1", resources)


def test_a_transaction_that_fails_undoes_what_it_did(moto: Moto) -> None:
    """Puts of new items, puts over old ones and updates alike, however many items there are."""
    table = client(moto.endpoint)
    old = {"pk": {"S": "p"}, "sk": {"S": "old"}, "n": {"N": "1"}, "l": {"L": [{"S": "x"}]}}
    table.put_item(TableName="Keys", Item=old)
    writes: list[dict[str, dict[str, Any]]] = [
        {"Put": {"Item": {"pk": {"S": "p"}, "sk": {"S": "new"}}}},
        {
            "Update": {
                "Key": {"pk": {"S": "p"}, "sk": {"S": "old"}},
                "UpdateExpression": "SET l = :l ADD n :n",
                "ExpressionAttributeValues": {":l": {"L": []}, ":n": {"N": "1"}},
            }
        },
        {
            "Put": {
                "Item": {"pk": {"S": "q"}, "sk": {"S": "x"}},
                "ConditionExpression": "attribute_exists(pk)",
            }
        },
    ]
    for write in writes:
        next(iter(write.values()))["TableName"] = "Keys"
    with pytest.raises(table.exceptions.TransactionCanceledException):
        table.transact_write_items(TransactItems=writes)
    assert table.scan(TableName="Keys")["Items"] == [old]
    table.transact_write_items(TransactItems=writes[:2])
    changed = old | {"n": {"N": "2"}, "l": {"L": []}}
    assert sorted(item["sk"]["S"] for item in table.scan(TableName="Keys")["Items"]) == [
        "new",
        "old",
    ]
    found = table.get_item(TableName="Keys", Key={"pk": old["pk"], "sk": old["sk"]})["Item"]
    assert found == changed


def test_a_stream_has_what_was_written_and_nothing_else(
    moto: Moto, resources: dict[str, Any]
) -> None:
    """In order; not what a failed transaction would have written, nor another table's items."""
    brought: list[tuple[str, str, str]] = []

    def bring(name: str, records: list[dict[str, Any]]) -> None:
        for record in records:
            changed = record["dynamodb"]
            assert ("NewImage" in changed) == (record["eventName"] != "REMOVE")
            brought.append((name, record["eventName"], changed["Keys"]["sk"]["S"]))

    moto.stream(resources, bring)
    table = client(moto.endpoint)
    puts = [
        {"Put": {"TableName": "Keys", "Item": {"pk": {"S": "p"}, "sk": {"S": sk}}}}
        for sk in ("a", "b", "c")
    ]
    puts[2]["Put"]["ConditionExpression"] = "attribute_exists(pk)"
    with pytest.raises(table.exceptions.TransactionCanceledException):
        table.transact_write_items(TransactItems=puts)
    table.transact_write_items(TransactItems=puts[:2])
    table.put_item(TableName="Agents", Item={"pk": {"S": "p"}, "sk": {"S": "agent"}})
    table.put_item(TableName="Keys", Item={"pk": {"S": "p"}, "sk": {"S": "b"}})
    table.delete_item(TableName="Keys", Key={"pk": {"S": "p"}, "sk": {"S": "a"}})
    assert brought == [
        ("Keys", "INSERT", "a"),
        ("Keys", "INSERT", "b"),
        ("Keys", "MODIFY", "b"),
        ("Keys", "REMOVE", "a"),
    ]


def test_what_is_restored_is_not_new(tmp_path: Path, resources: dict[str, Any]) -> None:
    """A start brings no function what an earlier run has brought it."""
    running = start(tmp_path, resources)
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    client(running.endpoint).put_item(TableName="Keys", Item=item)
    running.stop()
    from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 -- its state is global

    dynamodb_backends.reset()
    brought: list[str] = []
    running = Moto(tmp_path / "tables.json")
    create_tables(running.endpoint, resources)
    running.stream(resources, lambda name, _: brought.append(name))
    running.restore()
    client(running.endpoint).put_item(TableName="Agents", Item=item)
    running.stop()
    assert brought == []


def test_transactions_stay_fast_as_a_table_grows(moto: Moto) -> None:
    """Moto's own copies take half a second at a thousand items."""
    table = client(moto.endpoint)
    for n in range(0, 2000, 25):
        items = [
            {
                "pk": {"S": "p"},
                "sk": {"S": f"{n + k:04}"},
                **{f"a{i}": {"S": "x"} for i in range(12)},
            }
            for k in range(25)
        ]
        table.batch_write_item(RequestItems={"Keys": [{"PutRequest": {"Item": i}} for i in items]})
    writes = [
        {"Put": {"TableName": "Keys", "Item": {"pk": {"S": "q"}, "sk": {"S": str(n)}}}}
        for n in range(5)
    ]
    started = time.process_time()
    table.transact_write_items(TransactItems=writes)
    assert time.process_time() - started < 0.5
