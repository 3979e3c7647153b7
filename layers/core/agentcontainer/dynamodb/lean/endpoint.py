"""Where DynamoDB is: the region's host over TLS, or what the environment names in its place.

Source: "Service-specific endpoints" of the AWS SDKs and Tools reference, as boto3 reads the same
variables. Plain HTTP is for an override alone. What is not supported is refused at start.
"""

import os
from typing import NamedTuple

_PORTS = {"http": 80, "https": 443}
# How names of regions begin, and the domain of their partition: a test compares it with botocore's.
_DOMAINS = {
    "cn": "amazonaws.com.cn",
    "eu-isoe": "cloud.adc-e.uk",
    "eusc-de": "amazonaws.eu",
    "us-gov": "amazonaws.com",
    "us-iso": "c2s.ic.gov",
    "us-isob": "sc2s.sgov.gov",
    "us-isof": "csp.hci.ic.gov",
} | dict.fromkeys(("af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"), "amazonaws.com")

# Settings that name another host. They are not for one of our two clients alone.
_NOT_DONE = {
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "required",
}


class Endpoint(NamedTuple):
    """A server; `host` is a name or an address without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_tls(self) -> bool:
        """Whether the server has to prove who it is."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The `Host` header, which is signed: as boto3 writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def endpoint(region: str) -> Endpoint:
    """The server to ask; ValueError for a region or a setting that is not understood."""
    for name, value in _NOT_DONE.items():
        if os.environ.get(name, "").lower() == value:
            raise ValueError(f"{name} is not supported here; boto3 would ask another host")
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() != "true":
        for name in ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"):
            if url := os.environ.get(name):
                return _parse(url)
    return Endpoint("https", f"dynamodb.{region}.{_domain(region)}", _PORTS["https"])


def _domain(region: str) -> str:
    """Of the partition, such as us-gov of us-gov-west-1: what is before a word and a number."""
    front, _, number = region.rpartition("-")
    area, _, place = front.rpartition("-")
    if not (region.isascii() and place.isalnum() and number.isdigit() and area in _DOMAINS):
        raise ValueError(f"the region {region!r} is in no partition of AWS that is known here")
    return _DOMAINS[area]


def _parse(url: str) -> Endpoint:
    # A cold start on AWS never comes here, and urllib.parse would cost it more than all the rest.
    import re  # noqa: PLC0415

    match = re.fullmatch(
        r"(?i)(https?)://(?:([\w.-]+)|\[([0-9a-f:.]+)\])(?::([0-9]{1,5}))?/?", url, re.ASCII
    )
    if match is None:
        raise ValueError(f"the endpoint {url!r} is not http(s)://host[:port]")
    scheme, name, address, port = match.groups()
    scheme = scheme.lower()
    return Endpoint(scheme, (name or address).lower(), int(port or _PORTS[scheme]))
