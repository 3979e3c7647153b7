"""AWS Signature Version 4, for requests to one service in one region.

Source: "Create a signed AWS API request" in the IAM user guide. The tests compare every part with
botocore's signer.
"""

import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from typing import NamedTuple

_ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials(NamedTuple):
    """Of an IAM role; the token of temporary ones is "" for lasting ones."""

    access_key: str
    secret_key: str
    session_token: str


def credentials() -> Credentials:
    """What Lambda put into the environment; KeyError without.

    Read for each request: nothing here outlives a change of them. (Under SnapStart they would come
    from elsewhere, which is why the authorizer does not use it.)
    """
    environment = os.environ
    return Credentials(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment.get("AWS_SESSION_TOKEN", ""),
    )


def amz_date(now: float) -> str:
    """Seconds since the epoch as `x-amz-date` has it."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))


class Signer:
    """Signs, and keeps the key that is derived from a secret for a day."""

    def __init__(self, region: str, service: str) -> None:
        self._region = region
        self._service = service
        self._derived_from = ("", "")
        self._key = b""

    def authorization(self, headers: Mapping[str, str], body: bytes, given: Credentials) -> str:
        """The `Authorization` header of a `POST /` that has exactly these headers to sign.

        Names are in lower case and in order, `x-amz-date` is among them, and values have no spaces
        but single ones inside: they are signed as they are.
        """
        date = headers["x-amz-date"]
        names = ";".join(headers)
        canonical = "".join([f"{name}:{value}\n" for name, value in headers.items()])
        payload = hashlib.sha256(body).hexdigest()
        request = f"POST\n/\n\n{canonical}\n{names}\n{payload}"
        day = date[:8]
        scope = f"{day}/{self._region}/{self._service}/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        to_sign = f"{_ALGORITHM}\n{date}\n{scope}\n{digest}"
        key = self._key_of(day, given.secret_key)
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        return (
            f"{_ALGORITHM} Credential={given.access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )

    def _key_of(self, day: str, secret: str) -> bytes:
        if self._derived_from != (day, secret):
            key = f"AWS4{secret}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._derived_from, self._key = (day, secret), key
        return self._key
