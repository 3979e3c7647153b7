from pathlib import Path

import pytest

from tools.dev.decisions import INDEX, Decision, decisions, index


def test_the_index_has_every_decision() -> None:
    """By theme; `python -m tools.dev.decisions` brings it up to date."""
    assert INDEX.read_text() == index()


def test_a_number_is_one_decisions_alone() -> None:
    """And stands in its file's name."""
    numbers = [one.number for one in decisions()]
    assert len(set(numbers)) == len(numbers)
    assert all(one.file.startswith(f"{one.number:04}-") for one in decisions())


def test_a_page_that_does_not_say_when_it_was_decided_is_named(tmp_path: Path) -> None:
    """And what its status is."""
    page = tmp_path / "0001-title.md"
    page.write_text("# 1. Title\n\n**Decision.** None.\n")
    with pytest.raises(ValueError, match=r"0001-title\.md does not begin"):
        Decision.read(page)
