"""A fault that is planted on purpose: text of the source, and what takes its place."""

from pathlib import Path
from typing import NamedTuple

CORE = "layers/core/agentcontainer"


class Edit(NamedTuple):
    """One replacement. `old` stands exactly once in the file; an empty one means a new file."""

    file: str
    old: str
    new: str

    def apply(self, tree: Path) -> str:
        """The file's text with the fault in it; AssertionError where `old` is not there once."""
        path = tree / self.file
        if not self.old:
            assert not path.exists(), f"{self.file} is there already"
            return self.new
        text = path.read_text(encoding="utf-8")
        found = text.count(self.old)
        assert found == 1, f"{self.file} has this {found} times: {self.old}"
        return text.replace(self.old, self.new)

    def plant(self, tree: Path) -> None:
        """Puts it into a copy of the source."""
        text, path = self.apply(tree), tree / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Fault(NamedTuple):
    """What somebody could get wrong, and the tests that must see it."""

    name: str
    edits: tuple[Edit, ...]
    caught_by: tuple[str, ...] = ()
    """Arguments to pytest: at least one of their tests fails with the fault in place."""

    def plant(self, tree: Path) -> None:
        """Puts it into a copy of the source."""
        for edit in self.edits:
            edit.plant(tree)
