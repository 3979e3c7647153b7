"""`ac-scan`: what is asked for, and how it ended."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ac_scan.finding import shown
from ac_scan.report import FORMATS, summary
from ac_scan.scanner import Scanner
from ac_scan.version import VERSION

_DESCRIPTION = """Finds AgentContainer API keys, by form and checksum. Asks no server, follows no
.gitignore and never prints a key whole."""
_EPILOG = "Exit status: 0 nothing found, 1 a key found, 2 something could not be read."
_DIGEST = re.compile(r"[0-9a-f]{64}")


class UsageError(Exception):
    """What is wrong with the arguments."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Scans, reports on standard output, sums up on standard error."""
    options = _parser().parse_args(arguments)
    # A file's name may hold what the terminal's encoding cannot say.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        allowed = _allowed(options.allow)
    except UsageError as error:
        print(f"ac-scan: {shown(str(error))}", file=sys.stderr)
        return 2
    scanner = Scanner(allowed=allowed, binary=options.binary)
    _scan(scanner, options)
    sys.stdout.write(FORMATS[options.format](scanner.report))
    print(summary(scanner.report), file=sys.stderr)
    return scanner.report.exit_status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ac-scan", description=_DESCRIPTION, epilog=_EPILOG)
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="file or folder; - for standard input")
    add(
        "--history", action="store_true", help="also all that the git repository there has in store"
    )
    add("--format", choices=FORMATS, default="text", help="of the report (default: text)")
    add(
        "--allow", metavar="FILE", help="keys that may be there: SHA-256 and the reason, one a line"
    )
    add("--binary", action="store_true", help="read binary files too")
    add("--version", action="version", version=f"%(prog)s {VERSION}")
    return parser


def _scan(scanner: Scanner, options: argparse.Namespace) -> None:
    for path in options.paths:
        if path == "-":
            scanner.scan_stream(sys.stdin.buffer, "standard input")
            continue
        scanner.scan_path(path)
        if options.history:
            scanner.scan_history(path)


def _allowed(file: str | None) -> frozenset[str]:
    """The digests of an allow list; each has a reason, or the next reader cannot judge it."""
    if file is None:
        return frozenset()
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None
    entries = [line.split(maxsplit=1) for line in lines if line.strip() and line[0] != "#"]
    for entry in entries:
        if len(entry) != 2 or not _DIGEST.fullmatch(entry[0]):  # noqa: PLR2004 -- digest and reason
            raise UsageError(f"{file}: not a SHA-256 and a reason: {entry[0][:12]}...")
    return frozenset(digest for digest, _ in entries)
