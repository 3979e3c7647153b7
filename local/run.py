"""Puts the local run together, and takes it apart again."""

import json
import os
import signal
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from multiprocessing import forkserver
from pathlib import Path
from types import FrameType
from typing import Any

from local import cloud, private, server
from local.clerk import Clerk
from local.events import Call
from local.functions import Definition, Function
from local.gateway import Gateway
from local.server import Server
from local.site import Site
from local.template import REGION, folder, load

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"

_USER = "user_demo"
_FIRST_SERVER_ERROR = 500


class Local:
    """A running product: `url`, `api_key` and `dynamodb` are what `run.json` tells."""

    def __init__(self, port: int, data: Path, endpoint: str | None) -> None:
        # What takes long goes on side by side: the libraries of the functions, moto's, our own.
        forkserver.ensure_running()
        self._data = data
        sockets = server.listen(port)
        self.port: int = sockets[0].getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        clerk = Clerk(data / "clerk-key.pem", self.url)
        parameters = {
            "Release": "0" * 64,
            "ClerkIssuer": clerk.issuer,
            "ClerkJwks": clerk.jwks,
            "ClerkAuthorizedParties": self.url,
            "DashboardOrigin": self.url,
        }
        resources = load(TEMPLATE, parameters, data / "cache")
        self._moto = None if endpoint else cloud.Moto(data / "tables.json")
        self.dynamodb = endpoint or self._moto.endpoint  # type: ignore[union-attr]
        cloud.create_tables(self.dynamodb, resources)
        if self._moto:
            self._moto.restore()
        self._functions = {
            definition.name: Function(definition)
            for definition in _definitions(resources, self.dynamodb, data / "logs")
        }
        site = Site(
            port=self.port,
            public=self._gateway("PublicApi", resources),
            dashboard=self._gateway("DashboardApi", resources),
            clerk=clerk,
            files=ROOT / "dashboard",
        )
        self._server = Server(site, sockets)
        self.api_key = self._seeded_key(clerk)

    def describe(self) -> dict[str, str | int]:
        """What other programs need to know of the run."""
        return {
            "url": self.url,
            "apiKey": self.api_key,
            "dynamodb": self.dynamodb,
            "pid": os.getpid(),
        }

    def stop(self) -> None:
        """Ends everything; what was stored is on disk afterwards."""
        self._server.stop()
        for function in self._functions.values():
            function.stop()
        if self._moto:
            self._moto.stop()

    def _gateway(self, name: str, resources: Mapping[str, Any]) -> Gateway:
        return Gateway(name, resources[name]["Properties"]["Body"], self._functions, self._log)

    def _log(self, call: Call, resource: str, status: int, seconds: float) -> None:
        """One line a request, with the route and never the path: that could hold a token."""
        at = time.strftime("%H:%M:%S")
        route = f"{call.request.method} {resource or '(no route)'}"
        print(f"{at}  {status}  {seconds * 1000:5.0f} ms  {route}", flush=True)
        if status >= _FIRST_SERVER_ERROR:
            print(f"{at}  the functions' logs are in {self._data / 'logs'}", flush=True)

    def _seeded_key(self, clerk: Clerk) -> str:
        """The key that is printed: made through the product, replaced once it stops working."""
        file = self._data / "seed.json"
        if file.exists():
            token: str = json.loads(file.read_text(encoding="utf-8"))["token"]
            status, _ = self._call("GET", "/api/v1/account", token)
            if status == 200:  # noqa: PLR2004
                return token
        session = clerk.session_token(_USER)
        status, created = self._call(
            "POST", "/dashboard/v1/api-keys", session, {"name": "Local development"}
        )
        if status != 201:  # noqa: PLR2004
            logs = self._data / "logs"
            raise SystemExit(
                f"no API key could be created: status {status}; the functions' logs: {logs}"
            )
        token = json.loads(created)["token"]
        private.write(file, json.dumps({"token": token}))
        return token

    def _call(self, method: str, path: str, token: str, body: object = None) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": f"localhost:{self.port}", "Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, json.dumps(body) if body else None, headers)
        with connection.getresponse() as response:
            return response.status, response.read()


def run(port: int, data: Path) -> None:
    """Serves until SIGINT or SIGTERM."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB")
    endpoint = cloud.loopback_endpoint(endpoint) if endpoint else None
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "logs").mkdir(mode=0o700, exist_ok=True)
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    local = Local(port, data, endpoint)
    described = data / "run.json"
    private.write(described, json.dumps(local.describe()))
    print(_greeting(local), flush=True)
    stopped.wait()
    print("\nStopping.", flush=True)
    described.unlink(missing_ok=True)
    local.stop()


def _greeting(local: Local) -> str:
    return f"""
  Dashboard   {local.url}
  API key     {local.api_key}
  Try it      curl -H 'Authorization: Bearer {local.api_key}' {local.url}/api/v1/account
  DynamoDB    {local.dynamodb}

Ctrl-C stops it; the data stay. make run RESET=1 starts empty.
"""


def _definitions(resources: Mapping[str, Any], dynamodb: str, logs: Path) -> list[Definition]:
    environment = {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_REGION": REGION,
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        **cloud.CREDENTIALS,
    }
    return [
        _definition(name, resource["Properties"], resources, environment, logs)
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Lambda::Function"
    ]


def _definition(
    name: str,
    properties: Mapping[str, Any],
    resources: Mapping[str, Any],
    environment: Mapping[str, str],
    logs: Path,
) -> Definition:
    code = folder(TEMPLATE, properties["Code"])
    own = {
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties["MemorySize"]),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "LAMBDA_TASK_ROOT": str(code),
        "_HANDLER": properties["Handler"],
    }
    return Definition(
        name=name,
        code=code,
        layers=tuple(
            folder(TEMPLATE, resources[layer]["Properties"]["Content"])
            for layer in properties.get("Layers", ())
        ),
        handler=properties["Handler"],
        environment={**environment, **own, **properties["Environment"]["Variables"]},
        timeout_seconds=properties["Timeout"],
        memory_megabytes=properties["MemorySize"],
        log=logs / f"{name}.log",
    )
