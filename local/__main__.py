"""`python -m local`: serves the whole product on one loopback port."""

import argparse
import shutil
import sys
from pathlib import Path


def main() -> int:
    """Reads the arguments; what goes wrong is a sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=int, default=3000, help="0 picks a free one")
    parser.add_argument("--data", type=Path, default=Path(".local"), help="where data are kept")
    parser.add_argument("--reset", action="store_true", help="start with empty tables")
    arguments = parser.parse_args()
    data = arguments.data.resolve()
    if arguments.reset:
        shutil.rmtree(data, ignore_errors=True)

    # Not above: every child of the fork server imports this module's package.
    from local.cloud import NotLoopback, StoreFailed  # noqa: PLC0415
    from local.run import SeedFailed, run  # noqa: PLC0415
    from local.server import PortInUse  # noqa: PLC0415
    from local.template import TemplateError  # noqa: PLC0415

    try:
        run(arguments.port, data)
    except (NotLoopback, PortInUse, SeedFailed, StoreFailed, TemplateError) as refused:
        print(f"python -m local: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
