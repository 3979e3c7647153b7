from pathlib import Path

from local import private_file


def test_a_file_is_replaced_as_a_whole_and_is_its_owners(tmp_path: Path) -> None:
    """Whoever opened the old one still reads all of it; no half-written one is ever there."""
    file = tmp_path / "file"
    private_file.write(file, "old")
    with file.open() as reader:
        private_file.write(file, "new")
        assert reader.read() == "old"
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["file"]
