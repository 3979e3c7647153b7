"""What the kit needs: nothing."""

import ast
import sys

from blueprint.paths import ROOT

KIT = ROOT / "leak-kit"


def test_the_kit_is_the_standard_library_alone() -> None:
    """Whatever module is added to it."""
    for file in [*(KIT / "src/ac_scan").rglob("*.py"), KIT / "run.py"]:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, file
                names = [str(node.module)]
            for name in names:
                package = name.partition(".")[0]
                assert package == "ac_scan" or package in sys.stdlib_module_names, (file, name)


def test_the_kit_is_written_for_the_oldest_python_that_it_names() -> None:
    """3.10 can read every file of it."""
    for file in KIT.rglob("*.py"):
        ast.parse(file.read_text(), feature_version=(3, 10))
