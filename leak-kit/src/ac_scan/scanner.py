"""Scans places of each kind into one report."""

import io
import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import BinaryIO

from ac_scan import history
from ac_scan.files import files
from ac_scan.finding import Finding, Report, finding
from ac_scan.history import GitObject, HistoryError
from ac_scan.scan import Found, scan
from ac_scan.text import text_chunks
from ac_scan.token import hint

_WITHOUT_ORIGIN = {
    "blob": "a file of no commit",
    "tree": "a folder of no commit",
    "commit": "the message",
    "tag": "the message",
}


class Scanner:
    """Knows which keys are allowed and whether binary files are read; fills `report`."""

    def __init__(self, *, allowed: AbstractSet[str] = frozenset(), binary: bool = False) -> None:
        self.report = Report()
        self._allowed = allowed
        self._binary = binary
        self._folders: set[str] = set()

    def scan_stream(self, stream: BinaryIO, path: str) -> None:
        """Something that can be read, called `path`."""
        for found in self._found(stream, binary=self._binary):
            self._add(finding(found, path))

    def scan_path(self, path: str) -> None:
        """A file, or every file below a folder; their names too."""
        for file in files(path, self._complain):
            self._scan_name(file)
            try:
                with open(file, "rb") as stream:
                    self.scan_stream(stream, file)
            except OSError as error:
                self._complain(file, error)

    def scan_history(self, folder: str) -> None:
        """All that the repository around `folder` has in store."""
        with self._complaining():
            history.check(folder)
            self._scan_objects(folder)

    def _scan_objects(self, folder: str) -> None:
        found: list[tuple[GitObject, Found]] = []
        origins: dict[str, tuple[str, str]] = {}
        with self._complaining():
            for one in history.objects(folder):
                binary = one.is_binary or self._binary
                found += [
                    (one, each) for each in self._found(io.BytesIO(one.content), binary=binary)
                ]
        with self._complaining():
            origins = history.origins(folder, {one.id for one, _ in found})
        for one, each in found:
            self._add(_historic(one, each, origins.get(one.id)))

    @contextmanager
    def _complaining(self) -> Iterator[None]:
        """Whatever of a history can be read is reported, and what cannot is said."""
        try:
            yield
        except HistoryError as error:
            self.report.complain(str(error))

    def _found(self, stream: BinaryIO, *, binary: bool) -> list[Found]:
        self.report.scanned += 1
        chunks = text_chunks(stream, binary=binary)
        if chunks is None:
            self.report.binary += 1
            return []
        return list(scan(chunks))

    def _scan_name(self, path: str) -> None:
        """That of a file, and of each folder around it once."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders.add(folder)
            self._scan_name(folder)
        for found in scan([os.fsencode(name)]):
            self._add(finding(found, path, lines=False))

    def _add(self, one: Finding) -> None:
        if one.sha256 in self._allowed:
            self.report.allowed += 1
        else:
            self.report.findings.append(one)

    def _complain(self, path: str, error: OSError) -> None:
        self.report.complain(f"{path}: {error.strerror}")


def _historic(one: GitObject, found: Found, origin: tuple[str, str] | None) -> Finding:
    """A find in history: of a file in the commit that brought it, else under the object's id."""
    commit, path = origin or (one.id, _WITHOUT_ORIGIN[one.kind])
    if one.kind == "tree":
        # Which of the folder's names it is, its hint says.
        path = os.path.join(path, f"[{hint(found.token)}]")
    return finding(found, path, lines=one.kind == "blob", commit=commit)
