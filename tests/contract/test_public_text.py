"""What callers read is written in one module of the layer."""

import ast
from collections.abc import Iterator
from pathlib import Path

from blueprint.paths import ROOT

CORE = ROOT / "layers/core/agentcontainer"
HOME = CORE / "web/errors.py"
# What is raised there goes into logs: no caller sees more of it than a 5xx. A JSON reader's words
# are those of Python's own.
INTERNAL = (
    "auth/clerk.py",
    "dynamodb",
    "gc_tuning.py",
    "keys/change_line.py",
    "keys/verification.py",
)
INTERNAL_FILES = (
    "settings.py",
    "strict_json.py",
    "web/resolver.py",
    "functions/session_authorizer/handler.py",
)


def sources() -> Iterator[Path]:
    """The modules whose exceptions can reach a caller."""
    for path in (*CORE.rglob("*.py"), *(ROOT / "functions").rglob("*.py")):
        name = str(path.relative_to(CORE if path.is_relative_to(CORE) else ROOT))
        if path != HOME and not name.startswith(INTERNAL) and name not in INTERNAL_FILES:
            yield path


def sentences(tree: ast.AST) -> Iterator[str]:
    """What exceptions are raised with, where it is more than a word."""
    for node in ast.walk(tree):
        # A TypeError is a mistake of ours: a 500.
        if isinstance(node, ast.Raise) and not ast.unparse(node).startswith("raise TypeError"):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and " " in repr(part.value):
                    yield f"line {part.lineno}: {part.value!r}"


def test_no_exception_brings_its_own_words() -> None:
    """But from `web/errors.py`, which all of them are compared with."""
    found = [
        f"{path.relative_to(ROOT)}, {sentence}"
        for path in sources()
        for sentence in sentences(ast.parse(path.read_text()))
    ]
    assert not found, "\n".join(found)


def test_words_are_found() -> None:
    """In a literal and in an f-string."""
    tree = ast.parse('raise ValueError("two words")\nraise ValueError(f"a {b} c")\nraise E("word")')
    assert len(list(sentences(tree))) == 3
