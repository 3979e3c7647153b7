"""What SAM CLI's local commands need to know of a local run.

SAM CLI runs functions in containers, for which this machine is `host.docker.internal`. It sets only
variables that the template names, and those of all functions by the name Parameters.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from local.http.server import CONTAINERS_HOST


def environment(parameters: Mapping[str, str], dynamodb: str) -> dict[str, dict[str, str]]:
    """The file for `--env-vars`: the run's tables, and the instance of Clerk that it signs for."""
    port = urlsplit(dynamodb).port or 80
    return {
        "Parameters": {
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://{CONTAINERS_HOST}:{port}",
            "CLERK_AUTHORIZED_PARTIES": parameters["ClerkAuthorizedParties"],
            "CLERK_ISSUER": parameters["ClerkIssuer"],
            "CLERK_JWKS": parameters["ClerkJwks"],
            "DASHBOARD_ORIGIN": parameters["DashboardOrigin"],
            "RELEASE": parameters["Release"],
        }
    }
