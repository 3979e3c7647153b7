"""`make smoke`: the product's rows against deployed addresses, without a secret in the output.

This starts pytest on `smoke_rows.py` and passes its output on, with every secret taken out:
whatever a failing answer holds, a key does not end up in somebody's build log.
"""

import os
import subprocess
import sys
from pathlib import Path

SECRETS = ("SMOKE_API_KEY", "SMOKE_SESSION")
ROWS = Path(__file__).with_name("smoke_rows.py")


def main() -> int:
    """The exit status of pytest; 2 where there is nothing to send to or nothing to send."""
    if not os.environ.get("SMOKE_URL") or not os.environ.get("SMOKE_API_KEY"):
        print(
            "make smoke needs the API's address and a good key: "
            "SMOKE_API_KEY=ac_live_... make smoke URL=https://... [DASHBOARD_URL=...] [ORIGIN=...]",
            file=sys.stderr,
        )
        return 2
    secrets = [os.environ[name] for name in SECRETS if os.environ.get(name)]
    # In place of the project's own, which keep the tests to this machine.
    addopts = "addopts=--import-mode=importlib -p no:cacheprovider --tb=short -rs -q"
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", str(ROWS), "-o", addopts],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pytest:
        assert pytest.stdout is not None
        for line in pytest.stdout:
            shown = line
            for secret in secrets:
                shown = shown.replace(secret, "***")
            print(shown, end="", flush=True)
    return pytest.returncode


if __name__ == "__main__":
    sys.exit(main())
