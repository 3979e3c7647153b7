import json
import time

import pytest

from agentcontainer import metrics


def test_a_line_is_a_metric_by_the_values_of_one_member(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As the embedded metric format wants it: value and dimension are members of the line."""
    metrics.emit("Verdicts", "verdict", {"verdict": "VALID", "keyId": "key_1"})
    written = capsys.readouterr().out
    line = json.loads(written)
    about = line.pop("_aws")
    assert line == {"verdict": "VALID", "keyId": "key_1", "Verdicts": 1}
    assert abs(about["Timestamp"] - time.time() * 1000) < 10_000
    assert about["CloudWatchMetrics"] == [
        {
            "Namespace": "local",
            "Dimensions": [["verdict"]],
            "Metrics": [{"Name": "Verdicts", "Unit": "Count"}],
        }
    ]


def test_a_line_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda makes an event of each: in two, the second would be an empty one."""
    written: list[str] = []
    monkeypatch.setattr("sys.stdout.write", written.append)
    metrics.emit("Verdicts", "verdict", {"verdict": "two\nlines"})
    assert len(written) == 1
    assert written[0].count("\n") == 1
    assert written[0].endswith("\n")


def test_a_warning_is_counted_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    """For alarms, with what went wrong beside it."""
    metrics.warn("TRUST_FALLBACK", "no issuer")
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["warning"], line["error"], line["Warnings"]) == (
        "WARNING",
        "TRUST_FALLBACK",
        "no issuer",
        1,
    )
