"""What can keep a request from being done, in the domain's terms. Pure.

How HTTP says it, and in which words, is `web/errors.py`'s alone. The arguments are for whoever
catches one.
"""


class DomainError(Exception):
    """Nothing was done, for a reason that whoever asked can understand."""


class NotFound(DomainError):
    """There is no such thing in the account."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class FinalState(DomainError):
    """The thing is in a state that it never leaves, and that does not allow the change."""

    def __init__(self, what: str, state: str) -> None:
        super().__init__(what, state)
        self.what = what
        self.state = state


class ChangedMeanwhile(DomainError):
    """The thing is not as it was when whoever asks read it."""


class AccountClosed(DomainError):
    """The account was closed: no key of it may come to work."""


class RotationInProgress(DomainError):
    """Two tokens of the key work already, and it was not said which one ends."""


class KeyLimitReached(DomainError):
    """The account has reached its limit of live keys."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ExpiryNotInFuture(DomainError):
    """A key was to expire at a time that is over."""


class IdempotencyMismatch(DomainError):
    """The `Idempotency-Key` was used for a request with another body."""


class StoreUnavailable(DomainError):
    """The store does not answer, or not in time; a retry may succeed."""
