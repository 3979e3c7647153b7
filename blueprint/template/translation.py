"""The SAM template as CloudFormation would get it: translated, parameters and references filled in.

The translator costs seconds to import, so its output is kept, by the hash of what went in.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from blueprint.errors import TemplateError
from blueprint.template.conditions import Conditions

__all__ = ["TemplateError", "api_id", "folder", "function_arn", "load", "translate"]

REGION = "eu-west-1"
ACCOUNT_ID = "123456789012"

_PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
}
# The translator wants an address in S3 where the template has a folder; this one marks the folder.
_FOLDER = "s3://local/"
_CODE_PROPERTIES = ("CodeUri", "ContentUri")
_NO_VALUE = object()
_TEXT: dict[str, Callable[[Any, Any], Any]] = {
    "Fn::Join": lambda separator, parts: separator.join(parts),
    "Fn::Select": lambda index, values: values[int(index)],
    "Fn::Split": lambda separator, text: text.split(separator),
}


def load(path: Path, parameters: Mapping[str, str], cache: Path) -> dict[str, dict[str, Any]]:
    """The resources of a SAM template by logical id, with every intrinsic function resolved.

    `cache` is a folder for translations. TemplateError says what is wrong with the template.
    """
    translated = _translate_cached(path, cache)
    names = {**_PSEUDO_PARAMETERS, **_parameter_values(translated, parameters)}
    return _Resolver(translated, names).resources()


def folder(template: Path, code: Mapping[str, str]) -> Path:
    """Where the code of a translated function or layer is on this machine."""
    return template.parent / code["S3Key"]


def translate(path: Path, parameters: Mapping[str, str]) -> dict[str, Any]:
    """What SAM makes of a template for CloudFormation, with local folders as code addresses."""
    import boto3  # noqa: PLC0415 -- slow imports, only where there is no kept translation
    import yaml  # noqa: PLC0415
    from samtranslator.model.exceptions import InvalidDocumentException  # noqa: PLC0415
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # noqa: PLC0415
    from samtranslator.yaml_helper import yaml_parse  # noqa: PLC0415

    try:
        template = yaml_parse(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise TemplateError(f"{path.name}: {error}") from error
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise TemplateError(f"{path.name}: there are no Resources")
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for name in _CODE_PROPERTIES:
            if isinstance(properties.get(name), str):
                properties[name] = _FOLDER + properties[name]
    # It warns of its own feature toggles, which only exist on AWS.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    try:
        translated: dict[str, Any] = translator.translate(template, dict(parameters))
    except InvalidDocumentException as refused:
        causes = "; ".join(str(cause.message) for cause in refused.causes)
        # Each cause names its resource in square brackets.
        resource = re.search(r"\[(\w+)\]", causes)
        raise TemplateError(causes, f"{resource[1]}:" if resource else None) from refused
    return translated


def _translate_cached(path: Path, cache: Path) -> dict[str, Any]:
    inputs = path.read_bytes() + version("aws-sam-translator").encode()
    kept = cache / f"translation-{hashlib.sha256(inputs).hexdigest()[:32]}.json"
    if kept.exists():
        translated: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return translated
    # The release only names the versions, which are not run here.
    translated = translate(path, {"Release": "0" * 64})
    cache.mkdir(parents=True, exist_ok=True)
    for stale in cache.glob("translation-*.json"):
        stale.unlink()
    kept.write_text(json.dumps(translated), encoding="utf-8")
    return translated


def _parameter_values(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for name, parameter in template.get("Parameters", {}).items():
        value = given.get(name, parameter.get("Default"))
        if value is None:
            raise TemplateError(f"the parameter {name} has no value")
        values[name] = value
    if unknown := given.keys() - values.keys():
        raise TemplateError(f"the template has no parameter {', '.join(sorted(unknown))}")
    return values


class _Resolver:
    """Resolves the functions below and conditions; refuses other functions by name."""

    def __init__(self, template: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._conditions = Conditions(template.get("Conditions", {}), self.resolve)
        self._names = names
        self._resources = template["Resources"]

    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources whose conditions hold."""
        return {
            name: self.resolve(resource)
            for name, resource in self._resources.items()
            if "Condition" not in resource or self._conditions.holds(resource["Condition"])
        }

    def resolve(self, node: Any) -> Any:
        """The node with everything filled in."""
        if isinstance(node, list):
            elements = [self.resolve(element) for element in node]
            return [element for element in elements if element is not _NO_VALUE]
        if not isinstance(node, dict):
            return node
        for name in node:
            if name.startswith("Fn::") or (name == "Ref" and len(node) == 1):
                return self._call(name, node[name])
        members = {key: self.resolve(value) for key, value in node.items()}
        return {key: value for key, value in members.items() if value is not _NO_VALUE}

    def _call(self, function: str, argument: Any) -> Any:
        match function, argument:
            case "Ref", str(name):
                return self._ref(name)
            case "Fn::GetAtt", [str(name), str(attribute)]:
                return self._attribute(name, attribute)
            case "Fn::Sub", [str(text), dict(own)]:
                return self._substitute(text, self.resolve(own))
            case "Fn::Sub", str(text):
                return self._substitute(text, {})
            case "Fn::If", [str(condition), yes, no]:
                return self.resolve(yes if self._conditions.holds(condition) else no)
            case "Fn::Join" | "Fn::Select" | "Fn::Split", [first, second]:
                return _TEXT[function](first, self.resolve(second))
        raise TemplateError(
            f"the local run does not resolve {function}", function.removeprefix("Fn::")
        )

    def _substitute(self, text: str, own: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in own:
                return own[name]
            logical_id, dot, attribute = name.partition(".")
            return str(self._attribute(logical_id, attribute) if dot else self._ref(name))

        return re.sub(r"\$\{([^!}][^}]*)\}", value, text)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in self._names:
            return self._names[name]
        resource = self._resource(name)
        if resource["Type"] == "AWS::Lambda::Alias":
            function = self.resolve(resource["Properties"]["FunctionName"])
            return f"{function_arn(function)}:{resource['Properties']['Name']}"
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            return api_id(name)
        return name

    def _attribute(self, name: str, attribute: str) -> str:
        resource = self._resource(name)
        match resource["Type"], attribute:
            case "AWS::Lambda::Function", "Arn":
                return function_arn(name)
            case "AWS::DynamoDB::Table", "Arn":
                return table_arn(name)
            case "AWS::DynamoDB::Table", "StreamArn":
                return f"{table_arn(name)}/stream/local"
            case "AWS::Logs::LogGroup", "Arn":
                return log_group_arn(name)
        return f"{name}.{attribute}"

    def _resource(self, name: str) -> Mapping[str, Any]:
        if name not in self._resources:
            raise TemplateError(f"there is no resource or parameter called {name}", name)
        resource: Mapping[str, Any] = self._resources[name]
        return resource


def api_id(logical_id: str) -> str:
    """A REST API's id: ten characters, as AWS gives out, always the same for a logical id."""
    number = int.from_bytes(hashlib.sha256(logical_id.encode()).digest()[:8])
    return "".join("0123456789abcdefghijklmnopqrstuvwxyz"[number >> 6 * i & 31] for i in range(10))


def table_arn(logical_id: str) -> str:
    """A table's ARN."""
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{logical_id}"


def function_arn(logical_id: str) -> str:
    """A function's ARN, without version or alias."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{logical_id}"


def log_group_arn(logical_id: str) -> str:
    """A log group's ARN, with all of its streams; here its name is its logical id."""
    return f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:{logical_id}:*"
