"""What libraries find in a local run's environment, and which DynamoDB servers it may speak to."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from blueprint.errors import Refusal
from blueprint.template.translation import REGION

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""What AWS's libraries find, here and in functions: no credential or setting of whoever runs it."""


KEPT = frozenset(
    {
        "HOME",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "LD_LIBRARY_PATH",
        "PATH",
        "TERM",
        "TMPDIR",
        "TZ",
        "USER",
    }
)
"""What stays of a shell's environment: where things are, and how to write to people.

A list of what stays, because no list of what libraries read by themselves is ever complete:
proxies, bundles of certificates, credentials, settings of the emulator.
"""


class NotLoopback(Refusal):
    """The DynamoDB server that is given is not on this machine."""


def forget_shell() -> str | None:
    """Replaces the environment of this process, and returns the endpoint that was given."""
    given = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB")
    for name in os.environ.keys() - KEPT:
        del os.environ[name]
    os.environ.update(ENVIRONMENT)
    return loopback_endpoint(given) if given else None


def loopback_endpoint(url: str) -> str:
    """`url` if it is on this machine; the local run never touches another's tables."""
    host = urlsplit(url).hostname or ""
    try:
        is_loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise NotLoopback(
            f"AWS_ENDPOINT_URL_DYNAMODB is {url}: the local run uses loopback addresses only"
        )
    return url.rstrip("/")
