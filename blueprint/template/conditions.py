"""A template's conditions, as CloudFormation decides them from parameters."""

from collections.abc import Callable, Mapping
from typing import Any

from blueprint.errors import TemplateError


class Conditions:
    """Which of a template's conditions hold; `resolve` fills in what they compare."""

    def __init__(self, definitions: Mapping[str, Any], resolve: Callable[[Any], Any]) -> None:
        self._definitions = definitions
        self._resolve = resolve

    def holds(self, name: str) -> bool:
        """Whether the condition with this name is true."""
        if name not in self._definitions:
            raise TemplateError(f"there is no condition called {name}", name)
        return self._decide(self._definitions[name])

    def _decide(self, node: Any) -> bool:
        match node:
            case {"Condition": str(name)}:
                return self.holds(name)
            case {"Fn::Equals": [one, other]}:
                # CloudFormation compares texts: 0 is "0".
                return str(self._resolve(one)) == str(self._resolve(other))
            case {"Fn::Not": [one]}:
                return not self._decide(one)
            case {"Fn::And": list(all_of)}:
                return all(self._decide(one) for one in all_of)
            case {"Fn::Or": list(any_of)}:
                return any(self._decide(one) for one in any_of)
        raise TemplateError(f"the local run does not decide the condition {node}")
