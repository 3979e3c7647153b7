#!/usr/bin/env python3
"""ac-scan from a checkout, without installing it: for the pre-commit hook and the GitHub step."""

import sys
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036 -- whatever `python3` is where this is run
    sys.exit("ac-scan needs Python 3.10 or later")

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

from ac_scan.command import main

sys.exit(main())
