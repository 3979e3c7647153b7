import re
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.web.errors import UnsupportedMediaType
from agentcontainer.web.requests import check_body, normal_path

TOKEN = st.text("!#$%&'*+-.^_`|~09AZaz", min_size=1, max_size=6)
QUOTED = st.text(" !#$%[]^~azAZ;,=/", max_size=6).map('"{}"'.format)
SPACE = st.text(" \t", max_size=2)
PARAMETER = st.builds(
    "{}={}".format, TOKEN.filter(lambda n: n.lower() != "charset"), TOKEN | QUOTED
)
UTF_8 = st.sampled_from(["charset=utf-8", "Charset=UTF-8", 'charset="utf-8"', r'charset="ut\f-8"'])
PARAMETERS = st.lists(
    st.builds("{}{};{}".format, SPACE, st.just(""), SPACE).flatmap(
        lambda front: (st.just("") | PARAMETER | UTF_8).map(lambda each: front + each)
    ),
    max_size=4,
).map("".join)


def takes(content_type: str) -> bool:
    """Whether a body of this type is read."""
    event: dict[str, Any] = {"body": "{}", "headers": {"content-type": content_type}}
    try:
        check_body(event)
    except UnsupportedMediaType:
        return False
    return True


@given(st.sampled_from(["application/json", "Application/JSON"]), PARAMETERS, SPACE)
def test_json_is_json_with_any_parameter(media_type: str, parameters: str, space: str) -> None:
    """RFC 9110, 5.6.6: a parameter may be missing between its semicolons, and RFC 8259 has none."""
    assert takes(media_type + parameters + space)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/jsonx",
        "application/json x",
        "application/json,",
        "application/json, text/plain",
        "application/json; charset=latin-1",
        "application/json; charset=utf-8; charset=latin-1",
        'application/json; charset="utf-16"',
        "application/json; charset",
        "application/json; charset=",
        'application/json; a="b',
        "application/json\xa0",
        "application/json;\xa0",
        "application/json\x0b;",
    ],
    ids=ascii,
)
def test_any_other_type_is_a_mistake(content_type: str) -> None:
    """Of somebody who sends something else, or does not know what they send."""
    assert not takes(content_type)


def test_a_long_type_costs_nothing() -> None:
    """However a caller nests what may be there or not."""
    assert not takes("application/json" + " ; " * 3000 + "!")
    assert not takes("application/json" + ';a="' + '\\"' * 3000)


@given(
    st.lists(st.sampled_from([*"aZ0-._~/:", "%41", "%2f", "%5F", "%25", "%7e", "%c3"])).map("".join)
)
def test_a_path_has_one_spelling(path: str) -> None:
    """The normal one stays as it is, and means the same."""
    normal = normal_path(path)
    assert normal_path(normal) == normal
    assert unquote_to_bytes(normal) == (unquote_to_bytes(path.rstrip("/")) or b"/")
    assert not re.search("%(41|5F|7[eE])|%[^%]?[a-z]", normal)
