"""Whether an answer, or an event that a function was sent, is as a row has it."""

import json
import re
from typing import Any

from local.logs.access_log import MAX_LINE_BYTES
from tests.integration.gateway.target import Answer
from tests.support.events import UNAUTHORIZED_KEY, UNAUTHORIZED_SESSION, tokens_in

REFUSALS = {"key": UNAUTHORIZED_KEY, "session": UNAUTHORIZED_SESSION}


def check_answer(answer: Answer, expected: dict[str, Any], words: dict[str, str]) -> None:
    """Compares what the row names: status, json, text, headers, or the one `refusal`."""
    if "refusal" in expected:
        check_refusal(answer, REFUSALS[expected["refusal"]])
    if "status" in expected:
        assert matches(answer.status, expected["status"]), answer
    if "json" in expected:
        assert matches(json.loads(answer.body), filled(expected["json"], words)), answer
    if "text" in expected:
        assert answer.body.decode() == filled(expected["text"], words), answer
    for name, value in expected.get("headers", {}).items():
        check_header(answer.all(name), filled(value, words))
    for word in expected.get("never", ()):
        secret = filled(word, words)
        assert secret.encode() not in answer.body
        assert secret not in str(answer.headers)


def check_refusal(answer: Answer, body: dict[str, Any]) -> None:
    """The one answer to every bad credential, whoever makes it."""
    assert answer.status == 401, answer
    assert json.loads(answer.body) == body
    assert answer.all("Content-Type") == ["application/json"]
    # The renamed one is a handler's, which no client takes for what it is.
    assert answer.all("WWW-Authenticate") == ['Bearer realm="AgentContainer"']
    assert answer.all("Cache-Control") == ["no-store"]
    assert len(answer.all("x-amzn-RequestId")) == 1
    assert len(answer.all("x-amzn-ErrorType")) == 1


def check_lines(lines: list[str], expected: list[Any], words: dict[str, str]) -> None:
    """Lines of an access log: JSON, each with the members that the row names, and no token."""
    assert len(lines) == len(expected), lines
    for line, members in zip(lines, expected, strict=True):
        assert len(line.encode()) <= MAX_LINE_BYTES
        assert not tokens_in(line)
        assert matches(json.loads(line), filled(members, words)), line


def check_header(values: list[str], expected: Any) -> None:
    """A text, several, `null` for none at all, or a pattern behind `~`."""
    if expected is None:
        assert values == []
    elif isinstance(expected, list):
        assert values == expected
    else:
        assert len(values) == 1, values
        assert matches(values[0], expected), values


def matches(found: Any, expected: Any) -> bool:
    """Whether a value has all that is expected of it; members that are not named may be there.

    `~x` is a pattern, `{"only": {...}}` names all members, `!absent` says that there is none.
    """
    match expected:
        case {"only": members}:
            return found.keys() == members.keys() and matches(found, members)
        case {"keys": list(names)}:
            return sorted(found) == sorted(names)
        case dict():
            return all(
                name not in found if value == "!absent" else matches(found.get(name), value)
                for name, value in expected.items()
            )
        case str() if expected.startswith("~"):
            return re.fullmatch(expected[1:], str(found)) is not None
    # 1 is not true.
    return type(found) is type(expected) and bool(found == expected)


def filled(value: Any, words: dict[str, str]) -> Any:
    """With the words in place of their names: `Bearer {key}`."""
    match value:
        case str():
            for name, word in words.items():
                value = value.replace(f"{{{name}}}", word)
        case dict():
            return {name: filled(member, words) for name, member in value.items()}
        case list():
            return [filled(element, words) for element in value]
    return value
