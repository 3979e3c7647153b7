from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from blueprint.page.files import DOCUMENT
from local.clerk.frontend_api import FrontendApi
from local.clerk.instance import Clerk
from local.http.dispatcher import Site
from local.http.messages import Headers, text
from local.page.dashboard import Dashboard


class Apis:
    """Stands for the APIs: answers with the name of the one that was asked."""

    def serve(self, api: str, environ: Any, start_response: Any) -> Any:
        """Answers a request."""
        return text(200, api).send(environ["REQUEST_METHOD"], start_response)

    def page_headers(self) -> Headers:
        """What the template gives the dashboard's pages."""
        return [("X-Content-Type-Options", "nosniff")]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A site on port 3000 with two files."""
    files = tmp_path / "dashboard"
    files.mkdir()
    (files / "index.html").write_text("<title>page</title>")
    (files / "page.css").write_text("a {}")
    (files / "docs").mkdir()
    (files / "docs/index.html").write_text("<title>reference</title>")
    (tmp_path / "secret.txt").write_text("secret")
    url = "http://localhost:3000"
    clerk = Clerk(tmp_path / "key.pem", url)
    apis: Any = Apis()
    site = Site(
        port=3000,
        apis=apis,
        clerk=clerk,
        frontend_api=FrontendApi(clerk, tmp_path, [url], lambda _address, _text: None),
        dashboard=Dashboard(files, publishable_key=clerk.publishable_key, url=url),
    )
    return Client(site)


def get(
    client: Client, path: str, host: str = "localhost:3000", method: str = "GET"
) -> TestResponse:
    """The answer to a request for a host."""
    return client.open(path, method=method, headers={"Host": host})


@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("/api", "PublicApi"),
        ("/api/v1/account", "PublicApi"),
        ("/dashboard/v1/api-keys", "DashboardApi"),
        ("/hooks/clerk", "DashboardApi"),
        ("/", "<title>page</title>"),
        ("/index.html", "<title>page</title>"),
        ("/page.css", "a {}"),
        ("/docs/", "<title>reference</title>"),
        ("/docs/openapi.yaml", DOCUMENT.read_text()),
    ],
)
@pytest.mark.parametrize("host", ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"])
def test_each_path_has_its_server(client: Client, path: str, served: str, host: str) -> None:
    """On one port, under every name of this machine."""
    response = get(client, path, host)
    assert (response.status_code, response.text) == (200, served)


@pytest.mark.parametrize("path", ["/", "/api/v1/account", "/nothing", "/__local/session-token"])
def test_the_apis_own_host_has_the_whole_of_it(client: Client, path: str) -> None:
    """`/` and unknown paths included, as on its domain."""
    assert get(client, path, "api.localhost:3000").text == "PublicApi"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example:3000",
        "localhost",
        "localhost:3001",
        "127.0.0.1.nip.io:3000",
        "0.0.0.0:3000",
        "",
    ],
)
@pytest.mark.parametrize(
    "path", ["/", "/api/v1/account", "/__local/session-token", "/__clerk/v1/client"]
)
def test_another_host_is_misdirected(client: Client, host: str, path: str) -> None:
    """A page elsewhere that points its own name here gets nothing."""
    response = get(client, path, host)
    assert response.status_code == 421
    assert "eyJ" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/page.css/x",
        "/\\..\\x",
    ],
)
def test_only_the_dashboards_own_files_are_served(client: Client, path: str) -> None:
    """However a path is written."""
    response = get(client, path)
    assert response.status_code == 404
    assert "secret" not in response.text


def test_a_folders_address_ends_with_a_slash(client: Client) -> None:
    """Without it a browser is led there, as by the distribution."""
    response = get(client, "/docs")
    assert (response.status_code, response.headers["Location"]) == (308, "/docs/")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert get(client, "/styles/").status_code == 404


def test_a_files_kind_is_told_and_not_guessed(client: Client) -> None:
    """And nothing is kept by the browser, so that an edit is seen."""
    response = get(client, "/page.css")
    assert response.headers["Content-Type"] == "text/css"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_clerks_frontend_api_is_served(client: Client) -> None:
    """To the page, under the address that ClerkJS is told."""
    assert get(client, "/__clerk/v1/environment").json["object"] == "environment"  # type: ignore[index]
    assert get(client, "/__clerk/v1/environment", "api.localhost:3000").text == "PublicApi"


def test_a_session_token_is_given_to_tests_and_people_with_curl(client: Client) -> None:
    """As plain text."""
    response = get(client, "/__local/session-token?user=user_demo&org=org_demo&role=admin")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.text.count(".") == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/__local/session-token", 400),
        ("GET", "/__local/session-token?user=user_demo&admin=1", 400),
        ("POST", "/__local/session-token?user=user_demo", 405),
        ("GET", "/__local/", 404),
        ("POST", "/", 405),
        ("GET", "/nothing", 404),
    ],
)
def test_what_the_runner_does_not_serve(
    client: Client, method: str, path: str, status: int
) -> None:
    """A sentence each."""
    response = get(client, path, method=method)
    assert response.status_code == status
    assert response.text.endswith("\n")
