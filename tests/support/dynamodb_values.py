"""DynamoDB's values for properties, in their wire form."""

import base64

from hypothesis import strategies as st

texts = st.text(st.characters(codec="utf-8"), max_size=8)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)
numbers = st.integers(-(10**38) + 1, 10**38 - 1).map(str) | st.decimals(
    -1000, 1000, places=5, allow_nan=False
).map(str)
scalars = (
    texts.map(lambda text: {"S": text})
    | numbers.map(lambda number: {"N": number})
    | st.binary(max_size=8).map(lambda octets: {"B": base64.b64encode(octets).decode()})
    | st.booleans().map(lambda value: {"BOOL": value})
    | st.just({"NULL": True})
    | st.sets(texts, min_size=1, max_size=3).map(lambda found: {"SS": sorted(found)})
    | st.sets(st.integers(), min_size=1, max_size=3).map(lambda found: {"NS": [*map(str, found)]})
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda found: {"L": found})
        | st.dictionaries(names, inner, max_size=3).map(lambda found: {"M": found})
    ),
    max_leaves=8,
)
items = st.dictionaries(names, values, max_size=5)
