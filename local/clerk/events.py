"""What Clerk would send a webhook about: told to a listener, which nobody is yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """A change; `type` and `data` are those of Clerk's webhook, `at` is in epoch milliseconds."""

    type: str
    data: dict[str, Any]
    at: int


type Listener = Callable[[Event], None]
"""Told of each event once, after the change is on disk, with no lock held.

It runs in the thread that answers the request and may ask the Frontend API; what takes long belongs
into a queue of its own. What it raises is logged and does not reach the browser. A kill between the
change and the call loses the event, as Clerk's deliveries can be lost.
"""
