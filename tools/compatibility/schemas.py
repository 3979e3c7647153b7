"""Whether everything that one schema allows to be sent is what another one expects.

Requests are sent by callers who know the older document to a server that has the newer one, answers
the other way round. So one comparison serves both: what may be sent has to fit.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

type Json = dict[str, Any]

# What only people read.
_ANNOTATIONS = {
    *("$comment", "deprecated", "description", "discriminator", "example", "examples", "title"),
    *("readOnly", "writeOnly"),
}
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SAME = ("format", "multipleOf", "pattern", "uniqueItems")
_COMPARED = {
    *(*_UPPER, *_LOWER, *_SAME, "additionalProperties", "anyOf", "const", "default", "enum"),
    *("items", "oneOf", "properties", "required", "type"),
}

type Pairs = frozenset[tuple[str, str]]


class Misfit(NamedTuple):
    """What does not fit, and where in the body."""

    where: str
    why: str


class Side(NamedTuple):
    """A schema, and the document that its references are looked up in."""

    document: Json
    schema: Any

    def inside(self, schema: Any) -> "Side":
        """Another schema of the same document."""
        return Side(self.document, schema)

    def resolved(self) -> Json:
        """The schema, with what it refers to in place; what stands beside a reference holds too."""
        # True allows everything, as an empty schema does.
        schema = {} if self.schema is True else self.schema
        while "$ref" in schema:
            target: Any = self.document
            for name in schema["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            schema = target | {name: value for name, value in schema.items() if name != "$ref"}
        return {name: value for name, value in schema.items() if name not in _ANNOTATIONS}

    def alternatives(self) -> list["Side"]:
        """The schemas of which one has to hold: branches of anyOf and oneOf, several types."""
        if self.schema is False:
            return []
        schema = self.resolved()
        for word in ("anyOf", "oneOf"):
            if word in schema:
                rest = {name: value for name, value in schema.items() if name != word}
                branches = [rest | self.inside(branch).resolved() for branch in schema[word]]
                return [one for branch in branches for one in self.inside(branch).alternatives()]
        if isinstance(schema.get("type"), list):
            return [self.inside(schema | {"type": name}) for name in schema["type"]]
        if "const" in schema:
            return [self.inside(schema | {"enum": [schema["const"]]})]
        return [self.inside(schema)]


class Comparison(NamedTuple):
    """Compares in one direction."""

    answers: bool
    """Whether answers are compared: their readers also want members that may be absent, and only of
    requests does it matter what an absent member means."""

    def misfits(
        self, sent: Side, expected: Side, where: str = "", around: Pairs = frozenset()
    ) -> list[Misfit]:
        """What may be sent that is not expected; `around`: what is being compared already."""
        pair = json.dumps(sent.schema, sort_keys=True), json.dumps(expected.schema, sort_keys=True)
        if pair in around:
            # A schema within itself.
            return []
        around |= {pair}
        found: list[Misfit] = []
        for one in sent.alternatives():
            kind = one.schema.get("type")
            kinds = {None, kind, "number" if kind == "integer" else kind}
            near: list[list[Misfit]] = [
                list(self._one(one, other, where, around))
                for other in expected.alternatives()
                if other.schema.get("type") in kinds
            ]
            # The nearest branch explains best.
            new = [Misfit(where, f"{kind or 'anything'} is new")]
            nearest: list[Misfit] = min(near, key=len, default=new)
            found += nearest
        return list(dict.fromkeys(found))

    def _one(self, sent: Side, expected: Side, where: str, around: Pairs) -> Iterator[Misfit]:
        mine, theirs = sent.schema, expected.schema
        yield from (Misfit(where, why) for why in _constraints(mine, theirs))
        if not self.answers and "default" in mine and mine["default"] != theirs.get("default"):
            yield Misfit(where, f"default {mine['default']} becomes {theirs.get('default')}")
        yield from self._members(sent, expected, where, around)
        if "items" in theirs:
            below = sent.inside(mine.get("items", True)), expected.inside(theirs["items"])
            yield from self.misfits(*below, f"{where}[]", around)

    def _members(self, sent: Side, expected: Side, where: str, around: Pairs) -> Iterator[Misfit]:
        mine, theirs = sent.schema, expected.schema
        sent_members, expected_members = mine.get("properties", {}), theirs.get("properties", {})
        for name in theirs.get("required", ()):
            if name not in mine.get("required", ()):
                yield Misfit(_member(where, name), "can be absent where it has to be there")
        others = theirs.get("additionalProperties", True)
        for name, schema in sent_members.items():
            below = sent.inside(schema), expected.inside(expected_members.get(name, others))
            if below[1].schema is False:
                yield Misfit(_member(where, name), "is no longer known")
            else:
                yield from self.misfits(*below, _member(where, name), around)
        if self.answers:
            for name in sorted(expected_members.keys() - sent_members.keys()):
                yield Misfit(_member(where, name), "is gone")
        if others is False and mine.get("additionalProperties", True) is not False:
            yield Misfit(_member(where, "*"), "is no longer known")
        if isinstance(others, dict):
            more = sent.inside(mine.get("additionalProperties", True))
            yield from self.misfits(more, expected.inside(others), _member(where, "*"), around)


def _constraints(mine: Json, theirs: Json) -> Iterator[str]:
    if "enum" in theirs:
        sent = mine.get("enum", ["anything"])
        if unknown := [value for value in sent if value not in theirs["enum"]]:
            yield f"{', '.join(map(str, unknown))} is not among {theirs['enum']}"
        return
    mine = _bounds(mine.get("enum", []), theirs) | mine
    for word in (*_UPPER, *_LOWER, *_SAME):
        if word in theirs and not _keeps(word, mine.get(word), theirs[word]):
            yield f"{word} {mine.get(word, 'none')} does not keep to {theirs[word]}"
    for word in sorted((mine.keys() | theirs.keys()) - _COMPARED):
        if mine.get(word) != theirs.get(word):
            yield f"{word} has changed, which nothing here can judge"


def _keeps(word: str, mine: Any, theirs: Any) -> bool:
    if word in _SAME or mine is None:
        return bool(mine == theirs)
    return bool(mine <= theirs if word in _UPPER else mine >= theirs)


def _bounds(values: list[Any], theirs: Json) -> Json:
    """The constraints that the values of an enumeration keep."""
    if values and all(isinstance(value, str) for value in values):
        lengths = [len(value) for value in values]
        pattern = theirs.get("pattern", "")
        kept = {"pattern": pattern} if all(re.search(pattern, value) for value in values) else {}
        return {"minLength": min(lengths), "maxLength": max(lengths), **kept}
    return {"minimum": min(values), "maximum": max(values)} if values else {}


def _member(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
