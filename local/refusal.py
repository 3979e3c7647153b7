"""Why a run does not start, as a sentence for whoever started it."""


class Refusal(Exception):
    """Shown without a traceback: it is about what was asked for, not about our code."""
