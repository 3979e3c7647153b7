import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.web.cursor import Listing
from agentcontainer.web.errors import InvalidCursor

LAST = "key_01m85vr6h38tnqq4q62bxttx2k"
FILTERS = {"status": "active"}
LISTING = Listing("user_1", "GET /keys", FILTERS, "key")


@given(st.text(), st.text(), st.dictionaries(st.text(), st.none() | st.text()))
def test_a_cursor_leads_on_in_its_own_list(
    account: str, route: str, filters: dict[str, str | None]
) -> None:
    """Given back to the list that gave it out, it gives the last id of the page."""
    listing = Listing(account, route, filters, "key")
    assert listing.decode(listing.encode(LAST)) == LAST
    assert listing.decode(listing.encode(None)) is None


@pytest.mark.parametrize(
    ("account", "route", "filters", "prefix"),
    [
        ("user_2", "GET /keys", FILTERS, "key"),
        ("user_1", "GET /agents", FILTERS, "key"),
        ("user_1", "GET /keys", {"status": None}, "key"),
        ("user_1", "GET /keys", {}, "key"),
        ("user_1", "GET /keys", FILTERS, "agt"),
    ],
)
def test_a_cursor_of_another_list_is_refused(
    account: str, route: str, filters: dict[str, str | None], prefix: str
) -> None:
    """Another account, route, filter or kind of id: never a page from somewhere else."""
    text = LISTING.encode(LAST)
    with pytest.raises(InvalidCursor):
        Listing(account, route, filters, prefix).decode(text)


@given(st.text() | st.binary().map(lambda octets: octets.hex()))
def test_other_text_is_refused(text: str) -> None:
    """Whatever it is, it is a bad request and not a fault."""
    with pytest.raises(InvalidCursor):
        LISTING.decode(text)


@given(st.data())
def test_a_changed_cursor_leads_nowhere_else(data: st.DataObject) -> None:
    """One changed character is refused, or is base64 for the same."""
    text = LISTING.encode(LAST) or ""
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii"))
    changed = text[:place] + other + text[place + 1 :]
    try:
        last = LISTING.decode(changed)
    except InvalidCursor:
        return
    assert last is not None
    assert last.startswith("key_")
    assert len(last) == len(LAST)


@pytest.mark.parametrize("value", ["[1]", "[" * 50, "{}", '[1,"x",5]', "null", '"text"'])
def test_json_of_another_shape_is_refused(value: str) -> None:
    """A cursor is decoded strictly, whatever it claims to hold."""
    text = base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
    with pytest.raises(InvalidCursor):
        LISTING.decode(text)


def test_a_cursor_longer_than_any_of_ours_is_not_read() -> None:
    """However much of it would decode."""
    cursor = LISTING.encode(LAST)
    assert cursor is not None
    with pytest.raises(InvalidCursor):
        LISTING.decode(cursor + "A" * 200)
