"""`python -m ac_scan`."""

import sys

from ac_scan.command import main

sys.exit(main())
