"""A stage's throttle: so many requests a second, and so many at once."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from blueprint.template.translation import TemplateError


class Throttle:
    """A token bucket, as API Gateway documents its own; AWS's is approximate, this one exact."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._at = burst, clock()
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Takes one token, if there is one."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._at) * self._rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


def of_stage(properties: Mapping[str, Any]) -> Throttle | None:
    """The throttle that a stage's MethodSettings set for all of its methods."""
    for settings in properties.get("MethodSettings", ()):
        if not settings.keys() & {"ThrottlingRateLimit", "ThrottlingBurstLimit"}:
            continue
        if (settings.get("ResourcePath"), settings.get("HttpMethod")) != ("/*", "*"):
            raise TemplateError(
                "the local gateway knows a throttle for all methods only (/* and *)"
            )
        return Throttle(settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"])
    return None
