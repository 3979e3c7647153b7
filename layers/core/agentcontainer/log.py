"""Log lines: one JSON object each, on standard output, which is Lambda's log. Pure."""

import json
import sys
from collections.abc import Mapping


def write(line: Mapping[str, object]) -> None:
    """Writes the line. None holds a token: whoever makes one sees to it."""
    # One write is one event of the log: in two, the second would be an empty one.
    sys.stdout.write(json.dumps(line) + "\n")
