import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.functions.function import Function
from local.functions.function_process import FunctionFailed, NotAwaited
from local.functions.runtime import Definition
from tests.support.product import eventually

type Make = Callable[..., Function]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes a function of the body of `handler(event, context)`."""
    made: list[Function] = []

    def function(body: str, *, timeout: float = 5, above: str = "") -> Function:
        code = tmp_path / "code"
        layer = tmp_path / "layer"
        code.mkdir(exist_ok=True)
        layer.mkdir(exist_ok=True)
        (code / "handler.py").write_text(
            f"{above}\ndef handler(event, context):\n    {body}\n", encoding="utf-8"
        )
        (layer / "in_layer.py").write_text("VALUE = 1\n")
        definition = Definition(
            name="Test",
            code=code,
            layers=(layer,),
            handler="handler.handler",
            environment={"NAME": "value", "TZ": ":UTC"},
            timeout_seconds=timeout,
            memory_megabytes=256,
            log=tmp_path / "Test.log",
        )
        made.append(Function(definition))
        return made[-1]

    yield function
    for each in made:
        each.stop()


def test_a_function_answers_its_event(make: Make) -> None:
    """Through JSON, both ways."""
    assert make("return {'got': event}").invoke({"ä": [1, None]}) == {"got": {"ä": [1, None]}}


def test_its_environment_is_the_templates_alone(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of whoever started the run reaches it, least of all a credential."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    function = make("return dict(os.environ)", above="import os")
    assert function.invoke({}) == {"NAME": "value", "TZ": ":UTC"}


def test_it_sees_its_code_and_its_layers(make: Make) -> None:
    """And no other code of ours: not the local run, not its tests."""
    found = make(
        "return [importlib.util.find_spec(n) is not None for n in ('in_layer', 'tests')]",
        above="import importlib.util",
    )
    assert found.invoke({}) == [True, False]


def test_it_keeps_its_process(make: Make) -> None:
    """As a warm Lambda does: what was made at start is there for every event."""
    function = make("return [os.getpid(), N]", above="import os, random\nN = random.random()")
    assert function.invoke({}) == function.invoke({})


def test_an_exception_is_a_failure_and_the_process_lives(make: Make, tmp_path: Path) -> None:
    """Its text comes back, its traceback goes to the log."""
    function = make("return 1 / event['by']")
    with pytest.raises(FunctionFailed, match="division by zero"):
        function.invoke({"by": 0})
    assert function.invoke({"by": 1}) == 1
    assert "ZeroDivisionError" in (tmp_path / "Test.log").read_text()


def test_an_answer_that_is_no_json_is_a_failure(make: Make) -> None:
    """As Lambda's Runtime.MarshalError."""
    with pytest.raises(FunctionFailed, match="not JSON serializable"):
        make("return {1, 2}").invoke({})


def test_a_mistake_at_start_is_a_failure_each_time(make: Make) -> None:
    """Until it is mended; nothing hangs."""
    function = make("return 1", above="import nonsense_that_is_nowhere")
    for _ in range(2):
        with pytest.raises(FunctionFailed, match="nonsense_that_is_nowhere"):
            function.invoke({})


def test_a_process_that_dies_is_replaced(make: Make) -> None:
    """The event that killed it fails, the next one finds a new process."""
    function = make("os._exit(3) if event['die'] else None; return 'alive'", above="import os")
    with pytest.raises(FunctionFailed, match="ended before it answered"):
        function.invoke({"die": True})
    assert function.invoke({"die": False}) == "alive"


@pytest.mark.alone
def test_it_is_killed_when_its_time_is_up(make: Make) -> None:
    """Also in the middle of a system call; the next event finds a new process."""
    function = make(
        "time.sleep(event['s']); return os.getpid()", timeout=0.5, above="import os, time"
    )
    first = function.invoke({"s": 0})
    started = time.monotonic()
    with pytest.raises(FunctionFailed, match=r"timed out after 0\.50 seconds"):
        function.invoke({"s": 60})
    assert time.monotonic() - started < 5
    assert function.invoke({"s": 0}) != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_one_event_at_a_time(make: Make) -> None:
    """Powertools keeps the current event in the class: two at once would mix up callers."""
    function = make(
        "global N; N += 1; seen = N; time.sleep(0.02); same = seen == N; N = seen; return same",
        above="import time\nN = 0",
    )
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(function.invoke({}))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 8


def test_an_edit_takes_effect_on_the_next_event(make: Make, tmp_path: Path) -> None:
    """In the handler and in a layer, without a restart, even within one second.

    Python takes bytecode for current when the source has its size and its second.
    """
    function = make("return in_layer.VALUE + 1", above="import in_layer")
    handler, layer = tmp_path / "code/handler.py", tmp_path / "layer/in_layer.py"
    second = 1_774_431_000 * 10**9
    for file in (handler, layer):
        os.utime(file, ns=(second, second))
    assert function.invoke({}) == 2
    layer.write_text("VALUE = 2\n")
    os.utime(layer, ns=(second + 1, second + 1))
    assert function.invoke({}) == 3
    handler.write_text(handler.read_text().replace("+ 1", "+ 2"))
    os.utime(handler, ns=(second + 1, second + 1))
    assert function.invoke({}) == 4


def test_the_context_has_what_handlers_use(make: Make) -> None:
    """A request id of its own and the time that is left."""
    function = make(
        "return [context.aws_request_id, context.function_name,"
        " context.get_remaining_time_in_millis()]"
    )
    one, other = function.invoke({}), function.invoke({})
    assert one[0] != other[0]
    assert one[1] == "Test"
    assert 0 < one[2] <= 5000


def test_what_it_prints_goes_to_its_log(make: Make, tmp_path: Path) -> None:
    """Line by line, as to CloudWatch; the file is its owner's."""
    make("print(json.dumps({'a': 1})); return None", above="import json").invoke({})
    log = tmp_path / "Test.log"
    assert json.loads(log.read_text()) == {"a": 1}
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_large_event_passes(make: Make) -> None:
    """Far beyond a pipe's buffer, both ways."""
    text: Any = "x" * 3_000_000
    assert make("return event['t']").invoke({"t": text}) == text


def test_who_stops_waiting_does_not_stop_it(make: Make, tmp_path: Path) -> None:
    """As behind an integration's timeout: what was begun is finished, and another takes over."""
    function = make(
        "time.sleep(event['s']); open(event['f'], 'w').close(); return os.getpid()",
        above="import os, time",
    )
    warm, late = str(tmp_path / "warm"), tmp_path / "late"
    first = function.invoke({"s": 0, "f": warm})
    with pytest.raises(NotAwaited):
        function.invoke({"s": 0.5, "f": str(late)}, patience=0.05)
    assert not late.exists()
    assert function.invoke({"s": 0, "f": warm}) != first
    eventually(late.exists)
    eventually(lambda: not alive(first))


def test_a_stop_ends_also_those_that_nobody_waits_for(make: Make) -> None:
    """Whatever they were doing."""
    function = make("time.sleep(event['s']); return os.getpid()", above="import os, time")
    first = function.invoke({"s": 0})
    with pytest.raises(NotAwaited):
        function.invoke({"s": 60}, patience=0.05)
    function.stop()
    assert not alive(first)


def alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
