"""Gives what is unreleased its number: `make release VERSION=1.2.0`.

The changelog's "Unreleased" gets number and date, the project its version, and the public document
becomes the released one, which later changes are compared with. Git is left to whoever releases.
"""

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from blueprint.errors import Refusal
from blueprint.paths import ROOT

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_UNRELEASED = "## Unreleased\n"


def main(arguments: list[str]) -> int:
    """0 when the files are written; what is wrong is a sentence."""
    try:
        [version] = arguments
        number(ROOT, version, datetime.now(UTC).date())
    except (Refusal, ValueError) as refused:
        print(f"make release VERSION=1.2.0: {refused}", file=sys.stderr)
        return 1
    print(
        f"{version} is written. Next: make check test, then\n"
        f"  git commit -am 'Release {version}' && git tag -a v{version} -m {version}"
    )
    return 0


def number(project: Path, version: str, today: date) -> None:
    """Rewrites the project's files; Refusal, before anything is written, where it cannot be."""
    changelog, settings = project / "CHANGELOG.md", project / "pyproject.toml"
    told = _told(changelog.read_text(encoding="utf-8"), version, today)
    before = settings.read_text(encoding="utf-8")
    after, found = re.subn(r'(?m)^version = ".*"$', f'version = "{version}"', before, count=1)
    if not found:
        raise Refusal("pyproject.toml has no version")
    changelog.write_text(told, encoding="utf-8")
    settings.write_text(after, encoding="utf-8")
    document = (project / "functions/openapi/openapi.yaml").read_bytes()
    (project / "docs/released/openapi.yaml").write_bytes(document)


def _told(changelog: str, version: str, today: date) -> str:
    if not _VERSION.fullmatch(version):
        raise Refusal(f"{version!r} is not a number of Semantic Versioning, such as 1.2.0")
    if f"\n## {version}" in changelog:
        raise Refusal(f"CHANGELOG.md has {version} already")
    before, found, after = changelog.partition(_UNRELEASED)
    if not found or not after.partition("\n## ")[0].strip():
        raise Refusal('CHANGELOG.md has nothing under "Unreleased"')
    return f"{before}{_UNRELEASED}\n## {version} - {today.isoformat()}\n{after}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
