import json
from pathlib import Path

import pytest

from blueprint.page.files import SCRIPTS_MISSING
from local.page.dashboard import Dashboard


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The folder of a page."""
    (tmp_path / "index.html").write_text("<title>page</title>")
    return tmp_path


def config(files: Path) -> dict[str, object]:
    """What the page is told."""
    dashboard = Dashboard(files, publishable_key="pk_live_x", url="http://localhost:3000")
    answer = dashboard.answer("GET", "/config.js", [])
    assert answer.status == 200
    script = answer.body.decode()
    assert script.startswith("window.agentContainer = ")
    values: dict[str, object] = json.loads(script.partition("= ")[2].removesuffix(";\n"))
    return values


def test_the_page_is_told_where_things_are(files: Path) -> None:
    """The dashboard's API under whichever name it was opened, the API as curl calls it."""
    values = config(files)
    assert values["publishableKey"] == "pk_live_x"
    assert values["clerkProxyUrl"] == "/__clerk"
    assert values["dashboardUrl"] == "/dashboard/v1"
    assert values["apiUrl"] == "http://localhost:3000/api/v1"
    assert "demo@example.com" in str(values["signInHint"])


def test_a_page_without_its_scripts_says_what_to_do(files: Path) -> None:
    """Until they are there, without a restart."""
    assert config(files)["notice"] == SCRIPTS_MISSING
    assert "Install npm" in SCRIPTS_MISSING
    (files / "vendor").mkdir()
    (files / "vendor/ready").touch()
    assert config(files)["notice"] is None
