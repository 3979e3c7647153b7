"""Commands in a document, with what they print: run by a shell as they stand."""

import json
import re
import subprocess
from typing import NamedTuple

_STEP = re.compile(
    r"```sh\n(?P<commands>.*?)```(?:\n\n```(?P<json>json)?\n(?P<shown>.*?)```)?", re.DOTALL
)
_END = "---- end of a step ----"

# What is different each time: ids, times, fragments of tokens, seconds, and whether a use of a key
# is known yet.
_VOLATILE = {
    r"\b(agt|agv|key)_[0-9a-z]{26}\b": r"\1_*",
    r"\buser_[0-9a-z]+\b": "user_*",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z": "<time>",
    r"ac_live_\w{4}\.\.\.\w{4}": "ac_live_*",
    r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b": "<request>",
    r'astUsedAt":( ?)(null|"<time>")': r'astUsedAt":\1*',
    r"t=\d+": "t=*",
    r"retry-after=\d+": "retry-after=*",
}


class Step(NamedTuple):
    """A block of commands and the block below it, if there is one."""

    commands: str
    shown: str | None
    is_json: bool


def steps(document: str) -> list[Step]:
    """The blocks marked `sh`, in order."""
    return [
        Step(found["commands"], found["shown"], found["json"] is not None)
        for found in _STEP.finditer(document)
    ]


def run(document: str, replaced: dict[str, str]) -> list[tuple[Step, str]]:
    """Each step with what it printed; all in one shell, which stops at a command that fails."""
    found = steps(document)
    script = "".join(f"{step.commands}\nprintf '%s' '{_END}'\n" for step in found)
    for old, new in replaced.items():
        assert old in script
        script = script.replace(old, new)
    done = subprocess.run(["bash", "-eu", "-c", script], capture_output=True, text=True, check=True)
    return list(zip(found, done.stdout.split(_END)[:-1], strict=True))


def comparable(text: str, *, is_json: bool) -> str:
    """Without what is different each time; JSON without its layout."""
    text = json.dumps(json.loads(text), indent=1) if is_json else text.strip()
    for pattern, same in _VOLATILE.items():
        text = re.sub(pattern, same, text)
    return text
