"""Fetches what the dashboard's page is made of beside our own files: `make setup` runs it.

Pinned npm packages, checked against the hashes below and unpacked into ignored folders: the browser
bundles alone, for `npm install` would bring hundreds of megabytes of dependencies that no browser
loads. Production serves the same copies. Without npm the API still runs, and the page says why it
is empty.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from blueprint.page.files import SCRIPTS_MISSING, VENDORED
from blueprint.paths import ROOT

PAGE = VENDORED
TESTS = ROOT / "tests/e2e/browser/vendor"
_PINNED = "pinned.txt"


class Package(NamedTuple):
    """A pinned npm package: the files that match one of the patterns go flat into `into`.

    A new version: change it, run this, and take over the hash that it names, after a look at what
    changed. ClerkJS and its components are released together.
    """

    name: str
    version: str
    integrity: str
    into: Path
    files: tuple[str, ...]


PACKAGES = (
    Package(
        "htm",
        "3.1.1",
        "sha512-983Vyg8NwUE7JkZ6NmOqpCZ+sh1bKv2iYTlUkzlWmA5JD2acKoxd4KVxbMmxX/85mtfdnDmTFoNKcg5DGAvxNQ==",
        PAGE / "htm",
        ("preact/standalone.module.js", "LICENSE"),
    ),
    Package(
        "@clerk/clerk-js",
        "6.40.0",
        "sha512-2MnZ/ygvuCmeuqfXQmsxfQaLN/SSJvQbtT2cLXbgr5VKr3KmZFZBVvX977fG3eZ6pprl4J9pO+I2bbe6BvColg==",
        PAGE / "clerk-js",
        ("dist/clerk.browser.js", "dist/*_clerk.browser_*.js", "LICENSE"),
    ),
    Package(
        "@clerk/ui",
        "1.34.0",
        "sha512-EP6Wcf+iqV5hJRMjfmVSOb7wWEgt2DuUOnR3Yv/ULPdmGgGWa64oc4tB4VfD66z8nXgtXqHEXNNnGURAOfQ7vQ==",
        PAGE / "clerk-ui",
        # Of three builds of the same components, the one that ui.browser.js loads.
        ("dist/ui.browser.js", "dist/*_ui_de828c_*.js", "LICENSE"),
    ),
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==",
        PAGE / "inter",
        ("files/inter-latin-wght-normal.woff2", "LICENSE"),
    ),
    # Only its bundle runs, in the browser: the Node that its package.json asks for is not needed.
    Package(
        "redoc",
        "3.0.1",
        "sha512-KDfoKaYW19LCl4YStgBnwlaNjYEFfs5zCNt1s1WZ2YM5u8d26Yuzd2l43fZO851ZsgIMe/D640fDJkD8eaRQKQ==",
        PAGE / "redoc",
        ("bundles/redoc.standalone.js", "LICENSE"),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        TESTS / "axe-core",
        ("axe.min.js", "LICENSE"),
    ),
)


class WrongHash(Exception):
    """What was fetched is not what was pinned. Nothing of it is kept."""


def main() -> int:
    """Fetches every package that is not there yet; 1 only where a hash is wrong."""
    npm = shutil.which("npm")
    wanted = [package for package in PACKAGES if not _is_there(package)]
    if wanted and npm is None:
        print(SCRIPTS_MISSING, file=sys.stderr)
        return 0
    if wanted:
        print("Fetching the page's scripts with npm ...", flush=True)
    try:
        for package in wanted:
            _fetch(package, npm or "")
    except WrongHash as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"npm could not fetch {package.name}: {failed.stderr.strip()}", file=sys.stderr)
        print(SCRIPTS_MISSING, file=sys.stderr)
        return 0
    (PAGE / "ready").touch()
    return 0


def unpack(package: Package, tarball: bytes) -> None:
    """Puts the package's files into its folder, as a whole or not at all.

    WrongHash for a tarball that is not the pinned one.
    """
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != package.integrity:
        raise WrongHash(
            f"{package.name} {package.version} is not what tools/dev/vendor.py expects: {found}"
        )
    package.into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=package.into.parent) as folder:
        new = Path(folder, "new")
        new.mkdir()
        with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
            for member in archive:
                # Every path in a package begins with `package/`.
                path = member.name.partition("/")[2]
                if member.isfile() and any(fnmatch(path, one) for one in package.files):
                    content = archive.extractfile(member)
                    (new / Path(path).name).write_bytes(content.read() if content else b"")
        (new / _PINNED).write_text(_pin(package))
        if package.into.exists():
            shutil.rmtree(package.into)
        new.rename(package.into)


def _is_there(package: Package) -> bool:
    kept = package.into / _PINNED
    return kept.exists() and kept.read_text() == _pin(package)


def _pin(package: Package) -> str:
    return f"{package.name} {package.version} {package.integrity} {' '.join(package.files)}\n"


def _fetch(package: Package, npm: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
        subprocess.run(  # noqa: S603 -- our own arguments
            command, cwd=folder, check=True, capture_output=True, text=True
        )
        [tarball] = Path(folder).iterdir()
        unpack(package, tarball.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
