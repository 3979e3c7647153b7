"""What text may hold that people read: one rule for names, notes and what is echoed. Pure.

Sources: the Unicode Character Database, with which a test compares every character; Unicode
Technical Report 36, "Unicode Security Considerations".
"""

import re
from typing import Final

from agentcontainer.web import errors

# The same text is a pattern of the document, so it keeps to what Python and ECMA-262 read alike.
# Control and bidirectional characters, and what separates lines.
_UNSEEN = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
# Spaces, and what Unicode calls ignorable: joiners, fillers, selectors; and Braille's empty cell.
_BLANK = (
    r" \u00a0\u00ad\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200d\u202f"
    r"\u205f-\u2065\u206a-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
# Those of other planes. In the document some readers would take them for halves of characters.
_BLANK_BEYOND = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
_VISIBLE = re.compile(rf"[^{_UNSEEN}{_BLANK}{_BLANK_BEYOND}]")

LINE: Final = rf"^[^{_UNSEEN}]*[^{_UNSEEN}{_BLANK}][^{_UNSEEN}]*$"
"""One line, with something besides spaces in it."""
NOTE: Final = f"^$|{LINE}"
"""A line, or nothing."""
TEXT: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]*$"
"""Any lines."""
UNSEEN: Final = re.compile(f"[{_UNSEEN}]")
"""A character that no line holds."""


def check_line(text: str) -> str:
    """The text; ValueError for one that is no line, or of which nothing would be seen."""
    if not re.fullmatch(LINE, text) or not _VISIBLE.search(text):
        raise ValueError(errors.A_LINE)
    return text


def check_note(text: str) -> str:
    """The text; ValueError for one that is neither empty nor a line."""
    return check_line(text) if text else text


def check_text(text: str) -> str:
    """The text; ValueError for one with control characters."""
    if not re.fullmatch(TEXT, text):
        raise ValueError(errors.A_TEXT)
    return text
