"""Which files are scanned: all of them, for what git ignores is what leaks by another way."""

import os
from collections.abc import Callable, Iterator

Complain = Callable[[str, OSError], None]


def files(path: str, complain: Complain) -> Iterator[str]:
    """The path itself, or every regular file below it; what cannot be listed is complained of."""
    if os.path.isdir(path):
        yield from _below(path, complain)
    else:
        yield path


def _below(folder: str, complain: Complain) -> Iterator[str]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        complain(folder, error)
        return
    for entry in entries:
        # A link's target is scanned where it stands; a pipe or a device would never end.
        if entry.is_dir(follow_symlinks=False) and not _is_git_store(entry):
            yield from _below(entry.path, complain)
        elif entry.is_file(follow_symlinks=False):
            yield entry.path


def _is_git_store(entry: os.DirEntry[str]) -> bool:
    """Compressed, so nothing can be found in it: `--history` reads it."""
    return os.path.normpath(entry.path).endswith(os.path.join(".git", "objects"))
