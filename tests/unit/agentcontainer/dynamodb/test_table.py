import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber

from agentcontainer.dynamodb import table as module
from agentcontainer.dynamodb.conditions import ABSENT, PRESENT, ConditionFailed, Put, Update
from agentcontainer.dynamodb.item import encode_item
from agentcontainer.dynamodb.table import Table
from agentcontainer.errors import StoreUnavailable
from tests.support.dynamodb_stub import answer, http, stub


def item(sk: str, **attributes: Any) -> dict[str, Any]:
    """An item of one partition."""
    return {"pk": "p", "sk": sk, **attributes}


@pytest.fixture
def table(tables: Any) -> Table:
    """An empty table."""
    return Table("Keys")


@pytest.fixture
def stubbed() -> Iterator[tuple[Table, Stubber]]:
    """A table whose answers the test gives."""
    table = Table("Keys")
    with Stubber(table._client) as stubber:  # noqa: SLF001 -- the one place to break it
        yield table, stubber


def cancelled(*reasons: str) -> dict[str, Any]:
    """How DynamoDB cancels a transaction."""
    return {
        "service_error_code": "TransactionCanceledException",
        "modeled_fields": {"CancellationReasons": [{"Code": reason} for reason in reasons]},
    }


def test_an_item_is_there_after_the_transaction_that_put_it(table: Table) -> None:
    """Reads are consistent."""
    table.transact(Put(item("a", name="x", status=None, ttl=5)))
    assert table.get("p", "a") == item("a", name="x", status=None, ttl=5)
    assert table.get("p", "b") is None


def test_reserved_words_are_ordinary_attributes(table: Table) -> None:
    """Names that DynamoDB reserves go by placeholders in every expression."""
    table.transact(Put(item("a", name="x", status="new")))
    update = Update(
        pk="p", sk="a", set={"name": "y", "status": "old"}, where={"name": "x", "status": "new"}
    )
    table.transact(update)
    assert table.get("p", "a") == item("a", name="y", status="old")


def test_a_condition_that_fails_undoes_all(table: Table) -> None:
    """All writes or none, and the caller learns which condition it was."""
    table.transact(Put(item("a", revision=1)))
    fresh = Put(item("b"), where={"pk": ABSENT})
    stale = Update(pk="p", sk="a", set={"revision": 8}, where={"revision": 7})
    with pytest.raises(ConditionFailed) as refused:
        table.transact(fresh, stale)
    assert refused.value.writes == [stale]
    assert table.get("p", "b") is None
    assert table.get("p", "a") == item("a", revision=1)


def test_absent_means_that_there_is_no_such_attribute(table: Table) -> None:
    """A new item is never written over an old one."""
    table.transact(Put(item("a"), where={"pk": ABSENT}))
    with pytest.raises(ConditionFailed):
        table.transact(Put(item("a", name="other"), where={"pk": ABSENT}))


def test_a_page_ends_where_dynamodb_stops_reading(table: Table) -> None:
    """At about 1 MB a page is short, and nothing is lost behind it."""
    for n in range(6):
        table.transact(Put(item(f"k#{n}", text="x" * 300_000)))
    pages, after = [], None
    while True:
        items, after = table.newest(
            "p", "k#", after=after, limit=100, read=dict, wanted=lambda _: True
        )
        pages.append([found["sk"] for found in items])
        if after is None:
            break
    assert len(pages) > 1
    assert [name for page in pages for name in page] == [f"k#{n}" for n in range(5, -1, -1)]


def test_a_page_ends_after_a_thousand_items_looked_at(table: Table, tables: Any) -> None:
    """A filter that nothing passes costs a bounded read, and the list goes on."""
    puts = [{"PutRequest": {"Item": encode_item(item(f"k#{n:04}"))}} for n in range(1050)]
    for start in range(0, len(puts), 25):
        tables.batch_write_item(RequestItems={"Keys": puts[start : start + 25]})
    items, after = table.newest("p", "k#", after=None, limit=99, read=dict, wanted=lambda _: False)
    assert items == []
    assert after is not None
    items, after = table.newest("p", "k#", after=after, limit=99, read=dict, wanted=lambda _: True)
    assert [found["sk"] for found in items][-1] == "k#0000"
    assert after is None


def test_a_conflict_is_tried_again(
    stubbed: tuple[Table, Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two transactions on one item are ordinary; boto3 does not retry them, this does."""
    table, stubber = stubbed
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    for _ in range(3):
        stubber.add_client_error("transact_write_items", **cancelled("None", "TransactionConflict"))
    stubber.add_response("transact_write_items", {})
    table.transact(Put(item("a")), Put(item("b")))
    assert len(waits) == 3
    stubber.assert_no_pending_responses()


def test_a_conflict_that_stays_ends_as_unavailable(
    stubbed: tuple[Table, Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within three seconds, so that the caller gets an answer before the function is killed."""
    table, stubber = stubbed
    clock = iter(range(100))
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    for _ in range(10):
        stubber.add_client_error("transact_write_items", **cancelled("TransactionConflict"))
    with pytest.raises(StoreUnavailable):
        table.transact(Put(item("a")))


def test_a_failed_condition_outweighs_a_conflict(stubbed: tuple[Table, Stubber]) -> None:
    """The state is decided; trying again could only fail again."""
    table, stubber = stubbed
    writes = (Put(item("a")), Put(item("b"), where={"pk": ABSENT}))
    stubber.add_client_error(
        "transact_write_items", **cancelled("TransactionConflict", "ConditionalCheckFailed")
    )
    with pytest.raises(ConditionFailed) as refused:
        table.transact(*writes)
    assert refused.value.writes == [writes[1]]


def test_a_cancellation_for_another_reason_is_a_bug(stubbed: tuple[Table, Stubber]) -> None:
    """It is not retried and not taken for a condition."""
    table, stubber = stubbed
    stubber.add_client_error("transact_write_items", **cancelled("ValidationError"))
    with pytest.raises(ClientError):
        table.transact(Put(item("a")))


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (400, "ThrottlingException", StoreUnavailable),
        (400, "ProvisionedThroughputExceededException", StoreUnavailable),
        (500, "InternalServerError", StoreUnavailable),
        (400, "AccessDeniedException", ClientError),
        (400, "ResourceNotFoundException", ClientError),
    ],
)
def test_faults_of_the_store_are_told_from_our_mistakes(
    stubbed: tuple[Table, Stubber], status: int, code: str, raised: type[Exception]
) -> None:
    """Trying again helps against the first; the others are ours to mend."""
    table, stubber = stubbed
    stubber.add_client_error("get_item", service_error_code=code, http_status_code=status)
    with pytest.raises(raised):
        table.get("p", "a")


NO_RESPONSES = {
    "a page in HTML": http(b"<!doctype html><title>Welcome</title>"),
    "no octet": http(b""),
    "no length and no octet": b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n",
    "cut in the head": b"HTTP/1.1 200 OK\r\ncontent-ty",
    "no JSON": http(b"OK"),
    "no text": http(b"\xff\xfe"),
    "null": http(b"null"),
    "a list": http(b"[]"),
    "another's object": http(b'{"message": "welcome"}'),
    "damaged on the way": http(b"{}", x_amz_crc32="1"),
}
OPERATIONS: dict[str, Callable[[Table], object]] = {
    "get": lambda table: table.get("p", "a"),
    "transact": lambda table: table.transact(Put(item("a"))),
    "update": lambda table: table.update(Update(pk="p", sk="a", set={"x": 1})),
    "try_update": lambda table: table.try_update(Update(pk="p", sk="a", set={"x": 1})),
    "between": lambda table: list(table.between("p", "a", "b")),
    "newest": lambda table: table.newest(
        "p", "a", after=None, limit=1, read=dict, wanted=lambda _: True
    ),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("response", NO_RESPONSES.values(), ids=NO_RESPONSES)
def test_what_is_no_response_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, response: bytes, operation: Callable[[Table], object]
) -> None:
    """It says neither that something was written nor that nothing is there, whatever its status."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    # What is cut off is waited for, three times.
    hasty = module._CONFIG.merge(Config(read_timeout=0.2))  # noqa: SLF001 -- a test's patience
    monkeypatch.setattr(module, "_CONFIG", hasty)
    with stub(answer(response)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", server.url)
        table = Table("Keys")
        with pytest.raises(StoreUnavailable):
            operation(table)
        table._client.close()  # noqa: SLF001 -- a function never does


@pytest.mark.parametrize("name", ["update", "between", "newest"])
def test_a_response_that_lacks_what_was_asked_for_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """An empty object is a whole response to reads of one item and to writes, and to no other."""
    with stub(answer(http(b"{}"))) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", server.url)
        table = Table("Keys")
        with pytest.raises(StoreUnavailable):
            OPERATIONS[name](table)
        table._client.close()  # noqa: SLF001


def test_a_store_that_cannot_be_reached_is_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Quickly: with a dead endpoint the answer comes within the function's time."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    table = Table("Keys")
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as raised:
        table.get("p", "a")
    assert isinstance(raised.value.__cause__, EndpointConnectionError)
    assert time.monotonic() - started < 5


def test_between_is_in_order_and_ends_where_it_is_told(table: Table) -> None:
    """Both ends included, and nothing of another partition."""
    table.transact(*(Put(item(f"day#{n}")) for n in (3, 1, 2, 0)), Put({"pk": "q", "sk": "day#2"}))
    assert [found["sk"] for found in table.between("p", "day#1", "day#2")] == ["day#1", "day#2"]


def test_between_goes_on_behind_a_page_of_dynamodbs(stubbed: tuple[Table, Stubber]) -> None:
    """It answers with at most 1 MB at once."""
    table, stubber = stubbed
    [first, second] = [encode_item(item(sk)) for sk in ("a", "b")]
    stubber.add_response("query", {"Items": [first], "LastEvaluatedKey": first})
    stubber.add_response("query", {"Items": [second]})
    assert [found["sk"] for found in table.between("p", "a", "z")] == ["a", "b"]


def test_an_attribute_that_is_removed_is_gone(table: Table) -> None:
    """And one that was never there is no fault."""
    table.transact(Put(item("a", x=1, y=2)))
    table.transact(Update(pk="p", sk="a", remove=["x", "z"]))
    assert table.get("p", "a") == item("a", y=2)


def test_an_update_that_is_tried_says_whether_it_was_made(table: Table) -> None:
    """A condition that fails is an answer, and changes nothing."""
    update = Update(pk="p", sk="a", set={"x": 2}, where={"x": PRESENT})
    assert not table.try_update(update)
    assert table.get("p", "a") is None
    table.transact(Put(item("a", x=1)))
    assert table.try_update(update)
    assert table.get("p", "a") == item("a", x=2)


def test_an_update_is_tried_again_while_a_transaction_is_in_its_way(
    stubbed: tuple[Table, Stubber],
) -> None:
    """boto3 does not do so."""
    table, stubber = stubbed
    stubber.add_client_error("update_item", "TransactionConflictException")
    stubber.add_response("update_item", {})
    assert table.try_update(Update(pk="p", sk="a", set={"x": 1}))
    stubber.assert_no_pending_responses()


def test_an_update_that_never_gets_through_is_unavailable(
    stubbed: tuple[Table, Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while, as a transaction."""
    table, stubber = stubbed
    monkeypatch.setattr("agentcontainer.dynamodb.table._CONFLICT_DEADLINE_SECONDS", 0.0)
    stubber.add_client_error("update_item", "TransactionConflictException")
    with pytest.raises(StoreUnavailable):
        table.try_update(Update(pk="p", sk="a", set={"x": 1}))
