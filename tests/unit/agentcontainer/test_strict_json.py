import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.strict_json import MalformedJson, loads

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_is_json_reads_as_ever(value: object) -> None:
    """The standard library's own reading is the oracle."""
    text = json.dumps(value)
    assert loads(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{'a': 1}",
        '{"a": 1,}',
        '{"a": 1, "a": 1}',
        '[{"a": {"b": 1, "b": 2}}]',
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1" * 5000,
        "[" * 100_000,
        '{"a":' * 100_000,
        "\ufeff{}",
        "{} {}",
        "01",
    ],
)
def test_what_readers_disagree_about_is_refused(text: str) -> None:
    """With one kind of exception, whose text may be shown."""
    with pytest.raises(MalformedJson) as malformed:
        loads(text)
    assert str(malformed.value)
    assert len(str(malformed.value)) < 200


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else is ever raised."""
    with contextlib.suppress(MalformedJson):
        loads(text)
