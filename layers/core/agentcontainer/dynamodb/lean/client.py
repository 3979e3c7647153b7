"""One strongly consistent GetItem on the standard library: the authorizer's only call.

With boto3 a cold start and a request cost several times as much (docs/measured.md). This does what
boto3 does for this one call, within one deadline: signed, over a connection that is kept, tried
again where that may help. Whatever goes wrong raises. None means that DynamoDB said there is no
such item, and nothing else does.

Source: GetItem, "Low-level API" and "Error handling" of the DynamoDB documentation.
"""

import json
import os
import time
from collections.abc import Mapping
from typing import Any, Final

from agentcontainer import settings
from agentcontainer.dynamodb.item import Item, decode_item, encode
from agentcontainer.dynamodb.lean.connection import Connection
from agentcontainer.dynamodb.lean.endpoint import endpoint
from agentcontainer.dynamodb.lean.http1 import Broken, Refused, Response
from agentcontainer.dynamodb.lean.sigv4 import Signer, amz_date, credentials
from agentcontainer.dynamodb.retryable import is_intact, is_retryable, read_object

DEADLINE_SECONDS: Final = 6.0
"""For all attempts together: below the authorizer's timeout, so that a dead store is an error and
not a kill."""

_ATTEMPTS = 4
_FIRST_WAIT_SECONDS = 0.05
_OK = 200


class GetItemFailed(Exception):
    """DynamoDB said neither an item nor that there is none. Never the caller's fault."""


class GetItem:
    """Reads items of one table whose primary key is the strings `pk` and `sk`. Not for threads."""

    def __init__(self, table: str, *, deadline: float = DEADLINE_SECONDS) -> None:
        region = settings.region()
        server = endpoint(region)
        self._table = table
        self._deadline = deadline
        self._authority = server.authority
        self._connection = Connection(server)
        self._signer = Signer(region, "dynamodb")

    def warm(self) -> None:
        """Signs once and connects, ahead of the first question; GetItemFailed if nobody is there.

        It asks nothing, so it costs the table nothing. One can go on without: the first question
        then connects.
        """
        self.request("", "")
        try:
            self._connection.connect(self._next_end())
        except (Broken, Refused) as fault:
            raise GetItemFailed(str(fault)) from fault

    def get(self, pk: str, sk: str) -> Item | None:
        """The item as it is at this moment, or None; GetItemFailed, by the deadline, if unknown."""
        ends = time.monotonic() + self._deadline
        wait = _FIRST_WAIT_SECONDS
        attempt = 1
        while True:
            try:
                return self._ask(pk, sk, min(ends, self._next_end()))
            except Refused as fault:
                raise GetItemFailed(str(fault)) from fault
            except Broken as fault:
                pause = wait * os.urandom(1)[0] / 255
                if attempt == _ATTEMPTS or time.monotonic() + pause >= ends:
                    raise GetItemFailed(f"{fault} (attempt {attempt})") from fault
            time.sleep(pause)
            wait *= 2
            attempt += 1

    def request(self, pk: str, sk: str) -> bytes:
        """The whole of a question, signed with the time and the credentials of this moment."""
        asked = {
            "TableName": self._table,
            "Key": {"pk": encode(pk), "sk": encode(sk)},
            "ConsistentRead": True,
        }
        body = json.dumps(asked).encode()
        given = credentials()
        # In the order of their names, as they are signed.
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "host": self._authority,
            "x-amz-date": amz_date(time.time()),
        }
        if given.session_token:
            headers["x-amz-security-token"] = given.session_token
        headers["x-amz-target"] = "DynamoDB_20120810.GetItem"
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = (
            f"POST / HTTP/1.1\r\n{lines}"
            f"authorization: {self._signer.authorization(headers, body, given)}\r\n"
            f"accept-encoding: identity\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode("ascii") + body

    def close(self) -> None:
        """Ends the connection; another question makes a new one."""
        self._connection.close()

    def _ask(self, pk: str, sk: str, ends: float) -> Item | None:
        # Signed each time, for the time is part of it.
        answer = _read(self._connection.exchange(self.request(pk, sk), ends))
        if not answer:
            return None
        try:
            item = decode_item(answer["Item"])
            is_the_one = (item["pk"], item["sk"]) == (pk, sk)
        except (AttributeError, LookupError, TypeError, ValueError) as fault:
            raise Broken("an item of another form") from fault
        if not is_the_one:
            self.close()
            raise Broken("the answer to another question")
        return item

    def _next_end(self) -> float:
        """No attempt may use up the time of those after it."""
        return time.monotonic() + self._deadline / _ATTEMPTS


def _read(response: Response) -> dict[str, Any]:
    """DynamoDB's answer: {"Item": ...}, or {} if there is none."""
    if not is_intact(response.headers, response.body):
        raise Broken("a wrong x-amz-crc32")
    answer = read_object(response.body)
    if response.status != _OK:
        raise _error(response, answer or {})
    if answer is not None and (not answer or isinstance(answer.get("Item"), dict)):
        return answer
    raise Broken("an answer of another form")


def _error(response: Response, answer: Mapping[str, Any]) -> Broken | Refused:
    # Not its message: that of a wrong signature repeats the session's token.
    kind = str(answer.get("__type", "")).rpartition("#")[2]
    said = f"DynamoDB answered {response.status} {kind[:80]}"
    return Broken(said) if is_retryable(response.status, kind) else Refused(said)
