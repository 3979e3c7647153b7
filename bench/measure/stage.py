"""A folder that looks as Lambda's file system does after a deployment, for processes to start in.

Of the core layer there is bytecode that is never checked, as its Makefile makes it; of functions
there is none, as SAM ships none. The libraries are those of this environment, which Python has
compiled at their first use; our functions meet botocore as layers/dependencies/trim.py leaves it.
"""

import compileall
import json
import os
import runpy
import shutil
from collections.abc import Callable
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

import botocore
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWK

from bench.measure.subjects import Subject
from blueprint.paths import ROOT
from local.clerk.instance import Clerk

_TRIM = runpy.run_path(str(ROOT / "layers/dependencies/trim.py"))
ENVIRONMENT = {
    "AGENTS_TABLE": "Agents",
    "AUDIT_RETENTION_DAYS": "400",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "AWS_REGION": "eu-west-1",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "t" * 800,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "DASHBOARD_ORIGIN": "https://app.agentcontainer.test",
    "KEYS_TABLE": "Keys",
    "KEY_LIMIT": "100",
    "LANG": "en_US.UTF-8",
    "METRICS_NAMESPACE": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "AgentContainer",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": ":UTC",
}
"""What a function finds, beside its endpoint; a role's session token is about this long."""


class Stage:
    """The folder, filled."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._folder = folder
        folder.mkdir()
        self._clerk = Clerk(folder / "clerk.pem", "https://app.agentcontainer.test")
        sources = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "layers/core", folder / "core", ignore=sources)
        shutil.copytree(ROOT / "functions", folder / "functions", ignore=sources)
        shutil.copytree(ROOT / "bench/baselines", folder / "bench/baselines", ignore=sources)
        whole = Path(botocore.__file__).parent
        shutil.copytree(whole, folder / "libraries/botocore", ignore=_other_services(whole))
        _TRIM["trim"](folder / "libraries/botocore/data")
        unchecked = PycInvalidationMode.UNCHECKED_HASH
        for part in ("core", "libraries"):
            compileall.compile_dir(folder / part, quiet=1, invalidation_mode=unchecked)
        self._environment = ENVIRONMENT | {
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
            "PATH": os.environ["PATH"],
            **self._clerk_settings(),
        }
        self._bundles()
        self._events()

    def command(self, subject: Subject, kind: str) -> list[str]:
        """Arguments to Python for a process that measures the function: `cold` or `warm`."""
        if subject.event == "session":
            # It lives for a minute.
            session = f"Bearer {self._clerk.session_token('user_demo')}"
            self._write("session", _event("session_authorizer/not-a-session", session))
        child = ROOT / "bench/measure/child.py"
        return [str(child), kind, str(self._folder / subject.folder), self._event_file(subject)]

    def environment(self, subject: Subject) -> dict[str, str]:
        """All of the environment of such a process."""
        bundle = "small.pem" if subject.small_bundle else "everything.pem"
        ours = [str(self._folder / part) for part in ("core", "libraries")]
        return self._environment | {
            "AWS_CA_BUNDLE": str(self._folder / bundle),
            "PYTHONPATH": os.pathsep.join(ours) if subject.folder.startswith("functions/") else "",
        }

    def _clerk_settings(self) -> dict[str, str]:
        [jwk] = json.loads(self._clerk.jwks)["keys"]
        public: Any = PyJWK(jwk).key
        return {
            "CLERK_AUTHORIZED_PARTIES": "https://app.agentcontainer.test",
            "CLERK_ISSUER": self._clerk.issuer,
            "CLERK_JWKS": self._clerk.jwks,
            # For Clerk's own library.
            "CLERK_PEM": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        }

    def _bundles(self) -> None:
        """Amazon's roots, and what botocore believes; to both the stub's authority is added."""
        authority = (ROOT / "bench/measure/tls/authority.pem").read_text()
        roots = {
            "small.pem": ROOT / "layers/core/agentcontainer/dynamodb/lean/amazon_roots.pem",
            "everything.pem": Path(botocore.__file__).with_name("cacert.pem"),
        }
        for name, file in roots.items():
            (self._folder / name).write_text(file.read_text() + authority)

    def _events(self) -> None:
        self._write("authorizer", _event("authorizer/well-formed-key"))
        self._write("api_keys", _event("api_keys/list"))
        account = _event("account/get")
        self._write("account", account)
        self._write("agents", account | dict.fromkeys(("path", "resource"), "/api/v1/agents"))

    def _write(self, name: str, event: dict[str, Any]) -> None:
        (self._folder / f"{name}.json").write_text(json.dumps(event))

    def _event_file(self, subject: Subject) -> str:
        return str(self._folder / f"{subject.event}.json")


def _other_services(botocore_: Path) -> Callable[[str, list[str]], set[str]]:
    """For copytree: 28 MB that would be taken away again at once."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        if Path(folder) != botocore_ / "data":
            return {"__pycache__"}
        return {name for name in names if "." not in name and name not in _TRIM["SERVICES"]}

    return ignored


def _event(name: str, token: str = "") -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / f"events/{name}.json").read_text())
    return event | ({"authorizationToken": token} if token else {})
