import re

import pytest

from local.run import _deliver


def test_an_email_is_one_line_of_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing in it that steers a terminal, whatever an organization is called."""
    _deliver("ada@example.com", "you are invited to A\x1b[2J\r\n\u202eB: sign in")
    printed = capsys.readouterr().out
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d  E-mail to ada@example\.com: you are invited to A\?\[2J\?\?\?B: sign in\n",
        printed,
    )
