"""What the page has words for is what the API speaks of: a word that is missing is named here."""

import re
from copy import replace
from typing import get_args

import pytest
from pydantic.alias_generators import to_camel

from agentcontainer.auth.scopes import ALL_SCOPES
from agentcontainer.keys.diff import Action, changes
from agentcontainer.keys.key import RevokedReason, Status
from agentcontainer.usage.outcomes import OUTCOMES
from agentcontainer.web.schemas import Key
from blueprint.page.files import FOLDER
from functions.api_keys.handler import CreateKey, UpdateKey
from tests.unit.agentcontainer.test_fields import KEY, NOW, OTHER_KEY

ACTION_SAYS = {"enabled", "rotation"}
"""Members of an event's changes that the page has no word for: its action says it."""
ELSEWHERE = {"name", "status"}
"""Members that the page shows above a key's facts."""
OWN_ACTIONS = {"name", "enabled"}
"""Members that are changed without the dialog."""


def source(file: str) -> str:
    """A module of the page."""
    return (FOLDER / "app" / file).read_text(encoding="utf-8")


def words(file: str, constant: str) -> list[str]:
    """The names in a constant of a module of the page, in its order."""
    pattern = rf"(?ms)^(?:export )?const {constant} = ([\[{{].*?^[\]}}]);"
    found = re.search(pattern, source(file))
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


def test_the_page_has_a_word_for_each_change() -> None:
    """Of an event of a key."""
    changed = {*changes(None, KEY, NOW), *changes(KEY, replace(KEY, **OTHER_KEY), NOW)}
    found = set(words("events.js", "MEMBERS"))
    assert found == changed - ACTION_SAYS, "MEMBERS of dashboard/app/events.js differ from the API"


@pytest.mark.parametrize("member", sorted({*map(to_camel, Key.model_fields)} - ELSEWHERE))
def test_the_page_shows_each_member_of_a_key(member: str) -> None:
    """Among its facts."""
    text = source("components/facts.js")
    assert re.search(rf"\b{member}\b", text), f"components/facts.js does not show {member}"


def listed(file: str, constant: str) -> set[str]:
    """The strings of a list in one line."""
    found = re.search(rf"const {constant} = \[(.*)\];", source(file))
    assert found, f"{file} has no {constant}"
    return set(re.findall(r"'(\w+)'", found[1]))


def fields_of(dialog: str) -> set[str]:
    """The members whose faults a dialog says beside their field."""
    text = source(f"components/{dialog}")
    found = set(re.findall(r"about\?\.\('(\w+)'\)", text))
    return found | ({"allowedIps"} if "${addressError(" in text else set())


def test_a_form_has_a_field_for_each_member() -> None:
    """That a caller may choose for a new key, or change later; with what is wrong beside it."""
    made, changed = (set(map(to_camel, one.model_fields)) for one in (CreateKey, UpdateKey))
    access = listed("components/access-fields.js", "ACCESS_MEMBERS")
    known = access | listed("components/create-dialog.js", "KNOWN")
    assert fields_of("create-dialog.js") == made, "components/create-dialog.js"
    assert fields_of("access-dialog.js") == changed - OWN_ACTIONS, "components/access-dialog.js"
    assert access == changed - OWN_ACTIONS, "components/access-fields.js"
    assert known == made, "KNOWN of components/create-dialog.js"
