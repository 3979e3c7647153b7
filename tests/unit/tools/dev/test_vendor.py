import base64
import hashlib
import io
import re
import tarfile
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tools.dev.vendor import PACKAGES, Package, WrongHash, unpack


def tarball(files: dict[str, str]) -> bytes:
    """A package as npm packs it."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


PACKED = tarball(
    {"dist/a.js": "a", "dist/b.js": "b", "../../outside.js": "x", "LICENSE": "free", "c.txt": "c"}
)


def package(into: Path, packed: bytes = PACKED) -> Package:
    """The pin of a package."""
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    return Package("thing", "1.0.0", integrity, into, ("dist/*.js", "LICENSE", "*outside*"))


def test_the_files_that_are_wanted_are_unpacked(tmp_path: Path) -> None:
    """Flat, in place of those that were there, and nowhere else."""
    into = tmp_path / "vendor/thing"
    into.mkdir(parents=True)
    (into / "old.js").touch()
    unpack(package(into), PACKED)
    names = {file.name for file in into.iterdir()}
    assert names == {"a.js", "b.js", "LICENSE", "outside.js", "pinned.txt"}
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != into] == []


def test_another_tarball_is_refused(tmp_path: Path) -> None:
    """Whatever it is that the registry gave; what was there stays."""
    into = tmp_path / "thing"
    unpack(package(into), PACKED)
    with pytest.raises(WrongHash, match=r"thing 1\.0\.0 is not what"):
        unpack(package(into), tarball({"dist/a.js": "evil"}))
    assert (into / "a.js").read_text() == "a"


def test_every_package_is_pinned_by_hash() -> None:
    """With its licence beside it, and in a folder that is not committed."""
    for one in PACKAGES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", one.version)
        assert re.fullmatch(r"sha512-[0-9A-Za-z+/]{86}==", one.integrity)
        assert "LICENSE" in one.files
        assert "vendor" in one.into.relative_to(ROOT).parts
    assert "vendor/" in (ROOT / ".gitignore").read_text().splitlines()
