"""Why the Frontend API rejects a request, as Clerk says it."""

from local.clerk import objects


class Rejected(Exception):
    """Answered with a status and an error; `parameter` is the field that is to blame."""

    def __init__(self, status: int, code: str, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = objects.errors(code, message, parameter)


def invalid(code: str, message: str, parameter: str | None = None) -> Rejected:
    """What was typed cannot be taken; Clerk's components show the message at the field."""
    return Rejected(422, code, message, parameter)


def not_found(what: str) -> Rejected:
    """There is none, or it is none of the caller's business."""
    return Rejected(404, "resource_not_found", f"There is no such {what}.")


def forbidden(message: str) -> Rejected:
    """The caller's role, or the local run itself, does not allow it."""
    return Rejected(403, "not_authorized", message)
