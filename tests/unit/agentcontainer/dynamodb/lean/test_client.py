import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from agentcontainer.dynamodb.lean.client import GetItem, GetItemFailed
from agentcontainer.settings import MissingSetting
from tests.support.dynamodb_stub import (
    Asked,
    Behaviour,
    Stub,
    answer,
    close,
    cut,
    deaf,
    drip,
    ending,
    error,
    good,
    http,
    item,
    item_answer,
    stub,
    wait,
)
from tests.support.ports import free_port
from tests.support.product import eventually

DEADLINE = 0.2
# What a busy machine may add to it before a thread runs again; harm lasts longer.
SLACK = 1
HARM = 5
KEY = {"pk": "digest#1", "sk": "digest"}

type Client = Callable[..., GetItem]


@pytest.fixture
def server() -> Iterator[Stub]:
    """A server that answers well, until a test tells it otherwise."""
    with stub() as running:
        yield running


@pytest.fixture
def client(server: Stub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Makes clients of it, or of another server, which have not connected yet."""
    made: list[GetItem] = []

    def make(deadline: float = 4, url: str | None = None) -> GetItem:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", url or server.url)
        made.append(GetItem("Keys", deadline=deadline))
        return made[-1]

    yield make
    for table in made:
        table.close()


@pytest.fixture
def table(client: Client) -> GetItem:
    """A client with a deadline that a busy machine does not miss."""
    return client()


def ask(table: GetItem) -> Any:
    """The one item."""
    return table.get(**KEY)


def send(make: Callable[[Asked], bytes]) -> Behaviour:
    """Whatever `make` makes of the request."""

    def behave(connection: socket.socket, asked: Asked) -> bool:
        connection.sendall(make(asked))
        return True

    return behave


def test_it_asks_for_one_item_strongly_consistent(server: Stub, table: GetItem) -> None:
    """One POST to /, GetItem, ConsistentRead, the whole primary key."""
    assert ask(table) == KEY
    [asked] = server.asked
    assert asked.head.startswith("POST / HTTP/1.1\r\n")
    assert asked.header("x-amz-target") == "DynamoDB_20120810.GetItem"
    assert asked.header("host") == f"127.0.0.1:{server.port}"
    assert asked.json == {
        "TableName": "Keys",
        "Key": {"pk": {"S": "digest#1"}, "sk": {"S": "digest"}},
        "ConsistentRead": True,
    }


def test_no_item_is_none(server: Stub, table: GetItem) -> None:
    """An empty answer, and nothing else, says that there is none."""
    server.script = [answer(http(b"{}"))]
    assert ask(table) is None


def test_values_are_plain(server: Stub, table: GetItem) -> None:
    """As in `Table.get`, which the management functions use."""
    server.script = [
        send(lambda asked: http(item_answer(asked, v={"N": "1"}, scopes={"L": [{"S": "a"}]})))
    ]
    assert ask(table) == KEY | {"v": 1, "scopes": ["a"]}


def test_a_connection_is_kept(server: Stub, table: GetItem) -> None:
    """Many questions, one connection."""
    for _ in range(5):
        assert ask(table) == KEY
    assert server.connections == 1


@pytest.mark.parametrize(
    "framing",
    [{"connection": "close"}, {"connection": "Close"}, {"version": "HTTP/1.0"}],
    ids=str,
)
def test_a_connection_that_the_server_ends_is_not_used_again(
    server: Stub, table: GetItem, framing: dict[str, str]
) -> None:
    """`Connection: close`, and HTTP/1.0 without a word."""
    server.after = item(**framing)
    assert ask(table) == ask(table) == KEY
    assert server.connections == 2


def test_http_1_0_may_keep_a_connection(server: Stub, table: GetItem) -> None:
    """If it says so."""
    server.after = item(version="HTTP/1.0", connection="keep-alive")
    assert ask(table) == ask(table) == KEY
    assert server.connections == 1


def test_a_dead_connection_is_replaced_at_once(server: Stub, table: GetItem) -> None:
    """The server ended it while the function was frozen: one new one, no pause, no lost attempt."""
    assert ask(table) == KEY
    server.drop()
    server.script = [error("500 Oops", "InternalServerError")] * 3
    assert ask(table) == KEY
    assert server.connections == 2


def test_a_connection_that_ends_on_the_question_is_replaced_at_once(
    server: Stub, table: GetItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ended it while the question was under way: asked again, without a pause."""
    assert ask(table) == KEY
    monkeypatch.delattr("agentcontainer.dynamodb.lean.client.time.sleep")
    server.script = [close]
    assert ask(table) == KEY
    assert (server.connections, len(server.asked)) == (2, 3)


FAULTS: dict[str, Behaviour] = {
    "no answer": close,
    "cut in the head": cut(0.1),
    "cut in the body": cut(0.95),
    "too late": wait(HARM),
    "slow drip": drip(0.02),
    "garbage": answer(b"\x00\xff garbage \r\n\r\n"),
    "endless head": answer(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 10_000),
    "another protocol": answer(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
    "not a status": item(status="2000 OK"),
    "a line that continues": answer(
        b"HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 2\r\n\r\n{}"
    ),
    "two lengths": answer(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nContent-Length: 3\r\n\r\n{} "),
    "no length": item(content_length=None),
    "a length that is none": item(content_length="+5"),
    "a length in other digits": item(content_length="٥"),
    "an enormous length": item(content_length="99999999"),
    "length too small": item(content_length="5", x_amz_crc32=None),
    "length too large": item(content_length="900", x_amz_crc32=None),
    "chunks": answer(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    "chunks and a length": item(transfer_encoding="chunked"),
    "compressed": item(content_encoding="gzip"),
    "wrong crc": item(x_amz_crc32="1"),
    "crc that is no number": item(x_amz_crc32="x"),
    "wrong crc of an empty answer": answer(http(b"{}", x_amz_crc32="1")),
    "nothing": answer(http(b"")),
    "not JSON": answer(http(b"<html>")),
    "not UTF-8": answer(http(b'{"Item": "\xff"}')),
    "too deep": answer(http(b"[" * 100_000)),
    "a list": answer(http(b"[]")),
    "null": answer(http(b"null")),
    "another answer": answer(http(b'{"message": "welcome"}')),
    "an item that is null": answer(http(b'{"Item": null}')),
    "an item that is empty": answer(http(b'{"Item": {}}')),
    "an item of no type": answer(http(b'{"Item": {"pk": "digest#1", "sk": "digest"}}')),
    "an item of another type": send(lambda asked: http(item_answer(asked, b={"B": "AA=="}))),
    "another item": answer(http(b'{"Item": {"pk": {"S": "digest#2"}, "sk": {"S": "digest"}}}')),
    "a redirection": item(status="301 Moved", location="http://127.0.0.1/"),
    "accepted": item(status="202 Accepted"),
    "no content": answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "continue": answer(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "500": error("500 Internal Server Error", "InternalServerError"),
    "500 without a word": answer(http(b"", "500 Internal Server Error")),
    "500 in chunks": answer(
        b"HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    ),
    "500 without a length": ending(b"HTTP/1.1 500 Oops\r\n\r\n<html>"),
    "503": error("503 Service Unavailable", "ServiceUnavailable"),
    "throttled": error("400 Bad Request", "ThrottlingException"),
    "throttled by the table": error("400 Bad Request", "ProvisionedThroughputExceededException"),
    "denied": error("400 Bad Request", "AccessDeniedException"),
    "no table": error("400 Bad Request", "ResourceNotFoundException"),
    "unauthorized": answer(http(b"{}", "401 Unauthorized")),
    "not found": answer(http(b"{}", "404 Not Found")),
}


@pytest.mark.alone
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_the_server_does_is_an_error_in_time(
    server: Stub, client: Client, fault: Behaviour
) -> None:
    """Never an item, never None, never a wait beyond the deadline; and then it works again."""
    table = client(deadline=DEADLINE)
    eventually(lambda: answers(table))
    server.after = fault
    started = time.monotonic()
    with pytest.raises(GetItemFailed):
        ask(table)
    assert time.monotonic() - started < DEADLINE + SLACK < HARM
    server.after = good
    eventually(lambda: answers(table))


def answers(table: GetItem) -> bool:
    """Whether the item comes; on a busy machine a fifth of a second can be too short for it."""
    try:
        return bool(ask(table) == KEY)
    except GetItemFailed:
        return False


PASSING = [
    "garbage",
    "another protocol",
    "not a status",
    "a line that continues",
    "two lengths",
    "no length",
    "a length that is none",
    "an enormous length",
    "chunks",
    "chunks and a length",
    "compressed",
    "no content",
    "continue",
    "an item that is empty",
    "an item of no type",
    "another item",
    "500 in chunks",
    "500 without a length",
    "no answer",
    "cut in the head",
    "cut in the body",
    "length too small",
    "wrong crc",
    "not JSON",
    "another answer",
    "an item that is null",
    "500",
    "500 without a word",
    "503",
    "throttled",
    "throttled by the table",
]


@pytest.mark.parametrize("name", PASSING)
def test_what_may_pass_is_tried_again(server: Stub, table: GetItem, name: str) -> None:
    """Three failures in a row, and the fourth attempt's answer counts."""
    server.script = [FAULTS[name]] * 3
    assert ask(table) == KEY
    assert len(server.asked) == 4


@pytest.mark.parametrize("name", PASSING)
def test_it_is_tried_four_times_and_no_more(server: Stub, table: GetItem, name: str) -> None:
    """A store in trouble does not get more questions for it."""
    server.after = FAULTS[name]
    with pytest.raises(GetItemFailed, match="attempt 4"):
        ask(table)
    assert len(server.asked) == 4


@pytest.mark.parametrize("name", ["denied", "no table", "unauthorized", "not found"])
def test_what_would_be_the_same_again_is_asked_once(
    server: Stub, table: GetItem, name: str
) -> None:
    """Errors of ours. What is no response of DynamoDB's may be one the next time."""
    server.after = FAULTS[name]
    with pytest.raises(GetItemFailed):
        ask(table)
    assert len(server.asked) == 1


def test_a_slow_answer_leaves_time_for_another(server: Stub, table: GetItem) -> None:
    """No attempt may take more than a quarter of the deadline."""
    server.script = [wait(HARM)]
    assert ask(table) == KEY
    assert server.connections == 2


def test_pauses_are_random_and_grow(
    server: Stub, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full jitter: between nothing and a bound that doubles. Callers do not come all at once."""
    pauses: list[list[float]] = []

    def sleep(seconds: float) -> None:
        pauses[-1].append(seconds)

    monkeypatch.setattr("agentcontainer.dynamodb.lean.client.time.sleep", sleep)
    for _ in range(40):
        pauses.append([])
        server.script = [error("500 Oops", "InternalServerError")] * 3
        assert ask(client(deadline=6)) == KEY
    for n, bound in enumerate((0.05, 0.1, 0.2)):
        column = [row[n] for row in pauses]
        assert max(column) <= bound
        assert min(column) < bound / 2 < max(column)


def test_an_answer_that_nobody_waited_for_answers_nothing(server: Stub, table: GetItem) -> None:
    """Octets behind an answer are not taken for the answer to the next question."""

    def twice(connection: socket.socket, asked: Asked) -> bool:
        connection.sendall(http(item_answer(asked)))
        time.sleep(0.05)
        connection.sendall(http(b"{}"))
        return True

    server.script = [twice]
    assert ask(table) == KEY
    time.sleep(0.1)
    assert ask(table) == KEY
    assert server.connections == 2


def test_an_absent_crc_is_accepted(server: Stub, table: GetItem) -> None:
    """Not every server of DynamoDB's protocol sends it."""
    server.script = [item(x_amz_crc32=None)]
    assert ask(table) == KEY


def test_one_send_a_question_without_delay(
    server: Stub, table: GetItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In two, the second would wait for an acknowledgement of the first."""
    sent: list[tuple[socket.socket, bytes]] = []

    def sendall(connected: socket.socket, data: bytes) -> None:
        sent.append((connected, data))
        assert connected.send(data) == len(data)

    monkeypatch.setattr("socket.socket.sendall", sendall)
    table.get("digest#2", "digest")
    # The server's answer goes the same way.
    [connected] = [by for by, data in sent if data.startswith(b"POST ")]
    [whole] = [data for by, data in sent if by is connected]
    assert whole.endswith(server.asked[0].body)
    assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_credentials_are_those_of_the_moment(
    server: Stub, table: GetItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read for each question, the session's token included."""
    ask(table)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNEXT")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token")
    ask(table)
    first, second = server.asked
    assert "Credential=test/" in (first.header("authorization") or "")
    assert first.header("x-amz-security-token") is None
    assert "Credential=AKIDNEXT/" in (second.header("authorization") or "")
    assert second.header("x-amz-security-token") == "a-token"


def test_every_attempt_has_a_time_of_its_own(
    server: Stub, table: GetItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function that was frozen between two questions does not sign with the time of the first."""
    moments = iter([1_774_431_000.0, 1_774_531_000.0])
    monkeypatch.setattr("agentcontainer.dynamodb.lean.client.time.time", lambda: next(moments))
    ask(table)
    ask(table)
    assert [asked.header("x-amz-date") for asked in server.asked] == [
        f"{datetime.fromtimestamp(moment, UTC):%Y%m%dT%H%M%SZ}"
        for moment in (1_774_431_000, 1_774_531_000)
    ]


def test_an_error_says_what_happened_and_no_secret(server: Stub, table: GetItem) -> None:
    """The kind of the error, but not its message, which can repeat what was signed."""
    said = {"__type": "x#InvalidSignatureException", "message": "x-amz-security-token:secret"}
    server.script = [answer(http(json.dumps(said).encode(), "400 Bad Request"))]
    with pytest.raises(GetItemFailed) as failed:
        ask(table)
    assert str(failed.value) == "DynamoDB answered 400 InvalidSignatureException"


def test_warm_connects_and_asks_nothing(server: Stub, table: GetItem) -> None:
    """The first question then finds a connection; the table is not charged for it."""
    table.warm()
    assert server.asked == []
    assert ask(table) == KEY
    assert server.connections == 1


def test_a_store_that_is_not_there_yet_is_no_end(client: Client) -> None:
    """`warm` says so, in time; once the store is there, a question is answered."""
    port = free_port()
    table = client(url=f"http://127.0.0.1:{port}")
    with pytest.raises(GetItemFailed, match="no connection"):
        table.warm()
    with pytest.raises(GetItemFailed, match="no connection"):
        ask(table)
    with stub(port=port):
        assert ask(table) == KEY


def resolve_to(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Gives the server's name an address for each port, in this order."""
    addresses = [
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))
        for port in ports
    ]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: addresses)


@pytest.mark.parametrize("swallowing", [1, 2, 7])
def test_an_address_that_swallows_everything_leaves_time_for_the_next(
    server: Stub, client: Client, monkeypatch: pytest.MonkeyPatch, swallowing: int
) -> None:
    """However many there are before the one that works, within one attempt (RFC 8305)."""
    table = client(deadline=8)
    with deaf() as port:
        resolve_to(monkeypatch, *[port] * swallowing, server.port)
        table.warm()
    assert ask(table) == KEY
    assert server.connections == 1


def test_an_address_that_is_closed_costs_nothing(
    server: Stub, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one is tried at once, and not after the pause for one that says nothing."""
    monkeypatch.setattr("agentcontainer.dynamodb.lean.connection._NEXT_ADDRESS_SECONDS", HARM)
    table = client(deadline=4 * HARM * 2)
    resolve_to(monkeypatch, free_port(), server.port)
    started = time.monotonic()
    assert ask(table) == KEY
    assert time.monotonic() - started < SLACK


def test_an_address_of_a_family_that_the_machine_lacks_costs_nothing(
    server: Stub, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one to which there is no way: it is refused at once, and is no connection."""
    table = client()
    good_one = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port))
    others = [
        (12_345, socket.SOCK_STREAM, 0, "", ("127.0.0.1", server.port)),
        (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("255.255.255.255", server.port)),
    ]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [*others, good_one])
    assert ask(table) == KEY


def test_a_slow_address_may_still_win(
    server: Stub, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another is begun beside it, not in its place: here the other one never answers."""
    monkeypatch.setattr("agentcontainer.dynamodb.lean.connection._NEXT_ADDRESS_SECONDS", 0.0)
    table = client()
    with deaf() as port:
        resolve_to(monkeypatch, server.port, port, port)
        assert ask(table) == KEY


def test_an_address_that_connects_and_says_nothing_is_the_next_to_wait(
    server: Stub, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second attempt begins with another address, whatever the resolver's order."""
    with stub(wait(HARM)) as silent:
        table = client(deadline=4)
        resolve_to(monkeypatch, silent.port, server.port)
        assert ask(table) == KEY
        assert (silent.connections, server.connections) == (1, 1)
        table.close()
        # Once an answer came, all addresses are as good as before.
        silent.after = good
        assert ask(table) == KEY
        assert (silent.connections, server.connections) == (2, 1)


def test_addresses_that_all_swallow_are_an_error_in_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline is for all of them together."""
    table = client(deadline=DEADLINE)
    with deaf() as port:
        resolve_to(monkeypatch, port, port, port)
        started = time.monotonic()
        with pytest.raises(GetItemFailed, match="no connection"):
            ask(table)
        assert time.monotonic() - started < DEADLINE + SLACK


def test_a_name_without_an_address_is_an_error(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the resolver says so by an empty list."""
    resolve_to(monkeypatch)
    with pytest.raises(GetItemFailed, match="no address"):
        ask(client())


def test_a_resolver_that_hangs_is_an_error_in_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up of the name is part of the deadline: the system's own limit is longer."""
    hung = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [][: hung.wait(HARM)])
    table = client(deadline=DEADLINE)
    started = time.monotonic()
    with pytest.raises(GetItemFailed, match="no connection"):
        ask(table)
    assert time.monotonic() - started < DEADLINE + SLACK
    hung.set()


def test_a_region_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that lacks it fails at start, by name."""
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(MissingSetting, match="AWS_REGION"):
        GetItem("Keys")
