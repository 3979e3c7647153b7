"""What all tests share: hypothesis profiles, an environment, and the template's tables in moto."""

import os
from collections.abc import Generator, Iterator
from typing import Any

import boto3
import hypothesis
import pytest
from moto import mock_aws
from moto.server import create_backend_app

from blueprint.paths import TEMPLATE
from blueprint.template.translation import ACCOUNT_ID, REGION, load
from local.dynamodb.limits import moto_in_process, wsgi
from local.dynamodb.limits.moto_tables import MotoTables
from local.dynamodb.limits.proxy import LimitsProxy
from local.dynamodb.tables import create_tables
from local.http.server import serve
from tests.support.events import PARAMETERS, stored, tokens_in
from tests.support.parameter_ids import parameter_id
from tests.support.product import Product, limited_roto, roto

pytest_plugins = ("tests.support.suite_plugin",)

hypothesis.settings.register_profile("quick", max_examples=10, deadline=None)
hypothesis.settings.register_profile("test", max_examples=25, deadline=None)
hypothesis.settings.register_profile("prove", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ |= {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "CLERK_AUTHORIZED_PARTIES": PARAMETERS["ClerkAuthorizedParties"],
    "CLERK_ISSUER": PARAMETERS["ClerkIssuer"],
    "CLERK_JWKS": PARAMETERS["ClerkJwks"],
    "DASHBOARD_ORIGIN": PARAMETERS["DashboardOrigin"],
    "KEYS_TABLE": "Keys",
    "AGENTS_TABLE": "Agents",
    "AUDIT_RETENTION_DAYS": "400",
    "KEY_LIMIT": "100",
    "METRICS_NAMESPACE": "local",
    # A proxy of the shell is for what is elsewhere; in either spelling, for lower case wins.
    "NO_PROXY": "127.0.0.1,::1,localhost",
    "no_proxy": "127.0.0.1,::1,localhost",
    "SAM_CLI_TELEMETRY": "0",
}

moto_in_process.install(ACCOUNT_ID, REGION)

SESSION = boto3.Session()
"""For all tests: moto begins one for each, whose first client would read 100 ms of JSON again."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Workers agree on ids, and whoever reads a report sees what was tried."""
    return parameter_id(val)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Ids stand in reports and logs: what is secret does not belong there, nor what is chance."""
    if tokens_in(item.nodeid):
        raise pytest.UsageError(f"the id of a test holds a token: {item.nodeid.partition('[')[0]}")


@pytest.fixture(scope="session")
def product_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LimitsProxy]:
    """The store of `product`: what it was asked is in its ledger."""
    with limited_roto(tmp_path_factory.mktemp("product-tables")) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def product(
    tmp_path_factory: pytest.TempPathFactory, product_store: LimitsProxy
) -> Iterator[Product]:
    """A local run on an atomic store that all tests share; each makes accounts of its own.

    In the end no token stands in anything that it wrote, nor in a table.
    """
    with Product(tmp_path_factory.mktemp("product"), dynamodb=product_store.url) as running:
        yield running
        assert not tokens_in(stored(product_store.url))
        assert not tokens_in(running.written())


@pytest.fixture(scope="session")
def resources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The resources of template.yaml as CloudFormation would get them."""
    return load(TEMPLATE, PARAMETERS, tmp_path_factory.mktemp("translation"))


@pytest.fixture(scope="session")
def atomic_store(
    tmp_path_factory: pytest.TempPathFactory, resources: dict[str, dict[str, Any]]
) -> Iterator[LimitsProxy]:
    """roto-server with the template's tables, behind DynamoDB's limits."""
    with limited_roto(tmp_path_factory.mktemp("roto")) as proxy:
        create_tables(proxy.url, resources)
        yield proxy


@pytest.fixture(scope="session")
def atomic(atomic_store: LimitsProxy) -> str:
    """The address of `atomic_store`."""
    return atomic_store.url


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """A server of moto, for what does not go through boto3; its tables are those of `tables`."""
    limited = wsgi.limited(create_backend_app("dynamodb"), MotoTables(ACCOUNT_ID, REGION))
    server = serve(limited, port=0)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@pytest.fixture(scope="session")
def roto_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A roto-server that all tests share."""
    with roto(tmp_path_factory.mktemp("roto")) as url:
        yield url


@pytest.fixture
def tables(resources: dict[str, dict[str, Any]]) -> Iterator[Any]:
    """The template's tables, empty, in moto; a DynamoDB client to look into them."""
    with mock_aws():
        boto3.DEFAULT_SESSION = SESSION
        client = boto3.client("dynamodb")
        for name, resource in resources.items():
            if resource["Type"] == "AWS::DynamoDB::Table":
                properties = resource["Properties"]
                client.create_table(
                    TableName=name,
                    BillingMode=properties["BillingMode"],
                    AttributeDefinitions=properties["AttributeDefinitions"],
                    KeySchema=properties["KeySchema"],
                )
        yield client
        assert not tokens_in(stored())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test fails whose code under test has written a token, whatever else it shows."""
    report = yield
    written = "".join(content for _, content in report.sections)
    if report.passed and tokens_in(written):
        report.outcome = "failed"
        report.longrepr = f"a token was written by {item.nodeid}"
    return report
