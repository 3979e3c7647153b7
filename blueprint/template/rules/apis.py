"""Traps in how an API is described."""

import difflib
import re

from blueprint.template.gateway_responses import DEFAULTS, TYPES
from blueprint.template.rules.finding import Finding, Found
from blueprint.template.source import Place, Source, member

_API = "AWS::Serverless::Api"
_SENT = re.compile(
    r"\$(context\.(?:path|identity\.userAgent|error\.message(?:String)?)|input\.\w+)\b"
)


def preflights_are_open(source: Source) -> Found:
    """SAM's default puts the authorizer before them, and browsers send no credential there."""
    for api, properties in source.resources(_API):
        setting = member(properties, "Auth").get("AddDefaultAuthorizerToCorsPreflight")
        if "Cors" in properties and setting is not False:
            yield Finding(
                ("Resources", api, "Properties", "Auth", "AddDefaultAuthorizerToCorsPreflight"),
                f"preflights of {api} have to pass the authorizer, which no browser's can. "
                "Write AddDefaultAuthorizerToCorsPreflight: false under Auth",
            )


def gateway_responses_exist(source: Source) -> Found:
    """SAM passes on a name that is misspelt, and AWS answers as if nothing were there."""
    known = TYPES.keys() | DEFAULTS
    for api, properties in source.resources(_API):
        for name in member(properties, "GatewayResponses"):
            if name not in known:
                [close] = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0)
                yield Finding(
                    ("Resources", api, "Properties", "GatewayResponses", name),
                    f"there is no gateway response {name}, and AWS would answer in words of its "
                    f"own. Write {close}",
                )


def are_openapi_3_0(source: Source) -> Found:
    """Without it SAM deploys a stage that nobody asked for; 3.1 fails at the deployment."""
    for api, properties in source.resources(_API):
        version = properties.get("OpenApiVersion") or source.shared("Api", "OpenApiVersion")
        place: Place = ("Resources", api, "Properties", "OpenApiVersion")
        if version is None:
            yield Finding(
                place,
                f"without OpenApiVersion SAM deploys {api} as Swagger 2.0, with a second stage "
                "called Stage. Write OpenApiVersion: 3.0.1",
            )
        elif not str(version).startswith("3.0"):
            own = "OpenApiVersion" in properties
            yield Finding(
                place if own else ("Globals", "Api", "OpenApiVersion"),
                f"API Gateway imports OpenAPI 3.0, so a deployment with {version} fails. "
                "Write OpenApiVersion: 3.0.1",
            )


def no_empty_security(source: Source) -> Found:
    """SAM overwrites it, so what was meant to be open asks for a credential."""
    for api, properties in source.resources(_API):
        paths = member(properties, "DefinitionBody", "paths")
        for path in paths:
            for method in member(paths, path):
                if member(paths, path, method).get("security") == []:
                    place = ("Resources", api, "Properties", "DefinitionBody", "paths", path)
                    yield Finding(
                        (*place, method, "security"),
                        f"SAM replaces an empty security by the DefaultAuthorizer, so {path} asks "
                        "for a credential after all. Write security: [{NONE: []}]",
                    )


def access_logs_hold_nothing_sent(source: Source) -> Found:
    """What a caller sends can hold a token, a path as well; AWS logs whatever it is told to."""
    for api, properties in source.resources(_API):
        format_ = str(member(properties, "AccessLogSetting").get("Format", ""))
        for variable in _SENT.findall(format_):
            yield Finding(
                ("Resources", api, "Properties", "AccessLogSetting", "Format"),
                f"${variable} writes into the log of {api} what a caller sent, which can hold a "
                "token. Take it away; $context.resourcePath is the route",
            )


RULES = (
    preflights_are_open,
    gateway_responses_exist,
    are_openapi_3_0,
    no_empty_security,
    access_logs_hold_nothing_sent,
)
