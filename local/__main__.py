"""`python -m local`: serves the whole product on one loopback port."""

import argparse
import sys
from pathlib import Path

from local.refusal import Refusal
from local.run import run


def main() -> int:
    """Reads the arguments; what goes wrong is a sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=_port, default=3000, help="0 picks a free one")
    parser.add_argument("--data", type=Path, default=Path(".local"), help="where data are kept")
    parser.add_argument("--reset", action="store_true", help="start with empty tables")
    arguments = parser.parse_args()

    try:
        run(arguments.port, arguments.data.resolve(), reset=arguments.reset)
    except Refusal as refused:
        print(f"python -m local: {refused}", file=sys.stderr)
        return 1
    return 0


def _port(text: str) -> int:
    number = int(text)
    if number not in range(65536):
        raise argparse.ArgumentTypeError(f"{number} is no port: they go from 0 to 65535")
    return number


if __name__ == "__main__":
    sys.exit(main())
