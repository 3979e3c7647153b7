"""What all tests share: hypothesis profiles, an environment, and the template's tables in moto."""

import os
from collections.abc import Iterator
from typing import Any

import boto3
import hypothesis
import pytest
from moto import mock_aws
from moto.server import create_backend_app

from local.server import serve
from local.template import load
from tests.product.running import Product, roto
from tests.support import PARAMETERS, TEMPLATE

hypothesis.settings.register_profile("test", max_examples=50, deadline=None)
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
    "SAM_CLI_TELEMETRY": "0",
}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A local run that all tests share; each makes accounts of its own."""
    with Product(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture(scope="session")
def resources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The resources of template.yaml as CloudFormation would get them."""
    return load(TEMPLATE, PARAMETERS, tmp_path_factory.mktemp("translation"))


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """A server of moto, for what does not go through boto3; its tables are those of `tables`."""
    server = serve(create_backend_app("dynamodb"), port=0)
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
