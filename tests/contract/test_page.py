"""What the page has words for is what the API speaks of: a word that is missing is named here."""

import re
from typing import get_args

import pytest

from agentcontainer.auth.scopes import ALL_SCOPES
from agentcontainer.keys.diff import Action
from agentcontainer.keys.key import RevokedReason, Status
from agentcontainer.usage.outcomes import OUTCOMES
from blueprint.page.files import FOLDER


def words(file: str, constant: str) -> list[str]:
    """The names in a constant of a module of the page, in its order."""
    text = (FOLDER / "app" / file).read_text(encoding="utf-8")
    pattern = rf"(?ms)^(?:export )?const {constant} = ([\[{{].*?^[\]}}]);"
    found = re.search(pattern, text)
    assert found, f"{file} has no {constant}"
    listed = re.findall(r"^  \{ id: '([^']+)'", found[1], re.MULTILINE)
    return listed or re.findall(r"^  '?([\w.]+)'?: ", found[1], re.MULTILINE)


@pytest.mark.parametrize(
    ("file", "constant", "known"),
    [
        ("words.js", "SCOPES", ALL_SCOPES),
        ("words.js", "STATUS_LABELS", get_args(Status.__value__)),
        ("words.js", "REVOKED_REASONS", get_args(RevokedReason.__value__)),
        ("outcomes.js", "OUTCOMES", OUTCOMES),
        ("events.js", "ACTIONS", get_args(Action.__value__)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_page_has_a_word_for_each(file: str, constant: str, known: tuple[str, ...]) -> None:
    """In the order of the API's own list."""
    assert words(file, constant) == list(known)
