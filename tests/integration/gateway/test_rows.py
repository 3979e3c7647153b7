"""The rows of API Gateway's behaviour, on the product and on templates made for them."""

import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from blueprint.paths import ROOT, TEMPLATE
from blueprint.template.translation import TemplateError
from tests.integration.gateway.catalogue import FOLDER, PRODUCT, Case, cases, disputes, rows, table
from tests.integration.gateway.checks import check_lines, filled, matches
from tests.integration.gateway.send_case import play
from tests.integration.gateway.stack import Stack
from tests.integration.gateway.target import Target
from tests.integration.gateway.variables import parameters, strangers, words
from tests.support.product import roto

type Start = Callable[[str], tuple[Stack, Target]]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """A stack of a template, and its API to send to: each template is started once."""
    started: dict[str, tuple[Stack, dict[str, str]]] = {}
    with ExitStack() as stacks:
        dynamodb = stacks.enter_context(roto(tmp_path_factory.mktemp("tables")))

        def stack(named: str) -> tuple[Stack, Target]:
            name, api = ("product", named) if named in PRODUCT else (named, "Api")
            if name not in started:
                data = tmp_path_factory.mktemp(name)
                file = TEMPLATE if name == "product" else FOLDER / f"templates/{name}.yaml"
                running = Stack(file, parameters(data) if name == "product" else {}, dynamodb, data)
                stacks.enter_context(running)
                made = words(running, data) if name == "product" else strangers()
                started[name] = running, made
            running, made = started[name]
            return running, Target(running.url(api), made)

        yield stack


@pytest.mark.parametrize("case", [pytest.param(c, id=i) for i, c in cases() if not c.refusal])
def test_a_row_holds(start: Start, case: Case) -> None:
    """What comes back, what is invoked and what it is sent are as the row says."""
    stack, target = start(case.api)
    stack.seen.clear()
    lines = len(stack.access_log(case.api)) if case.logged is not None else 0
    play(target, case)
    if case.invoked is not None:
        assert stack.invoked == case.invoked
    for function, expected in case.sent.items():
        event = [sent for name, sent in stack.seen if name == function][-1]
        assert matches(event, filled(expected, target.words)), json.dumps(event, indent=1)
    if case.logged is not None:
        check_lines(stack.access_log(case.api)[lines:], case.logged, target.words)
    if case.delivered is not None:
        told = stack.delivered(stack.access_log(case.api)[-1])
        assert matches(told, case.delivered), json.dumps(told, indent=1)


@pytest.mark.parametrize("case", [pytest.param(c, id=i) for i, c in cases() if c.refusal])
def test_what_the_gateway_does_not_do_it_refuses(tmp_path: Path, case: Case) -> None:
    """A row that asks for it is met by a refusal to start that names it."""
    source = (FOLDER / f"templates/{case.api}.yaml").read_text()
    for old, new in itertools.batched(case.change, 2, strict=True):
        assert old in source
        source = source.replace(old, new, 1)
    shutil.copytree(FOLDER / "templates/functions", tmp_path / "functions")
    template = tmp_path / "template.yaml"
    template.write_text(source)
    with pytest.raises(TemplateError, match=re.escape(case.refusal)):
        Stack(template, {}, "http://127.0.0.1:1", tmp_path)


def test_every_row_has_a_test() -> None:
    """None of the list is left out, and a test that a row names elsewhere is there."""
    found = {row.row for row in rows()}
    recorded = {"R1", "R18", "R19", "R20", "R21", "R22", "R24"}
    assert found >= set(range(1, 71)) | recorded
    for row in rows():
        assert row.cases or row.proved_by, row.row
        for test in row.proved_by:
            file, _, name = test.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(), test
            assert f"row_{row.row}_" in name
    ids = [id_ for id_, _ in cases()]
    assert len(ids) == len(set(ids))


def test_the_document_lists_the_rows() -> None:
    """docs/gateway.md shows each row with its source, and what was chosen where sources disagree.

    `python -m tests.integration.gateway.catalogue` prints both.
    """
    document = (ROOT / "docs/gateway.md").read_text()
    assert table() in document
    assert disputes() in document
