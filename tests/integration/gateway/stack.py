"""A template's APIs, served on loopback by the local gateway, with its functions seen from inside.

The functions are the template's own, in child processes as in `make run`; what is new here is only
that every event on its way to one of them is kept.
"""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from blueprint.paths import TEMPLATE
from blueprint.template.translation import load
from local.apigateway import deployment
from local.apigateway.calls import Call
from local.dynamodb.tables import create_tables
from local.functions.function import Invoke
from local.functions.runtime import Definition
from local.http.server import Server, serve
from tests.support.access_log import read_delivery
from tests.support.response_coverage import recorder

_DELIVERED_SECONDS = 30


class Stack:
    """All APIs of a template, each on a port of its own.

    Where it `withholds` deliveries of the access logs, they are kept, and nobody is told of them.
    """

    def __init__(
        self,
        template: Path,
        parameters: Mapping[str, str],
        dynamodb: str,
        data: Path,
        *,
        withholds: bool = False,
    ) -> None:
        self.withheld: list[Mapping[str, Any]] = []
        self._withholds = withholds
        self.seen: list[tuple[str, Mapping[str, Any]]] = []
        (data / "logs").mkdir(parents=True, exist_ok=True)
        resources = load(template, parameters, data / "cache")
        self._functions = deployment.functions(template, resources, dynamodb, data)
        invoke = {name: self._seen(name, each.invoke) for name, each in self._functions.items()}
        self._data = data
        self._deliveries: list[dict[str, Any]] = []
        told = {name: self._told(each.invoke) for name, each in self._functions.items()}
        self._access_logs = deployment.access_logs(resources, told, data)
        seen = _saw if template == TEMPLATE else _ignored
        gateways = deployment.gateways(resources, invoke, seen, self._access_logs)
        create_tables(dynamodb, resources)
        self._servers: dict[str, Server] = {
            name: serve(gateway, 0) for name, gateway in gateways.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.stop()
        self.stop_logs()
        for function in self._functions.values():
            function.stop()

    def url(self, api: str) -> str:
        """An API's base address, by its logical id."""
        return f"http://127.0.0.1:{self._servers[api].port}"

    @property
    def invoked(self) -> list[str]:
        """The functions that were invoked since `seen` was cleared, in order."""
        return [name for name, _ in self.seen]

    def stop_logs(self) -> None:
        """Has everything delivered that was logged."""
        for log in self._access_logs.values():
            log.stop()

    def definition(self, function: str) -> Definition:
        """A function as the template has it."""
        return self._functions[function].definition

    def access_log(self, api: str) -> list[str]:
        """The lines of an API's access log."""
        file = self._data / "logs" / f"{api}.access.log"
        return file.read_text().splitlines() if file.exists() else []

    def delivered(self, line: str) -> dict[str, Any]:
        """What a subscription was told, once it was told of this line: it waits for that."""
        ends = time.monotonic() + _DELIVERED_SECONDS
        while time.monotonic() < ends:
            for told in self._deliveries:
                if line in [event["message"] for event in told["logEvents"]]:
                    return told
            time.sleep(0.05)
        raise AssertionError(f"not delivered: {line}")

    def _told(self, invoke: Invoke) -> Invoke:
        """Of deliveries, which come when nobody waits for them."""

        def told(event: Mapping[str, Any], patience: float | None = None) -> Any:
            self._deliveries.append(read_delivery(event))
            if self._withholds:
                self.withheld.append(event)
                return None
            return invoke(event, patience)

        return told

    def _seen(self, name: str, invoke: Invoke) -> Invoke:
        lock = threading.Lock()

        def seen(event: Mapping[str, Any], patience: float | None = None) -> Any:
            with lock:
                self.seen.append((name, event))
            return invoke(event, patience)

        return seen


def _saw(call: Call, resource: str, status: int, _seconds: float) -> None:
    recorder.saw(call.request.method, resource, status)


def _ignored(*_: object) -> None:
    """What templates of tests answer is in no document."""
