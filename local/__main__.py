"""`python -m local`: serves the whole product on one loopback port."""

import argparse
import sys
from pathlib import Path

from blueprint.errors import Refusal
from local.run import run


def main() -> int:
    """Reads the arguments; what goes wrong is a sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=_port, default=3000, help="0 picks a free one")
    parser.add_argument("--data", type=Path, default=Path(".local"), help="where data are kept")
    parser.add_argument("--reset", action="store_true", help="start with empty tables")
    parser.add_argument(
        "--parameter",
        type=_parameter,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of a parameter of template.yaml, such as KeyLimit=10",
    )
    arguments = parser.parse_args()

    try:
        run(
            arguments.port,
            arguments.data.resolve(),
            reset=arguments.reset,
            parameters=dict(arguments.parameter),
        )
    except Refusal as refused:
        print(f"python -m local: {refused}", file=sys.stderr)
        return 1
    return 0


def _port(text: str) -> int:
    number = int(text)
    if number not in range(65536):
        raise argparse.ArgumentTypeError(f"{number} is no port: they go from 0 to 65535")
    return number


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
