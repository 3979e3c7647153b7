"""A Lambda function in a process of its own, measured from inside: `bench/measure/child.py`.

Arguments: a kind, the function's folder, a file with its event. All kinds import the handler, which
is the function's start, answer the event once, and print what that took:
- `cold` has loaded Lambda's runtime client, as Lambda has before a function's code; it counts for
  nothing;
- `bare` has loaded nothing, so that memory and modules are the function's own;
- `warm` is `cold`, and goes on to answer as often as each line of its input says, and to print the
  processor's nanoseconds a call.

Nothing of the benchmark is imported, for the function would find it loaded.
"""

import importlib
import os
import sys
import time
from types import ModuleType

KIND, FOLDER, EVENT_FILE = sys.argv[1:]
runtime: ModuleType | None = None
if KIND != "bare":
    try:
        runtime = importlib.import_module("awslambdaric.bootstrap")
    except ImportError:
        # On other systems than Linux: the most of what it would have loaded.
        import decimal  # noqa: F401
        import logging  # noqa: F401
        import traceback  # noqa: F401


class Context:
    """Lambda's context object, as far as handlers use it."""

    aws_request_id = "11111111-2222-4333-8444-555555555555"
    function_name = "bench"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:bench:live"
    memory_limit_in_mb = 256

    def get_remaining_time_in_millis(self) -> int:
        """Enough."""
        return 8000


def main() -> None:
    """Measures, and prints JSON lines to where standard output was."""
    results = os.fdopen(os.dup(1), "w", buffering=1)
    # Lambda's log: each line is written, to where it costs nothing more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if runtime:
        sys.stdout = runtime.Unbuffered(sys.stdout)
    sys.path[0] = FOLDER
    before = set(sys.modules)
    import json  # noqa: PLC0415 -- the runtime client has loaded it, and a bare process has not

    with open(EVENT_FILE, encoding="utf-8") as file:  # noqa: PTH123 -- pathlib is not loaded
        event = json.load(file)
    moments = [_now()]
    import handler  # type: ignore[import-not-found]  # noqa: PLC0415

    moments.append(_now())
    answer = handler.handler(event, Context())
    moments.append(_now())
    modules = len(set(sys.modules) - before)
    cpu = [moment[0] for moment in moments]
    wall = [moment[1] for moment in moments]
    cold = {
        "init": cpu[1] - cpu[0],
        "first": cpu[2] - cpu[1],
        "cold": cpu[2] - cpu[0],
        "wall": wall[2] - wall[0],
        "modules": modules,
        "peak": _peak_kibibytes(),
        "answer": answer,
    }
    print(json.dumps(cold, default=str), file=results)
    if KIND == "warm":
        for line in sys.stdin:
            print(_batch(handler.handler, event, int(line)), file=results)


def _now() -> tuple[int, int]:
    return time.process_time_ns(), time.perf_counter_ns()


def _batch(handle, event, calls: int) -> float:  # type: ignore[no-untyped-def]  # noqa: ANN001 -- typing is not loaded
    context = Context()
    started = time.process_time_ns()
    for _ in range(calls):
        handle(event, context)
    return (time.process_time_ns() - started) / calls


def _peak_kibibytes() -> int:
    """The most memory that was resident."""
    try:
        # Not getrusage: what it says begins with the memory of the process that started this one.
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            [peak] = [line for line in status if line.startswith("VmHWM:")]
            return int(peak.split()[1])
    except OSError:
        import resource  # noqa: PLC0415 -- on other systems than Linux

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
