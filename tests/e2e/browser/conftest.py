"""A browser for all of these tests, a product for each file, a tab for each test."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from blueprint.page.files import VENDORED
from tests.e2e.browser.dashboard_driver import CHROMIUM, Outside, Tab, chromium
from tests.support.product import Product

_ABSENT = f"NO BROWSER TEST WAS RUN: there is no {CHROMIUM} (apt-get install chromium)"


@pytest.fixture(scope="package")
def outside() -> Iterator[Outside]:
    """What is asked of other machines."""
    proxy = Outside()
    yield proxy
    proxy.stop()


@pytest.fixture(scope="package")
def browser(outside: Outside) -> Iterator[Browser]:
    """Debian's Chromium. A builder has one; elsewhere its absence is said loudly."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(_ABSENT)
        pytest.skip(_ABSENT)
    if not (VENDORED / "ready").exists():
        pytest.fail("the page's scripts are not there: install npm and run make setup")
    with chromium(outside) as running:
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A local run with nothing in it but its first key."""
    with Product(tmp_path_factory.mktemp("site") / "run") as running:
        yield running


type NewTab = Callable[..., Tab]


@pytest.fixture
def new_tab(browser: Browser, site: Product) -> Iterator[NewTab]:
    """Opens tabs, each with cookies of its own; what goes wrong in one fails the test."""
    tabs: list[Tab] = []

    def new(**how: Any) -> Tab:
        tabs.append(Tab(browser, site, **how))
        return tabs[-1]

    yield new
    for tab in tabs:
        tab.close()


@pytest.fixture
def tab(new_tab: NewTab) -> Tab:
    """A tab of a browser in which nobody is signed in."""
    return new_tab()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says once more, below everything, what was not tested."""
    if not CHROMIUM.exists():
        terminalreporter.section("browser", sep="!", red=True, bold=True)
        terminalreporter.line(_ABSENT, red=True)
