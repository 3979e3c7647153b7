import os
from pathlib import Path

import pytest

from local.clerk import passwords
from tests.support.clerk_browser import Browser, LocalClerk


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash costs tens of milliseconds on purpose; a hash says what it has cost."""
    monkeypatch.setattr(passwords, "_COST", (2, 8, 1))


@pytest.fixture(autouse=True)
def no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here lasts beyond its test, so nothing waits for a disk."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def local(tmp_path: Path) -> LocalClerk:
    """The local run's Clerk, just started for the first time."""
    return LocalClerk(tmp_path)


@pytest.fixture
def somebody(local: LocalClerk) -> Browser:
    """A browser in which nobody is signed in."""
    return local.browser()


@pytest.fixture
def ada(local: LocalClerk) -> Browser:
    """A browser of somebody who has just signed up."""
    browser = local.browser()
    browser.sign_up("ada@example.com")
    return browser
