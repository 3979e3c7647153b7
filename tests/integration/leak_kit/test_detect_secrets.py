import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from blueprint.paths import ROOT

PLUGIN = ROOT / "leak-kit/rules/detect_secrets_plugin.py"


def scan(file: Path) -> list[dict[str, Any]]:
    """What detect-secrets finds with the plugin and all of its own."""
    command = [sys.executable, "-m", "detect_secrets", "scan", "-p", str(PLUGIN), str(file)]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=True)
    found = [one for secrets in json.loads(done.stdout)["results"].values() for one in secrets]
    return [one for one in found if one["type"] == "AgentContainer API key"]


def test_detect_secrets_finds_a_key_with_the_plugin(tmp_path: Path, key: str) -> None:
    """In code, in configuration and in a URL, with its line."""
    file = tmp_path / "settings.py"
    file.write_text(f"KEY = '{key}'\nKEY={key}\nhttps://x.test/?key={key}\n")
    assert [one["line_number"] for one in scan(file)] == [1]
    for line in file.read_text().splitlines():
        file.write_text(line)
        assert len(scan(file)) == 1


def test_the_plugin_looks_at_the_checksum(tmp_path: Path, key: str) -> None:
    """An example in documents is no finding."""
    file = tmp_path / "settings.py"
    file.write_text(f"KEY = '{key[:-6]}000000'\n")
    assert scan(file) == []
