import re
import unicodedata

import pytest

from agentcontainer.web.text import LINE, NOTE, TEXT, check_line, check_note, check_text

# Planes 0, 1 and 14: the others hold ideographs, private characters and nothing.
EVERYTHING = [
    chr(code) for code in (*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE1000))
]
CONTROL = {each for each in EVERYTHING if unicodedata.category(each) in {"Cc", "Zl", "Zp"}}
BIDIRECTIONAL = {
    each
    for each in EVERYTHING
    if unicodedata.bidirectional(each)
    in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
} | {"\u061c", "\u200e", "\u200f"}
# Format characters that are seen, around or before digits (Prepended_Concatenation_Mark), and those
# that arrange hieroglyphs.
SEEN = {
    each
    for each in EVERYTHING
    if re.search(
        r"ARABIC (NUMBER SIGN|SIGN SANAH|FOOTNOTE MARKER|SIGN SAFHA|SIGN SAMVAT|END OF AYAH|"
        r"NUMBER MARK ABOVE|POUND MARK ABOVE|PIASTRE MARK ABOVE|DISPUTED END OF AYAH)|SYRIAC ABBREV"
        r"|KAITHI NUMBER SIGN|EGYPTIAN HIEROGLYPH",
        unicodedata.name(each, ""),
    )
}
# Default_Ignorable_Code_Point of the Unicode Character Database, beside the category of formats:
# fillers, joiners, vowels that are not written, selectors of variations.
IGNORED = {
    chr(code)
    for first, last in [
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2065, 0x2065),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0xE0000, 0xE0FFF),
    ]
    for code in range(first, last + 1)
}
INVISIBLE = (
    ({each for each in EVERYTHING if unicodedata.category(each) in {"Cf", "Zs"}} - SEEN)
    | IGNORED
    | {"\u2800"}
)


def takes(check: object, text: str) -> bool:
    """Whether a text is taken."""
    try:
        check(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("check", [check_line, check_note])
def test_a_line_holds_no_character_that_arranges_others(check: object) -> None:
    """Neither in names nor in notes: not one of all that there are in Unicode."""
    refused = CONTROL | BIDIRECTIONAL
    assert not [each for each in refused if takes(check, f"a{each}b")]
    assert takes(check, "".join(each for each in EVERYTHING if each not in refused))


@pytest.mark.parametrize("check", [check_line, check_note])
def test_a_line_shows_something(check: object) -> None:
    """A name of invisible characters alone is none, however many of them and of whatever kind."""
    invisible = INVISIBLE - CONTROL - BIDIRECTIONAL
    alone = {each for each in EVERYTHING if not takes(check, each)}
    assert alone == invisible | CONTROL | BIDIRECTIONAL
    assert not takes(check, "".join(sorted(invisible)))
    assert takes(check, f"{''.join(sorted(invisible))}.")


def test_a_note_may_say_nothing() -> None:
    """A revocation needs none."""
    assert takes(check_note, "")
    assert not takes(check_line, "")


def test_a_text_may_have_lines_and_no_other_control_characters() -> None:
    """Of a description or a prompt; how its lines end is its author's matter."""
    controls = {each for each in EVERYTHING if unicodedata.category(each) == "Cc"}
    refused = {each for each in EVERYTHING if not takes(check_text, each)}
    assert refused == controls - set("\t\n\r\x85")


@pytest.mark.parametrize(
    ("documented", "check"),
    [(LINE, check_line), (NOTE, check_note), (TEXT, check_text)],
    ids=["line", "note", "text"],
)
def test_the_document_has_the_same_rule(documented: str, check: object) -> None:
    """For every character that a pattern without surrogates can name: those of the first plane."""
    # Python's $ is before the last line's end too, ECMA-262's is not.
    pattern = re.compile(documented.replace("$", r"\Z"))
    for each in EVERYTHING[:0xF800]:
        for text in (each, f"a{each}"):
            assert bool(pattern.search(text)) == takes(check, text), ascii(text)
