"""Files that only their owner reads."""

import os
from pathlib import Path


def write(file: Path, text: str) -> None:
    """Replaces a file as a whole, so that whoever reads it, or a crash, never meets half of it."""
    new = file.with_name(file.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    new.replace(file)
