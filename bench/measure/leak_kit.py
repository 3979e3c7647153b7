"""Throughput of the leak kit beside detect-secrets on one tree: `python -m bench.measure.leak_kit`.

Processor time of the whole command, start included, the least of three runs each in turn.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from blueprint.paths import ROOT

_ROUNDS = 3
_KIT = ROOT / "leak-kit"
_DETECT_SECRETS = [sys.executable, "-m", "detect_secrets", "scan"]
_PLUGIN = ["-p", str(_KIT / "rules/detect_secrets_plugin.py")]


def main() -> None:
    """Measures a folder that is named, else what git has of this repository."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(sys.argv[1]) if sys.argv[1:] else _checkout(Path(folder))
        files = [file for file in tree.rglob("*") if file.is_file() and not file.is_symlink()]
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        print(f"{len(files):,} files, {megabytes:.1f} MB")
        seconds = {name: [_seconds(command, tree)] for name, command in _commands().items()}
        for _ in range(_ROUNDS - 1):
            for name, command in _commands().items():
                seconds[name].append(_seconds(command, tree))
    least = {name: min(measured) for name, measured in seconds.items()}
    for name, taken in least.items():
        ratio = taken / least["ac-scan"]
        print(f"{name:40} {taken:7.2f} s {megabytes / taken:7.2f} MB/s   x {ratio:.0f}")


def _commands() -> dict[str, list[str]]:
    all_files = [*_DETECT_SECRETS, *_PLUGIN, "--all-files"]
    listed = subprocess.check_output([*_DETECT_SECRETS, "--list-all-plugins"], text=True)  # noqa: S603 -- ours
    disabled = [part for name in listed.split() for part in ("--disable-plugin", name)]
    return {
        "ac-scan": [sys.executable, str(_KIT / "run.py"), "."],
        "detect-secrets, the rule alone": [*all_files, *disabled, "."],
        "detect-secrets, its plugins and the rule": [*all_files, "."],
    }


def _seconds(command: list[str], tree: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=tree, capture_output=True, check=False)  # noqa: S603 -- ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _checkout(folder: Path) -> Path:
    command = ["git", "ls-files", "-z"]
    listed = subprocess.check_output(command, cwd=ROOT, text=True)  # noqa: S603 -- ours
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


if __name__ == "__main__":
    main()
