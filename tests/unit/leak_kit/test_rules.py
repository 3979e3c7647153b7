import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from ac_scan.rules import EXPRESSION, KEYWORD, main, rule_files
from blueprint.paths import ROOT

RULES = ROOT / "leak-kit/rules"


def expressions() -> dict[str, str]:
    """The regular expression of each tool, as it stands in its file."""
    [gitleaks] = tomllib.loads((RULES / "gitleaks.toml").read_text())["rules"]
    [trufflehog] = yaml.safe_load((RULES / "trufflehog.yaml").read_text())["detectors"]
    plugin = (RULES / "detect_secrets_plugin.py").read_text()
    [detect_secrets] = re.findall(r'denylist = \(re\.compile\(r"(.*)"\),\)', plugin)
    return {
        "gitleaks": gitleaks["regex"],
        "trufflehog": trufflehog["regex"]["token"],
        "detect-secrets": detect_secrets,
    }


def test_the_rule_files_are_what_the_kit_generates() -> None:
    """All of them from one source: `python -m ac_scan.rules leak-kit/rules`."""
    assert {
        file.name: file.read_text() for file in RULES.iterdir() if file.is_file()
    } == rule_files()


def test_the_command_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into the folder that it is given."""
    monkeypatch.setattr(sys, "argv", ["rules", str(tmp_path)])
    main()
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == rule_files()


@pytest.mark.parametrize("tool", ["gitleaks", "trufflehog", "detect-secrets"])
def test_the_expression_finds_a_key_and_nothing_like_it(tool: str, key: str) -> None:
    """It is the contract's; the same in Go's RE2, for it has only classes, counts and borders."""
    expression = expressions()[tool]
    assert expression == EXPRESSION == r"\bac_live_[0-9A-Za-z]{38}\b"
    for text in (key, f"KEY={key}", f'"{key}"', f"Bearer {key}\n", f"/{key}/"):
        assert re.findall(expression, text) == [key]
    for text in (key[:-1], f"{key}0", f"x{key}", key.replace("live", "test"), key.upper()):
        assert not re.findall(expression, text)


def test_the_tools_that_look_for_a_word_first_are_given_it() -> None:
    """A keyword that every key has."""
    gitleaks = tomllib.loads((RULES / "gitleaks.toml").read_text())
    trufflehog = yaml.safe_load((RULES / "trufflehog.yaml").read_text())
    assert gitleaks["rules"][0]["keywords"] == trufflehog["detectors"][0]["keywords"] == [KEYWORD]
    # Without it gitleaks would know this one rule alone.
    assert gitleaks["extend"] == {"useDefault": True}
