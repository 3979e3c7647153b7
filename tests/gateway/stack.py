"""A template's APIs, served on loopback by the local gateway, with its functions seen from inside.

The functions are the template's own, in child processes as in `make run`; what is new here is only
that every event on its way to one of them is kept.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from local import cloud, deployment
from local.calls import Call
from local.functions import Invoke
from local.server import Server, serve
from local.template import load
from tests.answers import recorder
from tests.support import TEMPLATE


class Stack:
    """All APIs of a template, each on a port of its own."""

    def __init__(
        self, template: Path, parameters: Mapping[str, str], dynamodb: str, data: Path
    ) -> None:
        self.seen: list[tuple[str, Mapping[str, Any]]] = []
        (data / "logs").mkdir(parents=True, exist_ok=True)
        resources = load(template, parameters, data / "cache")
        self._functions = deployment.functions(template, resources, dynamodb, data)
        invoke = {name: self._seen(name, each.invoke) for name, each in self._functions.items()}
        gateways = deployment.gateways(
            resources, invoke, _saw if template == TEMPLATE else _ignored
        )
        cloud.create_tables(dynamodb, resources)
        self._servers: dict[str, Server] = {
            name: serve(gateway, 0) for name, gateway in gateways.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.stop()
        for function in self._functions.values():
            function.stop()

    def url(self, api: str) -> str:
        """An API's base address, by its logical id."""
        return f"http://127.0.0.1:{self._servers[api].port}"

    @property
    def invoked(self) -> list[str]:
        """The functions that were invoked since `seen` was cleared, in order."""
        return [name for name, _ in self.seen]

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
