"""A template as its author wrote it: plain data, and the line on which each part of it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from blueprint.template.translation import TemplateError

type Place = tuple[str | int, ...]

# Several times faster where libyaml is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Source:
    """The file's data, with `!Ref` and its like in their long form, and lines by place."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._text = path.read_text(encoding="utf-8")
        self._lines: dict[Place, int] = {}
        try:
            root = yaml.compose(self._text, Loader=_LOADER)
        except yaml.YAMLError as error:
            raise TemplateError(f"{path.name}: {error}") from error
        self.data: Any = self._plain(root, ()) if root else {}

    def resources(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The properties of the resources of a type, by logical id."""
        resources = member(self.data, "Resources")
        for name in resources:
            if member(resources, name).get("Type") == kind:
                yield name, member(resources, name, "Properties")

    def shared(self, kind: str, name: str) -> Any:
        """A property that Globals give to all resources of a kind."""
        return member(self.data, "Globals", kind).get(name)

    def line(self, *place: str | int) -> int:
        """The line of a place; of what would hold it, where it is missing."""
        while place not in self._lines or place[-1:] == ("Properties",):
            place = place[:-1]
        return self._lines[place]

    def line_that_says(self, words: str) -> int | None:
        """The first line with these words on it that is not a comment."""
        for number, line in enumerate(self._text.splitlines(), start=1):
            if words in line and not line.lstrip().startswith("#"):
                return number
        return None

    def _plain(self, node: yaml.Node, place: Place) -> Any:
        self._lines.setdefault(place, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                value: Any = {}
                for key, member in node.value:
                    # A key's own line, not that of a value which an alias takes from elsewhere.
                    self._lines[*place, key.value] = key.start_mark.line + 1
                    value[key.value] = self._plain(member, (*place, key.value))
            case yaml.SequenceNode():
                value = [self._plain(each, (*place, n)) for n, each in enumerate(node.value)]
            case _:
                value = _scalar(node)
        return _long_form(node.tag, value)


def _scalar(node: Any) -> Any:
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in {"true", "yes", "on"}
    if node.tag == "tag:yaml.org,2002:int":
        return int(node.value, 0)
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


def _long_form(tag: str, value: Any) -> Any:
    if not tag.startswith("!"):
        return value
    name = tag[1:]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


@contextmanager
def located(template: Path) -> Iterator[None]:
    """Puts file and line before what is said of a template, where the words can be found in it."""
    try:
        yield
    except TemplateError as error:
        if error.says is None:
            raise
        line = Source(template).line_that_says(error.says)
        place = template.name if line is None else f"{template.name}, line {line}"
        raise TemplateError(f"{place}: {error}") from error


def member(data: Any, *names: str) -> dict[str, Any]:
    """The map at the end of these names; an empty one where the template has none."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}
