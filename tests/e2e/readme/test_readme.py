"""The documents say what is true: commands exist, links lead somewhere, the block to copy works."""

import re
import subprocess
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.e2e.readme import transcript
from tests.support.product import Product

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
README = (ROOT / "README.md").read_text()


def test_the_five_minutes_take_place_as_written(product: Product) -> None:
    """Copied from the README and run by a shell, the block prints what stands below it."""
    [(step, printed)] = transcript.run(README, {"localhost:3000": f"localhost:{product.port}"})
    assert printed == step.shown


def test_the_output_that_is_shown_is_the_real_one(product: Product) -> None:
    """Line by line, but for the port and the key."""
    match = re.search(r"```\n\$ make run\n(.*?)```", README, re.DOTALL)
    assert match is not None
    # The README cuts the key short to stay readable, so nothing is compared behind the first "_".
    volatile = r"ac_live_\S+|localhost:\d+|127\.0\.0\.1:\d+"
    shown = re.sub(volatile, "*", match[1]).strip("\n").splitlines()
    printed = re.sub(volatile, "*", product.output.read_text())
    for line in shown:
        assert line in printed, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_path_exists(document: Path) -> None:
    """Each `make` target, each file, each test that a document names."""
    text = document.read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z]+)\b", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
    for path in re.findall(r"`((?:tests|docs|local|functions|layers|tools)/[\w/.-]+)`", text):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"pytest (tests/[\w/.]+)", text):
        assert (ROOT / path).exists(), path
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (document.parent / link).exists(), link


def test_the_readme_is_short() -> None:
    """At most 150 lines, so that it is read."""
    assert len(README.splitlines()) <= 150


def test_make_help_lists_every_target() -> None:
    """None is hidden."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"make (\w+)", done.stdout)) >= targets
