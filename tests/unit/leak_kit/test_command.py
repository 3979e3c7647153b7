import io
import sys
from pathlib import Path

import pytest

from ac_scan.version import VERSION
from agentcontainer.keys.token import digest, hint
from tests.unit.leak_kit.conftest import Run


def test_a_key_is_told_by_place_and_hint_and_the_status_is_1(
    run: Run, tmp_path: Path, key: str
) -> None:
    """A line that editors can follow, and on standard error what to do."""
    (tmp_path / "settings.py").write_text(f"DEBUG = 1\nKEY = '{key}'\n")
    status, printed, summed_up = run(tmp_path)
    assert status == 1
    place = f"{tmp_path}/settings.py:2"
    assert printed == f"{place}: AgentContainer API key {hint(key)} (plain)\n"
    assert "1 scanned, 0 of them binary and skipped; keys found: 1\n" in summed_up
    assert "curl -X DELETE" in summed_up


def test_nothing_found_is_status_0(run: Run, tmp_path: Path, key: str) -> None:
    """A key with a typing error is none."""
    (tmp_path / "settings.py").write_text(f"KEY = '{key.swapcase()}'\n")
    status, printed, summed_up = run(tmp_path)
    assert (status, printed) == (0, "")
    assert summed_up == "ac-scan: 1 scanned, 0 of them binary and skipped; keys found: 0\n"


def test_what_cannot_be_read_is_status_2(run: Run, tmp_path: Path) -> None:
    """It might have held a key; the others are scanned all the same."""
    (tmp_path / "read").write_text("nothing")
    status, printed, summed_up = run(tmp_path / "absent", tmp_path / "read")
    assert (status, printed) == (2, "")
    assert f"not read: {tmp_path}/absent: No such file or directory" in summed_up
    assert "1 scanned" in summed_up


def test_no_complaint_holds_a_key(run: Run, tmp_path: Path, key: str) -> None:
    """Though it is in the name of what cannot be read, or in a mistaken argument."""
    for arguments in ([tmp_path / key], ["--allow", tmp_path / key, tmp_path]):
        status, printed, told = run(*arguments)
        assert status in {1, 2}
        assert f"{tmp_path}/[{hint(key)}]" in told
        assert key not in printed + told


def test_a_key_counts_more_than_what_cannot_be_read(run: Run, tmp_path: Path, key: str) -> None:
    """Status 1, and both are told."""
    (tmp_path / "file").write_text(key)
    status, printed, summed_up = run(tmp_path / "absent", tmp_path)
    assert status == 1
    assert hint(key) in printed
    assert "not read: " in summed_up


def test_a_dash_is_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """As from a program's log."""
    log = io.TextIOWrapper(io.BytesIO(f"calling with {key}\n".encode()))
    monkeypatch.setattr(sys, "stdin", log)
    status, printed, _ = run("-")
    assert status == 1
    assert printed.startswith("standard input:1: ")


def test_a_key_on_the_allow_list_is_counted_not_found(run: Run, tmp_path: Path, key: str) -> None:
    """By its SHA-256, so that the list leaks nothing; with a reason."""
    (tmp_path / "example").write_text(key)
    allow = tmp_path / "allow"
    allow.write_text(f"# Examples\n\n{digest(key)} shown in a lesson, never issued\n")
    status, printed, summed_up = run("--allow", allow, tmp_path)
    assert (status, printed) == (0, "")
    assert "keys found: 0, 1 allowed" in summed_up


@pytest.mark.parametrize("line", ["{digest}", "{digest} ", "{key} an example", "ffff an example"])
def test_an_allow_list_without_digest_or_reason_is_no_allow_list(
    run: Run, tmp_path: Path, key: str, line: str
) -> None:
    """Status 2 before anything is scanned; what stands there is not repeated, it may be a key."""
    allow = tmp_path / "allow"
    allow.write_text(line.format(digest=digest(key), key=key))
    status, printed, told = run("--allow", allow, tmp_path)
    assert (status, printed) == (2, "")
    assert "not a SHA-256 and a reason" in told
    assert key not in told


def test_an_allow_list_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    """A typing error in its name is seen."""
    status, _, told = run("--allow", tmp_path / "absent", tmp_path)
    assert status == 2
    assert "absent: No such file or directory" in told


def test_binary_files_are_read_when_asked(run: Run, tmp_path: Path, key: str) -> None:
    """Else they are counted as skipped."""
    (tmp_path / "module.pyc").write_bytes(b"\xa7\r\r\n\0\0\0\0\x01\x02" + key.encode() + b"\0")
    assert run(tmp_path)[0] == 0
    assert "1 scanned, 1 of them binary" in run(tmp_path)[2]
    assert run("--binary", tmp_path)[0] == 1


def test_the_version_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """For reports of errors."""
    with pytest.raises(SystemExit) as ended:
        run("--version")
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"ac-scan {VERSION}\n"


def test_without_a_path_nothing_is_scanned(run: Run) -> None:
    """Status 2, as a mistake in the arguments has by custom."""
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
