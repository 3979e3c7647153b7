"""moto's DynamoDB in this process, with what it lacks as a store.

moto loses updates under threads, so all its requests go through one lock. It keeps nothing on
disk, so its tables are written to a file after changes, under the same lock, and read from it at
the next start.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blueprint.errors import Refusal
from blueprint.template.translation import ACCOUNT_ID, REGION
from local import private_file
from local.dynamodb.limits.moto_tables import MotoTables
from local.dynamodb.limits.wsgi import limited
from local.dynamodb.moto_stream import MotoStream, copy_to_go_back_to
from local.http.messages import text
from local.http.server import CONTAINERS_HOST, HOSTS, Server, serve, with_port

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SAVE_SECONDS = 0.3
_READS = frozenset({"BatchGetItem", "DescribeTable", "GetItem", "ListTables", "Query", "Scan"})


class KeptRefused(Refusal):
    """The file of an earlier run cannot be put back; it is left as it is."""


class Moto:
    """moto's DynamoDB on a loopback port of its own, with its data kept in a file."""

    def __init__(self, file: Path) -> None:
        from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415 -- a second of imports
        from moto.dynamodb.models.table import Table  # noqa: PLC0415
        from moto.server import create_backend_app  # noqa: PLC0415

        Table.__deepcopy__ = copy_to_go_back_to
        self._backend = dynamodb_backends[ACCOUNT_ID][REGION]
        self._file = file
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._bring: Callable[[str, list[dict[str, Any]]], None] = lambda *_: None
        app = limited(create_backend_app("dynamodb"), MotoTables(ACCOUNT_ID, REGION))
        self._server: Server = serve(self._guarded(app), port=0)
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
                table.stream_shard = MotoStream(table, stream["StreamViewType"]) if stream else None

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
            host = environ.get("HTTP_HOST", "").lower()
            if "HTTP_ORIGIN" in environ or host not in self._hosts:
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


def _items(table: Any) -> Iterator[dict[str, Any]]:
    for item in table.all_items():
        yield {name: value.to_regular_json() for name, value in item.attrs.items()}
