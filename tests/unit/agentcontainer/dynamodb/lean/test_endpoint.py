import boto3
import pytest
from botocore.session import Session

from agentcontainer.dynamodb.lean.endpoint import Endpoint, endpoint

REGIONS = [
    region
    for partition in ("aws", "aws-cn", "aws-us-gov")
    for region in Session().get_available_regions("dynamodb", partition)
]


@pytest.mark.parametrize("region", REGIONS)
def test_a_regions_host_is_boto3s(region: str) -> None:
    """In every region that botocore knows, China's and the government's included; over TLS."""
    host = endpoint(region)
    client = boto3.client("dynamodb", region)
    assert f"{host.scheme}://{host.authority}" == client.meta.endpoint_url
    assert host.port == 443


@pytest.mark.parametrize(
    ("url", "found", "authority"),
    [
        ("http://127.0.0.1:8000", Endpoint("http", "127.0.0.1", 8000), "127.0.0.1:8000"),
        ("http://localhost:8000/", Endpoint("http", "localhost", 8000), "localhost:8000"),
        ("http://localhost", Endpoint("http", "localhost", 80), "localhost"),
        ("HTTPS://LocalHost:443", Endpoint("https", "localhost", 443), "localhost"),
        ("https://[::1]:8000", Endpoint("https", "::1", 8000), "[::1]:8000"),
        ("https://vpce-1.x.amazonaws.com", Endpoint("https", "vpce-1.x.amazonaws.com", 443), None),
    ],
)
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"])
def test_the_environment_can_name_another(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str, found: Endpoint, authority: str | None
) -> None:
    """By either of the variables that boto3 reads; the Host header has a port where it matters."""
    monkeypatch.setenv(name, url)
    assert endpoint("eu-west-1") == found
    assert found.authority == authority or authority is None


def test_the_services_own_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in boto3."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:2")
    assert endpoint("eu-west-1").port == 2


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://127.0.0.1:8000/path",
        "http://user@127.0.0.1",
        "http://127.0.0.1:8000?a=b",
        "http://127.0.0.1:8000\r\nx: y",
        "http://",
    ],
)
def test_an_address_that_is_not_understood_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """At start, rather than asked somewhere else."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(ValueError, match="is not http"):
        endpoint("eu-west-1")
