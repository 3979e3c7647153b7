"""Starts the product, and speaks to it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import uuid4

from blueprint.paths import ROOT
from local.dynamodb.limits.proxy import LimitsProxy, limits_proxy
from tests.support.events import tokens_in
from tests.support.ports import free_port
from tests.support.response_coverage import recorder

_START_SECONDS = 60


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)

    def ours(self) -> tuple[int, bytes, dict[str, str]]:
        """What must be the same for every bad credential: status, body and our own headers."""
        theirs = {"date", "x-amz-apigw-id", "x-amzn-errortype", "x-amzn-requestid"}
        own = {name: value for name, value in self.headers.items() if name not in theirs}
        return self.status, self.body, own


class Product:
    """A local run with its data in a folder. `source` is the tree that it runs from."""

    def __init__(
        self,
        data: Path,
        *,
        source: Path = ROOT,
        dynamodb: str | None = None,
        port: int | str = 0,
        reset: bool = False,
        output: Path | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data
        self.output = output or data.with_name(data.name + ".out")
        self._source = source
        if source == ROOT:
            recorder.read_later(self.output)
        self._shown: set[str] = set()
        arguments = ["--port", str(port), "--data", str(data)] + ["--reset"] * reset
        for name, value in (parameters or {}).items():
            arguments += ["--parameter", f"{name}={value}"]
        self._command = [sys.executable, "-m", "local", *arguments]
        self.environment = {
            "PATH": os.environ["PATH"],
            # Of whoever starts the run, and never to be seen by a function.
            "AWS_PROFILE": "nobody",
            "AWS_SECRET_ACCESS_KEY": "a-real-secret",
            "HOME": os.environ.get("HOME", "/"),
        }
        if dynamodb:
            self.environment["AWS_ENDPOINT_URL_DYNAMODB"] = dynamodb

    def __enter__(self) -> Self:
        self.start()
        self.description: dict[str, Any] = {}
        deadline = time.monotonic() + _START_SECONDS
        while self.description.get("pid") != self.process.pid:
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.02)
            # There may be one of a run that crashed.
            with contextlib.suppress(FileNotFoundError):
                self.description = json.loads((self.data / "run.json").read_text())
        self.port = int(self.description["url"].rpartition(":")[2])
        self.api_key: str = self.description["apiKey"]
        return self

    def start(self) -> None:
        """Starts the process, and waits for nothing."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self._command,
                cwd=self._source,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def request(
        self,
        method: str,
        path: str,
        authorization: str | None = None,
        body: object = None,
        **headers: str,
    ) -> Answer:
        """The answer to a request; `body` is sent as JSON."""
        sent = {"Host": f"localhost:{self.port}"} | headers
        if authorization is not None:
            sent["Authorization"] = authorization
        content = None
        if body is not None:
            content = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, found, response.read())
        finally:
            connection.close()
        self._check_tokens(method, path, answer)
        return answer

    def _check_tokens(self, method: str, path: str, answer: Answer) -> None:
        """A token is in the one answer that shows it, and in no other."""
        tokens = tokens_in(answer.body.decode(errors="replace") + str(answer.headers))
        if tokens:
            assert method == "POST"
            assert path.endswith(("/api-keys", "/rotate"))
            assert answer.status in {200, 201}
            assert not tokens & self._shown, "a token was shown twice"
            self._shown |= tokens

    def account(self, token: str) -> Answer:
        """The answer of the route that any good key opens."""
        return self.request("GET", "/api/v1/account", f"Bearer {token}")

    def person(self, user: str | None = None, org: str = "", role: str = "") -> "Person":
        """Somebody who is signed in to the dashboard; a new one unless named."""
        return Person(self, user or f"user_{uuid4().hex[:20]}", org, role)

    def mailed_codes(self, address: str, least: int = 1) -> list[str]:
        """The codes of the e-mails to an address, as the run prints them; waits for the last."""
        pattern = re.compile(rf"E-mail to {re.escape(address)}: (\d{{6}}) ")
        eventually(lambda: len(pattern.findall(self.output.read_text())) >= least)
        return pattern.findall(self.output.read_text())

    def written(self) -> str:
        """All that the run wrote anywhere, but for the key that it prints and keeps on purpose."""
        kept = {"run.json", "seed.json"}
        files = [self.output, *self.data.rglob("*")]
        text = "".join(
            file.read_text(errors="replace")
            for file in files
            if file.is_file() and file.name not in kept
        )
        return text.replace(self.api_key, "")


class Person(NamedTuple):
    """Somebody who manages keys."""

    product: Product
    user: str
    org: str
    role: str

    def request(self, method: str, path: str, body: object = None) -> Answer:
        """The answer to a request with a fresh session."""
        query = f"user={self.user}"
        query += f"&org={self.org}" if self.org else ""
        query += f"&role={self.role}" if self.role else ""
        token = self.product.request("GET", f"/__local/session-token?{query}").body.decode()
        return self.product.request(method, f"/dashboard/v1{path}", f"Bearer {token}", body)

    def create_key(self, **members: Any) -> dict[str, Any]:
        """A new key, with its token."""
        answer = self.request("POST", "/api-keys", {"name": "test"} | members)
        assert answer.status == 201, answer
        created: dict[str, Any] = answer.json
        return created

    def revoke(self, key_id: str) -> Answer:
        """Ends a key."""
        return self.request("POST", f"/api-keys/{key_id}/revoke")


def start_and_fail(data: Path, **how: Any) -> tuple[int, str]:
    """Exit status and output of a run that does not start."""
    product = Product(data, **how)
    product.start()
    return product.process.wait(_START_SECONDS), product.output.read_text()


@contextlib.contextmanager
def roto(data: Path, port: int = 0) -> Iterator[str]:
    """The address of `limited_roto`."""
    with limited_roto(data, port) as proxy:
        yield proxy.url


@contextlib.contextmanager
def limited_roto(data: Path, port: int = 0) -> Iterator[LimitsProxy]:
    """roto-server, an atomic and durable DynamoDB, behind DynamoDB's limits.

    Its data are in a folder. The proxy listens on the port; whoever has its address passes it.
    """
    with _bare_roto(data) as server, limits_proxy(server, port) as proxy:
        yield proxy


@contextlib.contextmanager
def _bare_roto(data: Path) -> Iterator[str]:
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("roto-server")),
        *("--host", "127.0.0.1", "--port", str(port), "--data-dir", str(data)),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    """Whether something answers HTTP on the port."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Waits until something is so, and fails if it does not become so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not become so in time"
        time.sleep(0.02)
