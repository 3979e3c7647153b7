"""A version of Powertools without the private names that we use is noticed at once."""

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.faults.source_copy import SourceCopy

USED = ("_static_routes", "_dynamic_routes")
_PRIVATE = re.compile(r"self\._app\.(_\w+)")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> SourceCopy:
    """The source, with a Powertools of its own beside it."""
    copy = SourceCopy(tmp_path_factory.mktemp("powertools"))
    spec = find_spec("aws_lambda_powertools")
    assert spec is not None
    assert spec.origin is not None
    shutil.copytree(Path(spec.origin).parent, copy.folder / "aws_lambda_powertools")
    return copy


def test_no_other_private_name_is_used() -> None:
    """Of the resolver that ours has: docs/decisions/0007."""
    text = (ROOT / "layers/core/agentcontainer/web/resolver.py").read_text()
    assert set(_PRIVATE.findall(text)) == set(USED)


@pytest.mark.parametrize("name", USED)
def test_a_renamed_one_fails_every_handler_at_start(copy: SourceCopy, name: str) -> None:
    """Before any request could be answered without a check."""
    module = copy.folder / "aws_lambda_powertools/event_handler/api_gateway.py"
    before = module.read_text()
    module.write_text(before.replace(name, f"{name}_of_another_version"))
    try:
        done = copy.python("-c", "import functions.usage.handler")
    finally:
        module.write_text(before)
    assert done.returncode == 1
    assert f"no attribute '{name}'" in done.stderr


def test_as_it_is_the_handlers_start(copy: SourceCopy) -> None:
    """So that a failure of the one above says something."""
    done = copy.python(
        "-c",
        "import aws_lambda_powertools, functions.usage.handler;"
        "print(aws_lambda_powertools.__path__[0])",
    )
    assert Path(done.stdout.strip()).parent == copy.folder, done.stderr
