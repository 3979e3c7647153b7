"""Puts the local run together, and takes it apart again."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from multiprocessing import forkserver
from pathlib import Path
from types import FrameType

from blueprint.errors import Refusal
from blueprint.page.files import FOLDER
from blueprint.paths import TEMPLATE
from local import private_file
from local.apigateway.calls import Call
from local.apigateway.stack import Apis
from local.clerk.frontend_api import FrontendApi
from local.clerk.instance import Clerk
from local.clerk.users import ADMIN, MEMBER, PASSWORD
from local.dynamodb.environment import forget_shell
from local.dynamodb.limits.proxy import LimitsProxy, is_unlimited
from local.dynamodb.moto_server import Moto
from local.functions import sam
from local.http import server
from local.http.dispatcher import Site
from local.http.server import Server
from local.page.dashboard import Dashboard

_OK, _CREATED, _SERVER_ERROR = 200, 201, 500
_LISTEN_SECONDS = 0.2
_NO_STREAMS = (
    "The DynamoDB that is given has no streams for this run: no line is kept of changes to keys."
)


class SeedFailed(Refusal):
    """No API key could be made, so the product does not work."""


class DataRefused(Refusal):
    """The folder is in use by another run, or is no folder."""


class Local:
    """A running product on sockets that listen, with its data in a folder.

    `endpoint` is a DynamoDB server to use; None starts moto; functions meet either through
    DynamoDB's limits. `parameters` are values of the template's parameters that differ from its
    defaults and from what a local run needs.
    """

    def __init__(
        self,
        sockets: list[socket.socket],
        data: Path,
        endpoint: str | None,
        parameters: Mapping[str, str],
    ) -> None:
        # The functions' libraries load in a process of their own while everything else starts.
        forkserver.ensure_running()
        self._data = data
        self._port: int = sockets[0].getsockname()[1]
        self._url = f"http://localhost:{self._port}"
        clerk = Clerk(data / "clerk-key.pem", self._url)
        # The page works under every name of this machine.
        origins = [self._url, *(f"http://{host}:{self._port}" for host in server.HOSTS[1:])]
        self._dashboard = Dashboard(FOLDER, publishable_key=clerk.publishable_key, url=self._url)
        self._moto: Moto | None = None
        self._limits: LimitsProxy | None = None
        if endpoint is None:
            self._moto = Moto(data / "tables.json")
            endpoint = self._moto.endpoint
        elif is_unlimited(endpoint):
            self._limits = LimitsProxy(endpoint)
            self._limits.see_requests_alone()
            endpoint = self._limits.url
        self._dynamodb = endpoint
        values = {
            "Release": "0" * 64,
            "ClerkIssuer": clerk.issuer,
            "ClerkJwks": clerk.jwks,
            "ClerkAuthorizedParties": ",".join(origins),
            "DashboardOrigin": self._url,
            **parameters,
        }
        self._sam_environment = sam.environment(values, self._dynamodb)
        self._apis = Apis(TEMPLATE, values, self._dynamodb, data, self._log, self._moto)
        if self._moto:
            self._moto.restore()
        site = Site(
            port=self._port,
            apis=self._apis,
            clerk=clerk,
            frontend_api=FrontendApi(clerk, data, origins, _deliver),
            dashboard=self._dashboard,
        )
        self._server = Server(site, sockets)
        self._api_key = self._seeded_key(clerk)

    def describe(self) -> dict[str, str | int]:
        """What other programs need to know of the run."""
        return {
            "url": self._url,
            "apiKey": self._api_key,
            "dynamodb": self._dynamodb,
            "pid": os.getpid(),
        }

    def sam_environment(self) -> dict[str, dict[str, str]]:
        """What `sam local --env-vars` takes, so that its functions meet the tables of this run."""
        return self._sam_environment

    def greeting(self) -> str:
        """What people need to know of it."""
        notices = [self._dashboard.notice, None if self._moto else _NO_STREAMS]
        notice = "".join(f"\n{each}\n" for each in notices if each)
        authorization = f"'Authorization: Bearer {self._api_key}'"
        return f"""
  Dashboard   {self._url}
  Sign in     {ADMIN.email}, or {MEMBER.email}; password: {PASSWORD}
  API key     {self._api_key}
  Try it      curl -H {authorization} {self._url}/api/v1/account
  DynamoDB    {self._dynamodb}

Ctrl-C stops it; the data stay. make run RESET=1 starts empty.
{notice}"""

    def stop(self) -> None:
        """Ends everything; what was stored is on disk afterwards."""
        self._server.stop()
        self._apis.stop()
        if self._moto:
            self._moto.stop()
        if self._limits:
            self._limits.stop()

    def _log(self, call: Call, resource: str, status: int, seconds: float) -> None:
        """One line a request, with the route and never the path, which could hold a token."""
        at = time.strftime("%H:%M:%S")
        route = f"{call.request.method} {resource or '(no route)'}"
        _say(f"{at}  {status}  {seconds * 1000:5.0f} ms  {route}")
        if status >= _SERVER_ERROR:
            _say(f"{at}  the functions' logs are in {self._data / 'logs'}")

    def _seeded_key(self, clerk: Clerk) -> str:
        """The key that is printed: made through the product, replaced once it stops working."""
        file = self._data / "seed.json"
        # Whatever is wrong with the kept one, a new one is as good.
        with contextlib.suppress(OSError, ValueError, KeyError):
            token: str = json.loads(file.read_text(encoding="utf-8"))["token"]
            status, _ = self._call("GET", "/api/v1/account", token)
            if status == _OK:
                return token
        session = clerk.session_token(ADMIN.id)
        body = {"name": "Local development"}
        status, created = self._call("POST", "/dashboard/v1/api-keys", session, body)
        if status != _CREATED:
            raise SeedFailed(
                f"creating an API key answered {status}; the functions' logs are in "
                f"{self._data / 'logs'}"
            )
        token = json.loads(created)["token"]
        private_file.write(file, json.dumps({"token": token}))
        return token

    def _call(self, method: str, path: str, token: str, body: object = None) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Host": f"localhost:{self._port}", "Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, json.dumps(body) if body else None, headers)
        with connection.getresponse() as response:
            return response.status, response.read()


def run(port: int, data: Path, *, reset: bool, parameters: Mapping[str, str]) -> None:
    """Serves until it is told to stop (SIGINT, SIGTERM, SIGHUP). Port 0 picks one."""
    endpoint = forget_shell()
    sockets = server.listen(port)
    _take(data)
    described = data / "run.json"
    described.unlink(missing_ok=True)
    if reset:
        _empty(data)
    (data / "logs").mkdir(mode=0o700, exist_ok=True)
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, stop)
    local = Local(sockets, data, endpoint, parameters)
    private_file.write(data / "env.json", json.dumps(local.sam_environment(), indent=2))
    private_file.write(described, json.dumps(local.describe()))
    _say(local.greeting())
    # Not for ever at once: a signal that the system gives to another thread wakes nobody, and
    # Python runs its handler only when this thread comes round.
    while not stopped.wait(_LISTEN_SECONDS):
        pass
    _say("\nStopping.")
    described.unlink(missing_ok=True)
    local.stop()


def _take(data: Path) -> None:
    """Makes the folder, and holds it for this process: two runs would overwrite each other."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        fcntl.flock(os.open(data, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataRefused(f"another run uses {data}; stop it, or name another folder") from None
    except OSError as fault:
        raise DataRefused(f"{data} cannot be used as a folder: {fault.strerror}") from None


def _empty(data: Path) -> None:
    for entry in data.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _deliver(address: str, text: str) -> None:
    """Prints an e-mail. A name in it may hold what would steer a terminal."""
    at = time.strftime("%H:%M:%S")
    printed = "".join(each if each.isprintable() else "?" for each in text)
    _say(f"{at}  E-mail to {address}: {printed}")


def _say(text: str) -> None:
    """Prints, if anybody is still there to read it: a closed terminal breaks nothing."""
    with contextlib.suppress(OSError):
        print(text, flush=True)
