"""Runs the kit as its users do."""

import subprocess
import sys
from pathlib import Path

from ac_scan.finding import Finding
from ac_scan.scanner import Scanner
from blueprint.paths import ROOT

RUN = ROOT / "leak-kit/run.py"


def ac_scan(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """From the checkout."""
    return subprocess.run(
        [sys.executable, RUN, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def history(folder: Path) -> list[Finding]:
    """What the history of a repository holds."""
    scanner = Scanner()
    scanner.scan_history(str(folder))
    assert scanner.report.unread == []
    return scanner.report.findings
