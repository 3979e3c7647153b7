"""The headers of the dashboard's pages, read from where the template says them once."""

from collections.abc import Mapping
from typing import Any

from blueprint.template.translation import TemplateError

type Headers = list[tuple[str, str]]

_POLICY = "AWS::CloudFront::ResponseHeadersPolicy"


def page_headers(resources: Mapping[str, Mapping[str, Any]]) -> Headers:
    """The headers that CloudFront would add to each page, by the template's one policy."""
    policies = [one["Properties"] for one in resources.values() if one["Type"] == _POLICY]
    if len(policies) != 1:
        raise TemplateError(f"one {_POLICY} is needed, and there are {len(policies)}")
    config = policies[0]["ResponseHeadersPolicyConfig"]
    headers: Headers = []
    for name, entry in config.get("SecurityHeadersConfig", {}).items():
        headers += _security_header(name, entry)
    for item in config.get("CustomHeadersConfig", {}).get("Items", ()):
        headers.append((item["Header"], item["Value"]))
    return headers


def _security_header(name: str, entry: Mapping[str, Any]) -> Headers:
    match name:
        case "ContentSecurityPolicy":
            return [("Content-Security-Policy", entry["ContentSecurityPolicy"])]
        case "ContentTypeOptions":
            return [("X-Content-Type-Options", "nosniff")]
        case "FrameOptions":
            return [("X-Frame-Options", entry["FrameOption"])]
        case "ReferrerPolicy":
            return [("Referrer-Policy", entry["ReferrerPolicy"])]
        case "StrictTransportSecurity":
            value = f"max-age={entry['AccessControlMaxAgeSec']}"
            value += "; includeSubDomains" if entry.get("IncludeSubdomains") else ""
            return [("Strict-Transport-Security", value)]
    raise TemplateError(f"the local run does not know the security header {name}")
