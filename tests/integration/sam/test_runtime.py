"""The built artifacts under Lambda's own runtime answer as the handlers do in process."""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
import pytest

from blueprint.paths import TEMPLATE
from blueprint.template.functions import deployed
from local.apigateway import deployment
from local.dynamodb.tables import create_tables
from tests.integration.sam.rie import Runtime, can_run, runtime_folder
from tests.support.event_fixtures import (
    DELIVERIES,
    EFFECTS,
    RECORDS,
    STATUSES,
    in_process,
    moto_server,
    store_what_they_are_about,
)
from tests.support.events import event
from tests.support.product import roto

pytestmark = pytest.mark.skipif(not can_run(), reason="the emulator is a Linux binary")

FUNCTIONS = {function.name: function.logical_id for function in deployed()}
"""The folders of `events/` and `functions/`, and the template's names for them."""

# What is new in every answer: ids, tokens, hints and times.
NEW = re.compile(
    r"(?<=key_|agt_|agv_|evt_)[0-9a-z]{26}"
    r"|ac_live_[0-9A-Za-z]{38}|ac_live_\w{4}\.\.\.\w{4}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
)

type Invoke = Callable[[str, dict[str, Any]], Any]


@pytest.fixture(scope="module")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Tables for the runtimes, apart from those in process."""
    with roto(tmp_path_factory.mktemp("tables")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The tables of the handlers in process."""
    with moto_server() as url:
        yield url


@pytest.fixture(scope="module")
def invoke(
    artifacts: Path,
    resources: dict[str, dict[str, Any]],
    dynamodb: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Invoke]:
    """Invokes a built function by its folder's name; each is started once, on its first event."""
    folder = tmp_path_factory.mktemp("runtime")
    create_tables(dynamodb, resources)
    definitions = {
        name: function.definition
        for name, function in deployment.functions(TEMPLATE, resources, dynamodb, folder).items()
    }
    started: dict[str, Runtime] = {}
    with ExitStack() as stack:

        def invoke_one(function: str, sent: dict[str, Any]) -> Any:
            name = FUNCTIONS[function]
            if name not in started:
                definition = definitions[name]
                mounted = [artifacts / f"{layer.name.title()}Layer" for layer in definition.layers]
                runtime = Runtime(
                    definition.handler,
                    artifacts / name,
                    mounted,
                    definition.environment,
                    runtime_folder(folder / "python"),
                )
                started[name] = stack.enter_context(runtime)
            return started[name].invoke(sent)

        yield invoke_one


@pytest.fixture
def the_same_items(tables: Any, dynamodb: str, invoke: Invoke) -> None:
    """Both sides' tables hold what the events are about, and nothing else."""
    store_what_they_are_about()
    other = boto3.client("dynamodb", endpoint_url=dynamodb)
    for table in ("Agents", "Keys"):
        for item in other.scan(TableName=table)["Items"]:
            other.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})
        for item in tables.scan(TableName=table)["Items"]:
            other.put_item(TableName=table, Item=item)


@pytest.mark.usefixtures("the_same_items")
@pytest.mark.parametrize("name", [*STATUSES, *EFFECTS, *DELIVERIES, *RECORDS])
def test_an_event_is_answered_as_in_process(invoke: Invoke, moto: str, name: str) -> None:
    """By what SAM builds, with its layers, under the runtime that Lambda starts."""
    function = name.partition("/")[0]
    built, here = invoke(function, event(name)), in_process(function, event(name), moto)
    assert told(built) == told(json.loads(json.dumps(here)))


@pytest.mark.parametrize("function", ["authorizer", "session_authorizer"])
def test_a_fault_is_a_fault_there_too(invoke: Invoke, function: str) -> None:
    """An event that no gateway sends is an error of the function, and it lives on."""
    failed = invoke(function, {})
    assert failed["errorType"] == "KeyError"
    name = next(name for name in EFFECTS if name.startswith(f"{function}/"))
    assert "policyDocument" in invoke(function, event(name))


def test_what_a_layer_lacks_is_not_found(artifacts: Path, tmp_path: Path) -> None:
    """Nothing of this machine's environments makes up for it, so the tests above mean something."""
    layers, folder = [artifacts / "CoreLayer"], runtime_folder(tmp_path)
    with Runtime("handler.handler", artifacts / "Account", layers, {}, folder) as runtime:
        failed = runtime.invoke(event("account/get"))
    assert failed["errorType"] == "Runtime.ImportModuleError"
    assert "aws_lambda_powertools" in failed["errorMessage"]


def told(answer: Any) -> Any:
    """An answer without what is new in every one; a body of JSON by what it says."""
    found = json.loads(NEW.sub("*", json.dumps(answer)))
    with contextlib.suppress(KeyError, TypeError, ValueError):
        found["body"] = json.loads(found["body"])
    return found
