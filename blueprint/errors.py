"""Why a run does not start, as a sentence for whoever started it."""


class Refusal(Exception):
    """Shown without a traceback: it is about what was asked for, not about our code."""


class TemplateError(Refusal):
    """The template asks for something that the local run does not do, or does not hold together.

    `says` are words of the template by which its line is found.
    """

    def __init__(self, message: str, says: str | None = None) -> None:
        super().__init__(message)
        self.says = says
