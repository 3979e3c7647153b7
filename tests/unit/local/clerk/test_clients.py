from pathlib import Path

import pytest

from local.clerk.clients import Browser, Browsers, Session
from local.clerk.users import ADMIN


@pytest.fixture
def browsers(tmp_path: Path) -> Browsers:
    """None yet."""
    return Browsers(tmp_path / "browsers.json", "3000")


def test_a_browser_is_known_by_its_cookie(browsers: Browsers) -> None:
    """And by nothing that looks like one."""
    cookie = browsers.add(Browser(), "/__clerk").partition(";")[0]
    assert browsers.of(f"other=1; {cookie}") is not None
    for wrong in ("", cookie + "x", cookie.replace("3000", "3001"), "__client_3000=", "a\x00=b"):
        assert browsers.of(wrong) is None


def test_only_those_that_are_signed_in_are_written_down(browsers: Browsers, tmp_path: Path) -> None:
    """The others have nothing to lose."""
    signed_in, other = Browser(), Browser()
    signed_in.enter(Session(ADMIN.id))
    browsers.add(signed_in, "/")
    browsers.add(other, "/")
    browsers.keep()
    kept = (tmp_path / "browsers.json").read_text()
    assert signed_in.id in kept
    assert other.id not in kept


def test_browsers_are_forgotten_before_they_fill_the_memory(browsers: Browsers) -> None:
    """Whoever asks without a cookie makes a new one each time."""
    cookies = [browsers.add(Browser(), "/").partition(";")[0] for _ in range(1001)]
    assert browsers.of(cookies[0]) is None
    assert browsers.of(cookies[1]) is not None
