import re
from typing import Any

import boto3
import pytest
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.dynamodb.lean.endpoint import Endpoint, endpoint

PARTITIONS = Session().get_data("partitions")["partitions"]
REGIONS = [region for partition in PARTITIONS for region in partition["regions"]]
PLACES = [region for region in REGIONS if not region.endswith("-global")]


def test_every_partition_has_regions() -> None:
    """So that what is said of every region is said of China, the governments and Europe too."""
    assert {"aws", "aws-cn", "aws-us-gov", "aws-eusc"} <= {found["id"] for found in PARTITIONS}
    assert all(set(found["regions"]) & set(PLACES) for found in PARTITIONS)


@pytest.mark.parametrize("region", PLACES)
def test_a_regions_host_is_boto3s(region: str) -> None:
    """In every region of every partition that botocore knows; over TLS."""
    host = endpoint(region)
    client = boto3.client("dynamodb", region)
    assert f"{host.scheme}://{host.authority}" == client.meta.endpoint_url
    assert host.port == 443


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda found: found["id"])
def test_a_region_to_come_has_its_partitions_host(partition: dict[str, Any]) -> None:
    """A partition is known by the form of its regions' names, as botocore knows it."""
    pattern = re.compile(partition["regionRegex"], re.ASCII)

    @given(st.from_regex(pattern, fullmatch=True).filter(lambda region: "_" not in region))
    def has_its_host(region: str) -> None:
        assert endpoint(region).host == f"dynamodb.{region}.{partition['outputs']['dnsSuffix']}"

    has_its_host()


@given(st.text("abcdeisu-_./:@#?19", min_size=1) | st.sampled_from(REGIONS).map(lambda r: f"{r}1."))
def test_a_region_of_no_partition_is_refused(region: str) -> None:
    """At start, in a sentence: no signed request goes to a host that was made up."""
    if not any(re.fullmatch(found["regionRegex"], region) for found in PARTITIONS):
        with pytest.raises(ValueError, match="no partition of AWS"):
            endpoint(region)


@pytest.mark.parametrize(
    "region", ["aws-global", "aws-cn-global", "", "mars-north-1", "us-isox-east-1", "eu-west-1.x"]
)
def test_what_is_no_region_is_refused(region: str) -> None:
    """Among them the pseudo-regions of services that have but one host."""
    with pytest.raises(ValueError, match="no partition of AWS"):
        endpoint(region)


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


@pytest.mark.parametrize("value", ["true", "TRUE", "True", "false", "1", "yes", "", " true"])
def test_an_endpoint_is_ignored_where_boto3_ignores_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Whatever the value is, both clients ask the same server."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:2")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", value)
    host = endpoint("eu-west-1")
    client = boto3.Session().client("dynamodb", "eu-west-1")
    assert f"{host.scheme}://{host.authority}" == client.meta.endpoint_url


@pytest.mark.parametrize("override", ["", "http://127.0.0.1:1"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "True"),
        ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "required"),
    ],
)
def test_a_setting_that_is_not_done_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, override: str
) -> None:
    """At start, by name, rather than done by boto3 alone; other values change nothing."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", override)
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"{name} is not supported"):
        endpoint("eu-west-1")
    monkeypatch.setenv(name, "false")
    assert endpoint("eu-west-1")


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
