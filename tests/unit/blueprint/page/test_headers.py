from typing import Any

import pytest

from blueprint.page.headers import page_headers
from blueprint.template.translation import TemplateError


def policy(config: dict[str, Any]) -> dict[str, Any]:
    """Resources with one policy."""
    properties = {"ResponseHeadersPolicyConfig": config}
    return {"Page": {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": properties}}


def test_each_setting_becomes_its_header() -> None:
    """As CloudFront spells them."""
    config = {
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"ContentSecurityPolicy": "default-src 'none'"},
            "ContentTypeOptions": {"Override": True},
            "FrameOptions": {"FrameOption": "DENY"},
            "ReferrerPolicy": {"ReferrerPolicy": "no-referrer"},
            "StrictTransportSecurity": {"AccessControlMaxAgeSec": 60, "IncludeSubdomains": True},
        },
        "CustomHeadersConfig": {"Items": [{"Header": "X-One", "Value": "1", "Override": True}]},
    }
    assert page_headers(policy(config)) == [
        ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Strict-Transport-Security", "max-age=60; includeSubDomains"),
        ("X-One", "1"),
    ]


def test_a_setting_that_is_not_known_is_refused() -> None:
    """Rather than served without."""
    with pytest.raises(TemplateError, match="XSSProtection"):
        page_headers(policy({"SecurityHeadersConfig": {"XSSProtection": {"Protection": True}}}))


def test_there_is_one_policy() -> None:
    """With none, or with several, nobody would know which is the page's."""
    with pytest.raises(TemplateError, match="there are 0"):
        page_headers({})
