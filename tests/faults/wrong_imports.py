"""Imports that some contract of pyproject.toml has to refuse, each with the contract's name."""

from pathlib import Path
from typing import NamedTuple

from tests.faults.fault import CORE

BANDS = "Tests see all, what deploys sees neither local run nor tools"
BENCH = "Of the local run the benchmark takes Clerk alone"
BOTO3 = "Of what is deployed the table alone talks through boto3"
CLERK = "Of what is deployed Clerk's tokens alone need cryptography"
FUNCTIONS = "Functions do not import functions"
KIT = "The leak kit knows nothing of the service"
KIT_IMPORTED = "Tests alone import the leak kit"
LAYER = "In the layer HTTP is above stores, stores above the table, rules below all"
MOUNTED = "Each function reaches the libraries of its layers alone"
MOUNTED_SOMEWHERE = "The layer reaches what layers bring"
PURE = "The layer reaches the standard library alone, but for these; so does the authorizer"
ROUTES = "Functions without routes know no HTTP"
STORE = "A store is above the rest of its package"


class WrongImport(NamedTuple):
    """A statement at the end of a module, which is made where there is none."""

    file: str
    statement: str
    breaks: str

    @property
    def name(self) -> str:
        """What the report calls it."""
        module = (
            self.file.removesuffix(".py")
            .removeprefix("layers/core/")
            .removeprefix("leak-kit/src/")
            .replace("/", ".")
        )
        return f"{module}: {self.statement}"

    def plant(self, tree: Path) -> None:
        """Puts it into a copy."""
        path = tree / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if path.exists() else ""
        path.write_text(f"{before}\n{self.statement}\n")


ALL = (
    WrongImport(f"{CORE}/keys/networks.py", "import agentcontainer.keys.store", STORE),
    WrongImport(f"{CORE}/keys/change_line.py", "import agentcontainer.keys.store", STORE),
    WrongImport(f"{CORE}/keys/key.py", "import agentcontainer.keys.store", STORE),
    WrongImport(f"{CORE}/usage/outcomes.py", "import agentcontainer.usage.store", STORE),
    WrongImport(f"{CORE}/keys/diff.py", "import agentcontainer.dynamodb.table", PURE),
    WrongImport(f"{CORE}/web/cursor.py", "import agentcontainer.web.resolver", PURE),
    WrongImport(f"{CORE}/loose.py", "import aws_lambda_powertools", PURE),
    WrongImport(f"{CORE}/loose.py", "import json", LAYER),
    WrongImport(f"{CORE}/keys/loose.py", "import pydantic", PURE),
    WrongImport(f"{CORE}/keys/__init__.py", "import agentcontainer.keys.last_use", PURE),
    WrongImport(f"{CORE}/agents/agent.py", "import agentcontainer.keys.key", LAYER),
    WrongImport(f"{CORE}/keys/store.py", "import agentcontainer.web.cursor", LAYER),
    WrongImport(f"{CORE}/keys/store.py", "import requests", MOUNTED_SOMEWHERE),
    WrongImport(f"{CORE}/keys/store.py", "import boto3", BOTO3),
    WrongImport(f"{CORE}/keys/store.py", "import functions.agents.handler", BANDS),
    WrongImport(f"{CORE}/keys/last_use.py", "import blueprint.paths", BANDS),
    WrongImport(f"{CORE}/web/resolver.py", "import jwt", CLERK),
    WrongImport("functions/session_authorizer/handler.py", "import agentcontainer.web", ROUTES),
    WrongImport("functions/usage_recorder/loose.py", "import agentcontainer.web.models", ROUTES),
    WrongImport("functions/agents/handler.py", "import boto3", BOTO3),
    WrongImport("functions/agents/loose.py", "import functions.api_keys.handler", FUNCTIONS),
    WrongImport("functions/loose/handler.py", "import functions.usage.handler", FUNCTIONS),
    WrongImport("functions/loose/handler.py", "import json", MOUNTED),
    WrongImport("functions/usage/handler.py", "import requests", MOUNTED),
    WrongImport("functions/authorizer/handler.py", "import pydantic", PURE),
    WrongImport("functions/authorizer/loose.py", "import agentcontainer.keys.store", PURE),
    WrongImport("functions/openapi/handler.py", "import yaml", PURE),
    WrongImport("tools/openapi/__main__.py", "import local.run", BANDS),
    WrongImport("blueprint/paths.py", "import tools.openapi", BANDS),
    WrongImport("local/run.py", "import tools.openapi", BANDS),
    WrongImport("bench/__main__.py", "import local.run", BENCH),
    WrongImport("bench/__main__.py", "import tests.support.events", BANDS),
    WrongImport("leak-kit/src/ac_scan/token.py", "import agentcontainer.keys.token", KIT),
    WrongImport(f"{CORE}/keys/token.py", "import ac_scan.token", KIT_IMPORTED),
    WrongImport("tools/loose.py", "import tests.support.events", BANDS),
)
