"""DynamoDB for the local run: moto in this process, or a server that is given.

moto loses updates under threads, so all its requests go through one lock. It keeps nothing on
disk, so its tables are written to a file after changes, under the same lock, and read from it at
the next start.
"""

import copy
import itertools
import json
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from blueprint.errors import Refusal
from blueprint.template.translation import ACCOUNT_ID, REGION
from local import private_file
from local.http.messages import text
from local.http.server import CONTAINERS_HOST, HOSTS, Server, serve, with_port

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from types_boto3_dynamodb import DynamoDBClient

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""What AWS's libraries find, here and in functions: no credential or setting of whoever runs it."""

_SAVE_SECONDS = 0.3
_READS = frozenset({"BatchGetItem", "DescribeTable", "GetItem", "ListTables", "Query", "Scan"})
# Properties of AWS::DynamoDB::Table that CreateTable takes as they are.
_CREATE = ("AttributeDefinitions", "BillingMode", "KeySchema")


class NotLoopback(Refusal):
    """The DynamoDB server that is given is not on this machine."""


class KeptRefused(Refusal):
    """The file of an earlier run cannot be put back; it is left as it is."""


class StoreFailed(Refusal):
    """The DynamoDB server does not answer as one."""


def forget_aws() -> str | None:
    """Replaces every AWS variable of this process, and returns the endpoint that was given."""
    given = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(ENVIRONMENT)
    return loopback_endpoint(given) if given else None


def loopback_endpoint(url: str) -> str:
    """`url` if it is on this machine; the local run never touches another's tables."""
    host = urlsplit(url).hostname or ""
    try:
        is_loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise NotLoopback(
            f"AWS_ENDPOINT_URL_DYNAMODB is {url}: the local run uses loopback addresses only"
        )
    return url.rstrip("/")


def create_tables(endpoint: str, resources: Mapping[str, Mapping[str, Any]]) -> None:
    """Makes the template's tables where they are missing."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- slow import

    client = _client(endpoint)
    try:
        existing = set(client.list_tables()["TableNames"])
        for name, resource in resources.items():
            if resource["Type"] == "AWS::DynamoDB::Table" and name not in existing:
                properties = resource["Properties"]
                client.create_table(TableName=name, **{key: properties[key] for key in _CREATE})
    except (BotoCoreError, ClientError) as fault:
        raise StoreFailed(f"DynamoDB at {endpoint} does not work: {fault}") from fault


class Moto:
    """moto's DynamoDB on a loopback port of its own, with its data kept in a file."""

    def __init__(self, file: Path) -> None:
        from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 -- a second of imports
        from moto.dynamodb.models.table import Table  # noqa: PLC0415
        from moto.server import create_backend_app  # noqa: PLC0415

        Table.__deepcopy__ = _copy_to_go_back_to
        self._backend = dynamodb_backends[ACCOUNT_ID][REGION]
        self._file = file
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._bring: Callable[[str, list[dict[str, Any]]], None] = lambda *_: None
        self._server: Server = serve(self._guarded(create_backend_app("dynamodb")), port=0)
        self._hosts = with_port((*HOSTS, CONTAINERS_HOST), self._server.port)
        self._saver = threading.Thread(target=self._save_after_changes, daemon=True)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.port}"

    def restore(self) -> None:
        """Puts back what the file holds, into tables that exist, and keeps it from then on."""
        for name, items in self._kept().items():
            if name not in self._backend.tables:
                raise KeptRefused(f"{self._file} holds a table {name}, the template does not")
            for item in items:
                self._backend.tables[name].put_item(item)
        # None of it is new.
        self._taken()
        # Not earlier: tables that are still empty would take the place of what is kept.
        self._saver.start()

    def stream(
        self,
        resources: Mapping[str, Mapping[str, Any]],
        bring: Callable[[str, list[dict[str, Any]]], None],
    ) -> None:
        """Hands what is written to the template's tables with a stream to `bring`, in order.

        It is called while nobody else is served, so it has to be quick.
        """
        with self._lock:
            self._bring = bring
            for name, table in self._backend.tables.items():
                stream = resources.get(name, {}).get("Properties", {}).get("StreamSpecification")
                table.stream_shard = _Stream(table, stream["StreamViewType"]) if stream else None

    def stop(self) -> None:
        """Writes what is not written yet, and ends."""
        self._stopping.set()
        self._changed.set()
        self._saver.join()
        self._server.stop()

    def _kept(self) -> dict[str, list[Any]]:
        if not self._file.exists():
            return {}
        try:
            kept: dict[str, list[Any]] = json.loads(self._file.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise KeptRefused(
                f"{self._file} cannot be read ({fault}); make run RESET=1 starts empty"
            ) from None
        return kept

    def _guarded(self, app: "WSGIApplication") -> "WSGIApplication":
        def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            # moto lets any page of a browser read it. Clients of DynamoDB send no Origin.
            if "HTTP_ORIGIN" in environ or environ.get("HTTP_HOST") not in self._hosts:
                refusal = text(421, "This is not for pages in a browser.\n")
                return refusal.send(environ["REQUEST_METHOD"], start_response)
            with self._lock:
                answer = b"".join(app(environ, start_response))
                for name, records in self._taken():
                    self._bring(name, records)
            if environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2] not in _READS:
                self._changed.set()
            return [answer]

        return guarded

    def _taken(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """What was written to each table with a stream since the last time."""
        return [
            (name, table.stream_shard.take())
            for name, table in self._backend.tables.items()
            if table.stream_shard and table.stream_shard.records
        ]

    def _save_after_changes(self) -> None:
        while not self._stopping.is_set():
            self._changed.wait()
            # Changes come in groups; one file holds them all.
            self._stopping.wait(_SAVE_SECONDS)
            self._changed.clear()
            self._save()

    def _save(self) -> None:
        with self._lock:
            tables = {name: list(_items(table)) for name, table in self._backend.tables.items()}
        private_file.write(self._file, json.dumps(tables))


class _Stream:
    """What moto adds a table's changes to, in place of its own list, which only ever grows."""

    def __init__(self, table: Any, view: str) -> None:
        self.records: list[dict[str, Any]] = []
        self._table = table
        self._view = view
        self._numbers = itertools.count(1)

    def add(self, old: Any, new: Any) -> None:
        """One change: the item before and after, None where there is none."""
        from moto.dynamodb.models.table import StreamRecord  # noqa: PLC0415 -- slow import

        event = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        made = StreamRecord(self._table, self._view, event, old, new, next(self._numbers))
        record: dict[str, Any] = made.to_json()
        at = record["dynamodb"]["ApproximateCreationDateTime"]
        record["dynamodb"]["ApproximateCreationDateTime"] = int(at.timestamp())
        self.records.append(record)

    def take(self) -> list[dict[str, Any]]:
        """The changes since the last time."""
        taken, self.records = self.records, []
        return taken

    def copy(self) -> "_Stream":
        """As a failed transaction goes back to: without what it would have added."""
        kept = copy.copy(self)
        kept.records = list(self.records)
        return kept


def _copy_to_go_back_to(table: Any, _memo: object) -> Any:
    """A table as a transaction of moto's keeps it, in case that it fails.

    moto would copy every value of every item, once for each write: half a second and many megabytes
    of garbage at a few hundred keys. A write replaces values and never reaches into one, unless an
    expression has a path of several names, which none of ours has; so the values can be shared.
    """
    kept = copy.copy(table)
    kept.stream_shard = table.stream_shard and table.stream_shard.copy()
    kept.items = defaultdict(dict)
    for partition, items in table.items.items():
        kept.items[partition] = {key: _copy_item(item) for key, item in items.items()}
    return kept


def _copy_item(item: Any) -> Any:
    kept = copy.copy(item)
    kept.attrs = type(item.attrs)()
    # As a plain dict: its own way of setting adds up the sizes of all values each time.
    dict.update(kept.attrs, item.attrs)
    return kept


def _items(table: Any) -> Iterator[dict[str, Any]]:
    for item in table.all_items():
        yield {name: value.to_regular_json() for name, value in item.attrs.items()}


def _client(endpoint: str) -> "DynamoDBClient":
    import boto3  # noqa: PLC0415 -- slow import, done while other things start
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2}),
    )
