from pathlib import Path

import pytest

from blueprint.paths import TEMPLATE
from tests.support.events import PARAMETERS
from tools.release.release import release


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    """A build of one function and one layer."""
    for name, text in (("One/handler.py", "1"), ("Layer/python/a.py", "2"), ("template.yaml", "")):
        file = tmp_path / "build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "build"


def test_the_same_content_is_the_same_release(artifacts: Path, tmp_path: Path) -> None:
    """In whatever order, at whatever time, from wherever; a deployment then changes nothing."""
    first = release(artifacts, TEMPLATE, PARAMETERS)
    moved = artifacts.rename(tmp_path / "elsewhere")
    (moved / "One/handler.py").touch()
    (moved / "template.yaml").write_text("SAM notes where it built")
    commented = tmp_path / "template.yaml"
    commented.write_text("# A comment.\n" + TEMPLATE.read_text())
    assert release(moved, commented, dict(reversed(PARAMETERS.items()))) == first
    assert len(first) == 64


def test_any_change_is_another_release(artifacts: Path, tmp_path: Path) -> None:
    """Of a function, a layer, a file's name, the template or a parameter's value."""
    seen = {release(artifacts, TEMPLATE, PARAMETERS)}

    def is_new(template: Path = TEMPLATE, parameters: dict[str, str] = PARAMETERS) -> bool:
        before = len(seen)
        seen.add(release(artifacts, template, parameters))
        return len(seen) > before

    (artifacts / "One/handler.py").write_text("3")
    assert is_new()
    (artifacts / "Layer/python/a.py").write_text("4")
    assert is_new()
    (artifacts / "Layer/python/a.py").rename(artifacts / "Layer/python/b.py")
    assert is_new()
    assert is_new(parameters=PARAMETERS | {"ClerkIssuer": "https://other.test"})
    edited = tmp_path / "template.yaml"
    edited.write_text(TEMPLATE.read_text().replace("Timeout: 10", "Timeout: 9"))
    assert is_new(template=edited)
