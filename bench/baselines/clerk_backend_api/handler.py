"""A dashboard authorizer on Clerk's own library, which is measured where it is installed."""

import os
from typing import Any

from clerk_backend_api.security import (  # type: ignore[import-not-found]
    VerifyTokenOptions,
    verify_token,
)

options = VerifyTokenOptions(
    jwt_key=os.environ["CLERK_PEM"],
    authorized_parties=os.environ["CLERK_AUTHORIZED_PARTIES"].split(","),
)


def handler(event: dict[str, Any], context: Any) -> str:
    """Whose session it is."""
    token = event["authorizationToken"].removeprefix("Bearer ")
    user: str = verify_token(token, options)["sub"]
    return user
