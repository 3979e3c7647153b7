"""One request on its way through an API."""

import re
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from blueprint.template.translation import ACCOUNT_ID, REGION
from local.http.messages import Request

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a stage of an API."""

    api_id: str
    stage: str
    request: Request
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    request_id: str = ""
    extended_request_id: str = field(default_factory=lambda: uuid.uuid4().hex[:15] + "=")
    """The id that a client cannot choose."""
    trace_id: str = field(
        default_factory=lambda: f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}"
    )

    facts: dict[str, str] = field(default_factory=dict)
    """What comes out on the way, for the access log; by its name in `$context`."""

    def __post_init__(self) -> None:
        """A client may choose the request's id, if it sends a UUID."""
        chosen = self.request.header("x-amzn-requestid") or ""
        given = chosen if _UUID.fullmatch(chosen) else str(uuid.uuid4())
        object.__setattr__(self, "request_id", self.request_id or given)

    @property
    def method_arn(self) -> str:
        """Verb and concrete path, without the query."""
        path = self.request.path.lstrip("/")
        api = f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{self.api_id}"
        return f"{api}/{self.stage}/{self.request.method}/{path}"

    @property
    def context(self) -> dict[str, str]:
        """What `$context` stands for in the templates of gateway responses."""
        return {
            "apiId": self.api_id,
            "extendedRequestId": self.extended_request_id,
            "httpMethod": self.request.method,
            "path": f"/{self.stage}{self.request.path_as_sent}",
            "requestId": self.request_id,
            "stage": self.stage,
        }
