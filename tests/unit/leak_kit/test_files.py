import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ac_scan.files import files
from agentcontainer.keys.token import hint
from tests.support.disguises import DISGUISES
from tests.unit.leak_kit.conftest import Run

Report = Callable[..., dict[str, Any]]


def places(found: dict[str, Any], folder: Path) -> set[str]:
    """The files that hold keys, below a folder."""
    return {os.path.relpath(one["path"], folder) for one in found["findings"]}


def test_what_git_ignores_is_scanned(report: Report, tmp_path: Path, key: str) -> None:
    """`.gitignore` is not trusted: an ignored file goes into images and archives all the same."""
    (tmp_path / ".gitignore").write_text(".env\nbuild/\n")
    (tmp_path / ".env").write_text(f"KEY={key}\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build/app.js").write_text(f"const key = '{key}'")
    assert places(report(tmp_path), tmp_path) == {".env", "build/app.js"}


def test_git_s_own_files_are_scanned_but_for_the_compressed(
    report: Report, tmp_path: Path, key: str
) -> None:
    """A header with a key in it is in `.git/config`."""
    (tmp_path / ".git/objects").mkdir(parents=True)
    (tmp_path / ".git/config").write_text(f"extraHeader = Authorization: Bearer {key}")
    (tmp_path / ".git/objects/ab").write_text(key)
    assert places(report(tmp_path), tmp_path) == {".git/config"}


def test_links_and_pipes_are_passed_over(report: Report, tmp_path: Path, key: str) -> None:
    """A circle of links and a pipe that nobody writes to would never end."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").write_text(key)
    (tmp_path / "folder/circle").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to("folder/file")
    os.mkfifo(tmp_path / "pipe")
    assert places(report(tmp_path), tmp_path) == {"folder/file"}
    # Named by itself a link is followed.
    assert places(report(tmp_path / "link"), tmp_path) == {"link"}


def test_a_folder_that_cannot_be_listed_is_complained_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not passed over in silence; the others are listed."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open/file").touch()
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    complaints: list[str] = []
    listed = files(str(tmp_path), lambda path, error: complaints.append(f"{path}: {error}"))
    assert list(listed) == [str(tmp_path / "open/file")]
    [complaint] = complaints
    assert complaint.startswith(f"{tmp_path}/closed: ")


@pytest.mark.parametrize("name", DISGUISES)
def test_a_key_in_a_file_is_found_in_every_disguise(
    name: str, report: Report, tmp_path: Path, key: str
) -> None:
    """From the disk to the report."""
    (tmp_path / "file").write_bytes(DISGUISES[name](key))
    [found] = report(tmp_path)["findings"]
    assert found["hint"] == hint(key)


def test_a_key_in_a_name_is_found_and_not_printed(run: Run, tmp_path: Path, key: str) -> None:
    """Of a file, or of a folder, once; neither there nor in the lines of what it holds."""
    folder = tmp_path / f"for {key}"
    folder.mkdir()
    (folder / "empty").touch()
    (folder / f"{key}.txt").write_text(f"{key}\n")
    status, printed, _ = run(tmp_path)
    assert status == 1
    within = f"{tmp_path}/[{hint(key)}]"
    assert [line.partition(": ")[0] for line in printed.splitlines()] == [
        within,
        f"{within}/[{hint(key)}]",
        f"{within}/[{hint(key)}]:1",
    ]
    assert key not in printed


def test_a_name_cannot_write_to_the_terminal(run: Run, tmp_path: Path, key: str) -> None:
    """Control characters, line ends and bytes that are no UTF-8 are shown escaped."""
    name = os.fsdecode(b"red\x1b[31m\n\xff")
    (tmp_path / name).write_text(key)
    printed = run(tmp_path)[1]
    assert printed.startswith(f"{tmp_path}/red\\x1b[31m\\n\\udcff:1: ")
