"""What is measured: our functions as they are deployed, and what they are compared with."""

from importlib.util import find_spec
from typing import Final, NamedTuple

REFERENCE: Final = "boto3"
AUTHORIZER: Final = "authorizer"


class Subject(NamedTuple):
    """A function. `folder` is where its handler is, `event` which one it answers."""

    name: str
    folder: str
    event: str
    title: str
    small_bundle: bool = False
    """Whether it believes Amazon's roots alone, rather than everything that botocore does."""
    needs: str = ""
    """A package that not everybody has; without it this is left out."""

    @property
    def is_there(self) -> bool:
        """Whether it can be measured here."""
        return not self.needs or find_spec(self.needs) is not None


AUTHORIZERS = (
    Subject(REFERENCE, "bench/baselines/boto3_client", "authorizer", "a bare boto3 client"),
    Subject(AUTHORIZER, "functions/authorizer", "authorizer", "our authorizer", small_bundle=True),
    Subject(
        "powertools",
        "bench/baselines/boto3_powertools",
        "authorizer",
        "boto3, Logger, Metrics, data classes",
    ),
    Subject(
        "http.client",
        "bench/baselines/http_client",
        "authorizer",
        "http.client, unsigned: a floor",
        small_bundle=True,
    ),
)

OTHERS = (
    Subject("api_keys", "functions/api_keys", "api_keys", "our api_keys"),
    Subject("account", "functions/account", "account", "our account"),
    Subject("agents", "functions/agents", "agents", "our agents"),
    Subject(
        "session_authorizer", "functions/session_authorizer", "session", "our dashboard authorizer"
    ),
    Subject(
        "clerk-backend-api",
        "bench/baselines/clerk_backend_api",
        "session",
        "a dashboard authorizer on Clerk's library",
        needs="clerk_backend_api",
    ),
)
