import subprocess

import pytest

from blueprint.paths import ROOT

SWITCHES = [
    ("run", "RESET", "--reset"),
    ("deploy", "DIRTY", "--dirty"),
    ("lint", "FIX", "--fix"),
]


@pytest.mark.parametrize(("command", "switch", "option"), SWITCHES)
@pytest.mark.parametrize(
    ("value", "on"),
    [("1", True), ("yes", True), ("", False), ("0", False), ("no", False), ("false", False)],
)
def test_a_switch_can_be_off(command: str, switch: str, option: str, value: str, on: bool) -> None:  # noqa: FBT001
    """`RESET=0` does not empty anything: whoever writes it means it."""
    made = subprocess.run(
        ["make", "-n", command, f"{switch}={value}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (option in made.stdout.split()) == on
