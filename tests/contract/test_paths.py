"""Every path of the repository that a document or a docstring names is there."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

from blueprint.paths import ROOT

TEXTS = (".css", ".html", ".js", ".md", ".sh", ".toml", ".yaml", "Makefile")
# What a caller sends or gets, and the histories of others.
NOT_READ = (
    "CHANGELOG.md",
    "events/",
    "requirements/",
    "tests/data/",
    "tests/integration/linters/p",
)
MADE = {
    "REPORT.json": "a reader's own file",
    "answer.json": "a reader's own file",
    "clerk.browser.js": "fetched by `make setup`",
    "config.js": "made for each stack",
    "env.json": "made by the local run",
    "letter.json": "a reader's own file",
    "release.json": "made by `make deploy`",
    "run.json": "made by the local run",
    "tables.json": "made by the local run",
    "redoc.standalone.js": "fetched by `make setup`",
    "standalone.module.js": "fetched by `make setup`",
    "ui.browser.js": "fetched by `make setup`",
    "tests/aws/services/apigateway/*.snapshot.json": "of LocalStack's repository",
}
"""Files that are named and not ours to keep."""
IGNORED = (".aws-sam/", ".local/", ".mutants/", "dashboard/vendor/")


def files() -> list[str]:
    """What git knows or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


FILES = files()
PATHS = {*FILES, *(str(parent) for name in FILES for parent in PurePosixPath(name).parents)}
ENDS = {"/".join(path.split("/")[at:]) for path in PATHS for at in range(path.count("/") + 1)}
FOLDERS = sorted({name.partition("/")[0] for name in FILES if "/" in name} - {".ci"})

_BEFORE = r"(?<![\w./:@~$<>{}*-])"
_KINDS = "css|html|js|json|md|py|sh|toml|yaml"
_PARTS = r"[\w.{},*-]+"
_FILE = rf"{_BEFORE}(?:\.{{1,2}}/)*(?:{_PARTS}/)*{_PARTS}\.(?:{_KINDS})\b(?![/(\w])"
_IN_FOLDER = rf"{_BEFORE}(?:{'|'.join(FOLDERS)})/[\w./{{}},*-]*\w"
NAMED = re.compile(rf"{_FILE}|{_IN_FOLDER}")


def prose(name: str) -> str:
    """What a file says to its reader: of Python the docstrings and comments."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if not name.endswith(".py"):
        return text
    said = [
        node.value.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*said, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


def spelled_out(path: str) -> list[str]:
    """`a/{b,c}` as `a/b` and `a/c`."""
    braces = re.search(r"\{([^{}]*)\}", path)
    if braces is None:
        return [path]
    before, after = path[: braces.start()], path[braces.end() :]
    return [one for part in braces[1].split(",") for one in spelled_out(before + part + after)]


def is_there(path: str) -> bool:
    """By any end that says which file is meant; of a decision its number is enough."""
    path = re.sub(r"^(?:\.{0,2}/)+", "", path).rstrip("/")
    if "*" in path:
        return any(fnmatch(known, path) or fnmatch(known, f"*/{path}") for known in PATHS)
    if re.fullmatch(r"docs/decisions/\d{4}", path):
        return any(known.startswith(path) for known in FILES)
    return path in ENDS


def missing(text: str) -> Iterator[str]:
    """What a text names and is not there."""
    for named in NAMED.findall(text):
        for path in spelled_out(named):
            if not (
                is_there(path)
                or path in MADE
                or Path(path).name in MADE
                or path.startswith(IGNORED)
            ):
                yield path


def test_what_the_texts_name_is_there() -> None:
    """Whoever follows a path finds what it is about."""
    read = [name for name in FILES if name.endswith((*TEXTS, ".py"))]
    wrong = [
        f"{name}: {path}"
        for name in read
        if not name.startswith(NOT_READ)
        for path in sorted(set(missing(prose(name))))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    ["see `local/nowhere`", "`web/nothing.py` has it", "docs/decisions/9999", "tests/{unit,gone}/"],
)
def test_what_is_not_there_is_named(text: str) -> None:
    """However it is written."""
    assert list(missing(text))


def test_what_is_not_kept_is_named_somewhere() -> None:
    """Of the list of exceptions nothing is left that no text needs."""
    said = "\n".join(prose(name) for name in FILES if name.endswith((*TEXTS, ".py")))
    assert [name for name in MADE if name not in said] == []
