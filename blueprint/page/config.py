"""The page's one generated script: what differs from stack to stack."""

import base64
import json
from urllib.parse import urlsplit

# Hosts of Clerk's development instances; every other host is a production instance's.
_DEVELOPMENT = ".accounts.dev"


def config_js(
    *,
    publishable_key: str,
    clerk_proxy_url: str | None,
    dashboard_url: str,
    api_url: str,
    script_hosts: str = "",
    sign_in_hint: str | None = None,
    notice: str | None = None,
) -> str:
    """The script `config.js`. None of it is secret.

    `dashboard_url` is where DashboardApi answers, `api_url` is PublicApi as a key's owner calls it;
    `clerk_proxy_url` is for a Frontend API that is not at the publishable key's own host;
    `script_hosts` are hosts of Clerk's whose scripts the page may load, as the content security
    policy names them; `sign_in_hint` stands below the form to sign in; `notice` stands in place of
    the page.
    """
    values = {
        "publishableKey": publishable_key,
        "clerkProxyUrl": clerk_proxy_url,
        "dashboardUrl": dashboard_url,
        "apiUrl": api_url,
        "scriptHosts": script_hosts.split(),
        "signInHint": sign_in_hint,
        "notice": notice,
    }
    return f"window.agentContainer = {json.dumps(values)};\n"


def publishable_key(issuer: str) -> str:
    """The publishable key of the Clerk instance with this issuer: its host, in Clerk's spelling."""
    host = urlsplit(issuer).netloc
    kind = "test" if host.endswith(_DEVELOPMENT) else "live"
    return f"pk_{kind}_{base64.b64encode(f'{host}$'.encode()).decode()}"
