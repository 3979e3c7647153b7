"""SAM CLI reads our configuration as we do, and accepts our template."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from blueprint.paths import ROOT
from blueprint.template import environments
from tests.integration.sam.rie import PYTHON
from tests.support.events import PARAMETERS
from tools.release import deploy


def understood(*arguments: str, folder: Path = ROOT) -> dict[str, Any]:
    """What `sam deploy` would do with these arguments, in this folder."""
    script = str(ROOT / "tests/integration/sam/deploy_options.py")
    done = subprocess.run(
        [PYTHON, script, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    options: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return options


@pytest.mark.parametrize("name", environments.names())
def test_every_environment_is_read_as_it_is_meant(name: str) -> None:
    """Stack, region and each value, the JWKS with all of its quotes."""
    environment = environments.named(name)
    options = understood("--config-env", name)
    given = options["parameter_overrides"]
    assert given.items() <= environment.parameters.items()
    assert isinstance(json.loads(given["ClerkJwks"])["keys"], list)
    assert (options["stack_name"], options["region"]) == environment[1:3]
    assert options["confirm"] is (name == "prod")


def test_a_whole_jwks_survives_in_single_quotes(tmp_path: Path) -> None:
    """As an operator pastes it; in double quotes SAM CLI takes the JSON's own away."""
    config = (ROOT / "samconfig.toml").read_text()
    jwks = PARAMETERS["ClerkJwks"].replace('"', '\\"')
    (tmp_path / "samconfig.toml").write_text(config.replace('{\\"keys\\":[]}', jwks))
    (tmp_path / "template.yaml").symlink_to(ROOT / "template.yaml")
    given = understood("--config-env", "dev", folder=tmp_path)["parameter_overrides"]
    assert json.loads(given["ClerkJwks"]) == json.loads(PARAMETERS["ClerkJwks"])
    assert (
        environments.named("dev", tmp_path / "samconfig.toml").parameters["ClerkJwks"]
        == (given["ClerkJwks"])
    )


def test_make_deploy_tells_it_everything(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every value arrives as it is, empty ones too; and what it deploys is what was built."""
    environment = environments.named("dev")
    values = environment.parameters | {"ClerkJwks": PARAMETERS["ClerkJwks"], "Release": "0" * 64}
    monkeypatch.setattr(deploy, "PARAMETERS", tmp_path / "parameters.yaml")
    (tmp_path / "parameters.yaml").write_text(json.dumps(values))
    options = understood(*deploy.arguments(environment))
    assert options["parameter_overrides"] == values
    assert Path(ROOT, options["template"]) == built / "template.yaml"


def test_sam_finds_nothing_wrong_with_the_template() -> None:
    """`sam validate --lint`."""
    done = subprocess.run(
        [PYTHON, "-m", "samcli", "validate", "--lint", "--region", "eu-west-1"],
        cwd=ROOT,
        env=os.environ | {"SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is a valid SAM Template" in done.stdout
