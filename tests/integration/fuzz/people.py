"""Who sends what is generated: somebody with an account, and what they hold."""

import time
from typing import Any

import requests

from tests.support.events import AGENT

# A session token lives for 60.
_SESSION_SECONDS = 30
_MOST_KEYS = 50


class Somebody:
    """A person with an account of their own in a local run: a session that is fresh, and keys."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._user = url, f"user_{name}"
        self._session, self._signed_in_at = "", 0.0
        self._key, self._spare_key = "", ""
        self._keys: list[str] = []

    def session(self) -> str:
        """A session token with half of its life left."""
        if time.monotonic() - self._signed_in_at > _SESSION_SECONDS or not self._session:
            user = {"user": self._user}
            answer = requests.get(f"{self._url}/__local/session-token", user, timeout=60)
            self._session, self._signed_in_at = answer.text, time.monotonic()
        return self._session

    def key(self) -> str:
        """The token of an API key that is never ended."""
        self._key = self._key or self._new_key()["token"]
        return self._key

    def spare_key(self) -> str:
        """The token of one that may end itself."""
        self._spare_key = self._spare_key or self._new_key()["token"]
        return self._spare_key

    def spare_key_ended(self) -> None:
        """There will be another."""
        self._spare_key = ""

    def has_made(self, key_id: str) -> None:
        """Revokes the oldest of many keys, so that the account never has as many as it may."""
        self._keys.append(key_id)
        if len(self._keys) > _MOST_KEYS:
            self.manage("POST", f"/api-keys/{self._keys.pop(0)}/revoke")

    def own_things(self) -> dict[str, str]:
        """One of everything that an account can have: its id, by the name that paths give it."""
        key = self._new_key()
        agent = self.call("POST", "/agents", AGENT)
        return {
            "keyId": key["id"],
            "agentId": agent["id"],
            "versionId": agent["currentVersion"]["id"],
        }

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that a request with the key gets."""
        return self._send(method, f"/api/v1{path}", self.key(), body)

    def manage(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that a request with the session gets."""
        return self._send(method, f"/dashboard/v1{path}", self.session(), body)

    def _new_key(self) -> Any:
        return self.manage("POST", "/api-keys", {"name": self._user})

    def _send(self, method: str, path: str, credential: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {credential}"}
        answer = requests.request(method, self._url + path, json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json()
