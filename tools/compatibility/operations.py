"""What a new document breaks, operation by operation. Error answers may come and go."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tools.compatibility.schemas import Comparison, Json, Side

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
_REQUESTS = Comparison(answers=False)
_ANSWERS = Comparison(answers=True)


class Break(NamedTuple):
    """Something that a program relied on."""

    operation: str
    """Such as `GET /api/v1/agents`; empty for what concerns all of them."""
    what: str


def breaks(old: Json, new: Json) -> list[Break]:
    """Everything that no longer is as the older document said."""
    found = [
        Break("", f"server {server['url']}: is gone")
        for server in old["servers"]
        if server["url"] not in {one["url"] for one in new["servers"]}
    ]
    later = _operations(new)
    for name, before in _operations(old).items():
        if name in later:
            reasons = _Operation(old, new, before, later[name]).reasons()
            found += [Break(name, reason) for reason in dict.fromkeys(reasons)]
        else:
            found.append(Break(name, "is gone"))
    return found


def _operations(document: Json) -> dict[str, Json]:
    return {
        f"{method.upper()} {path}": {"parameters": [], **item[method]}
        | {"parameters": [*item.get("parameters", []), *item[method].get("parameters", [])]}
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    }


class _Operation(NamedTuple):
    """One operation in both documents."""

    old: Json
    new: Json
    before: Json
    after: Json

    def reasons(self) -> Iterator[str]:
        """What of it no longer is as it was."""
        if self.before.get("operationId") != self.after.get("operationId"):
            yield f"operationId: {self.before.get('operationId')} is gone"
        if not all(map(self._still_admits, _security(self.old, self.before))):
            yield "security: who was admitted no longer is"
        yield from self._parameters()
        yield from self._body()
        for status, answer in self.before["responses"].items():
            yield from self._answer(status, _deref(self.old, answer))

    def _still_admits(self, requirement: Json) -> bool:
        return any(
            all(
                name in requirement
                and set(scopes) <= set(requirement[name])
                and _scheme(self.old, name) == _scheme(self.new, name)
                for name, scopes in other.items()
            )
            for other in _security(self.new, self.after)
        )

    def _parameters(self) -> Iterator[str]:
        before, after = _parameters(self.old, self.before), _parameters(self.new, self.after)
        for place, parameter in after.items():
            if parameter.get("required") and not before.get(place, {}).get("required"):
                yield f"{place}: is required now"
        for place, parameter in before.items():
            if place in after:
                sides = Side(self.old, parameter["schema"]), Side(self.new, after[place]["schema"])
                yield from (f"{place}: {why}" for _, why in _REQUESTS.misfits(*sides))
            else:
                yield f"{place}: is gone"

    def _body(self) -> Iterator[str]:
        before = _deref(self.old, self.before.get("requestBody", {}))
        after = _deref(self.new, self.after.get("requestBody", {}))
        if after.get("required") and not before.get("required"):
            yield "body: is required now"
        yield from self._content("body", before, after, answers=False)

    def _answer(self, status: str, before: Json) -> Iterator[str]:
        if status not in self.after["responses"]:
            if status < "400":
                yield f"{status}: is gone"
            return
        after = _deref(self.new, self.after["responses"][status])
        headers = {name.lower(): one for name, one in after.get("headers", {}).items()}
        for name, header in before.get("headers", {}).items():
            if name.lower() not in headers:
                yield f"{status} header {name}: is gone"
                continue
            was, is_now = _deref(self.old, header), _deref(self.new, headers[name.lower()])
            if was.get("required") and not is_now.get("required"):
                yield f"{status} header {name}: can be absent where it has to be there"
            sides = Side(self.new, is_now["schema"]), Side(self.old, was["schema"])
            yield from (f"{status} header {name}: {why}" for _, why in _ANSWERS.misfits(*sides))
        yield from self._content(status, before, after, answers=True)

    def _content(self, where: str, before: Json, after: Json, *, answers: bool) -> Iterator[str]:
        for media_type, content in before.get("content", {}).items():
            if media_type not in after.get("content", {}):
                yield f"{where}: {media_type} is gone"
                continue
            was = Side(self.old, content["schema"])
            is_now = Side(self.new, after["content"][media_type]["schema"])
            found = _ANSWERS.misfits(is_now, was) if answers else _REQUESTS.misfits(was, is_now)
            yield from (": ".join(filter(None, (where, *misfit))) for misfit in found)


def _deref(document: Json, node: Json) -> Json:
    while "$ref" in node:
        target: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def _security(document: Json, operation: Json) -> list[Json]:
    # No requirement at all admits everybody.
    return operation.get("security", document.get("security", [])) or [{}]


def _scheme(document: Json, name: str) -> Json:
    scheme = document["components"]["securitySchemes"][name]
    return {word: scheme.get(word) for word in ("type", "scheme", "in", "name")}


def _parameters(document: Json, operation: Json) -> dict[str, Json]:
    found = (_deref(document, parameter) for parameter in operation["parameters"])
    return {f"{one['in']} parameter {one['name']}": one for one in found}
