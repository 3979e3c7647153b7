from pathlib import Path

import pytest

from local.logs import access_log
from local.logs.access_log import AccessLog
from tests.unit.local.apigateway.test_events import call

FORMAT = (
    '{"key":"$context.authorizer.keyId","status":"$context.status","of":"$context.resourcePath"}'
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a log goes."""
    return tmp_path / "log"


def test_a_line_is_the_format_filled_in(file: Path) -> None:
    """With a dash for what there is none of."""
    made = call()
    made.facts["authorizer.keyId"] = "key_1"
    log = AccessLog(FORMAT, file, [])
    log.write(made, "/x", 200, 0.1)
    log.write(call(), "", 404, 0.1)
    assert file.read_text() == (
        '{"key":"key_1","status":"200","of":"/x"}\n{"key":"-","status":"404","of":"-"}\n'
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_line_that_is_too_long_is_cut_off(file: Path) -> None:
    """As CloudWatch does it, which a reader has to bear."""
    AccessLog("é" * 1000, file, []).write(call(), "/x", 200, 0.1)
    assert file.read_text() == "é" * 512 + "\n"


def test_there_are_never_more_than_two_files_of_some_size(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A local run may go on for weeks."""
    monkeypatch.setattr(access_log, "_MOST_BYTES", 1000)
    log = AccessLog(FORMAT, file, [])
    for number in range(200):
        log.write(call(), f"/{number}", 200, 0.1)
    files = sorted(file.parent.iterdir())
    assert [each.name for each in files] == ["log", "log.1"]
    assert all(each.stat().st_size < 1100 for each in files)
    assert '"/199"' in file.read_text()
