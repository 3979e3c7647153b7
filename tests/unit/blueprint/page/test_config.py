import base64

import pytest

from blueprint.page.config import config_js, publishable_key


def test_a_deployed_page_is_told_its_own() -> None:
    """Nothing of the local run is in it."""
    script = config_js(
        publishable_key="pk_live_y",
        clerk_proxy_url=None,
        dashboard_url="https://dashboard-api.agentcontainer.com/dashboard/v1",
        api_url="https://api.agentcontainer.com/api/v1",
        script_hosts="https://challenges.cloudflare.com https://*.protect.clerk.com",
    )
    assert "localhost" not in script
    assert "__clerk" not in script
    assert '["https://challenges.cloudflare.com", "https://*.protect.clerk.com"]' in script


@pytest.mark.parametrize(
    ("issuer", "kind", "host"),
    [
        ("https://clerk.agentcontainer.com", "pk_live", "clerk.agentcontainer.com$"),
        (
            "https://happy-hippo-1.clerk.accounts.dev",
            "pk_test",
            "happy-hippo-1.clerk.accounts.dev$",
        ),
    ],
)
def test_the_issuer_says_the_publishable_key(issuer: str, kind: str, host: str) -> None:
    """It is nothing but the host of Clerk's Frontend API, which is the issuer."""
    prefix, _, encoded = publishable_key(issuer).rpartition("_")
    assert (prefix, base64.b64decode(encoded).decode()) == (kind, host)
