from pathlib import Path
from typing import Any

from tests.support.response_coverage import (
    Answer,
    Recorder,
    documented,
    explaining_nothing,
    in_log,
    undocumented,
    unexplained,
)

GOOD, MISSING = Answer("GET", "/things", 200), Answer("GET", "/things", 404)
KNOWN = {GOOD, MISSING}


def test_an_answer_that_no_document_has_is_named() -> None:
    """Of a route that is in one."""
    broken = Answer("GET", "/things", 500)
    assert undocumented({GOOD, broken}, KNOWN) == ["GET /things 500"]
    assert undocumented({GOOD}, KNOWN) == []


def test_routes_of_no_document_are_left_out() -> None:
    """Catch-alls and preflights: another test compares routes."""
    assert undocumented({Answer("OPTIONS", "/things", 200), Answer("GET", "/", 404)}, KNOWN) == []


def test_an_answer_that_nothing_gives_needs_an_explanation() -> None:
    """For it alone or for many."""
    assert unexplained({GOOD}, KNOWN, []) == ["GET /things 404"]
    assert unexplained({GOOD}, KNOWN, ["GET /things 404"]) == []
    assert unexplained({GOOD}, KNOWN, ["* 404"]) == []
    assert unexplained({GOOD}, KNOWN, ["* 500"]) == ["GET /things 404"]


def test_an_explanation_explains_something() -> None:
    """Not what is seen, and not what no document has."""
    assert explaining_nothing({GOOD}, KNOWN, ["* 404", "* 200", "* 500"]) == ["* 200", "* 500"]


def test_a_document_is_read() -> None:
    """Every status of every method of every path."""
    responses: dict[str, Any] = {"200": {}, "404": {}}
    document = {"paths": {"/things": {"get": {"responses": responses}}}}
    assert documented(document) == KNOWN


def test_a_log_is_read() -> None:
    """Lines of requests, and nothing else that stands there."""
    text = (
        "\n  Dashboard   http://localhost:3000\n"
        "10:56:39  200     12 ms  GET /things\n"
        "10:56:40  404   1200 ms  GET /things\n"
        "10:56:41  403      0 ms  TRACE (no route)\n"
        "10:56:41  the functions' logs are in /somewhere\n"
    )
    assert in_log(text) == KNOWN


def test_a_recorder_has_what_it_saw_and_what_was_logged(tmp_path: Path) -> None:
    """Also of a run that has not ended."""
    log = tmp_path / "log"
    mine = Recorder()
    mine.saw(*GOOD)
    mine.read_later(log)
    assert mine.everything() == {GOOD}
    log.write_text("10:56:40  404   1200 ms  GET /things\n")
    assert mine.everything() == KNOWN
