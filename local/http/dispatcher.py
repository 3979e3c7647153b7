"""What the local run's port serves: both APIs, routes of its own, the dashboard's files."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from local.apigateway.stack import Apis
from local.clerk.calls import PREFIX
from local.clerk.frontend_api import FrontendApi
from local.clerk.instance import Clerk
from local.http.messages import Answer, text
from local.http.server import HOSTS, with_port
from local.page.dashboard import Dashboard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_API_HOST = "api.localhost"


class Site:
    """Chooses by host and path. The port is known once the sockets are."""

    def __init__(
        self,
        *,
        port: int,
        apis: Apis,
        clerk: Clerk,
        frontend_api: FrontendApi,
        dashboard: Dashboard,
    ) -> None:
        self._apis = apis
        self._public = partial(apis.serve, "PublicApi")
        self._dashboard_api = partial(apis.serve, "DashboardApi")
        self._clerk = clerk
        self._frontend_api = frontend_api
        self._dashboard = dashboard
        self._hosts = with_port(HOSTS, port)
        self._api_hosts = with_port((_API_HOST,), port)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answers one request."""
        app = self._app(environ.get("HTTP_HOST", "").lower(), environ["PATH_INFO"])
        return app(environ, start_response)

    def _app(self, host: str, path: str) -> "WSGIApplication":
        if host in self._api_hosts:
            return self._public
        if host not in self._hosts:
            return _respond(text(421, f"This server does not answer for the host {host!r}.\n"))
        if _is_under(path, "/api"):
            return self._public
        if _is_under(path, "/dashboard/v1") or _is_under(path, "/hooks"):
            return self._dashboard_api
        if _is_under(path, PREFIX):
            return self._frontend_api
        if path == "/__local/session-token":
            return self._session_token
        if _is_under(path, "/__local"):
            return _respond(text(404, "The local run has no such route.\n"))
        return self._file

    def _session_token(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        query = {k: v[-1] for k, v in parse_qs(environ["QUERY_STRING"]).items()}
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            answer = text(405, "GET only.\n")
        elif "user" not in query or not query.keys() <= {"user", "org", "role"}:
            answer = text(400, "Give ?user=user_..., and optionally org=org_... and role=...\n")
        else:
            token = self._clerk.session_token(query["user"], query.get("org"), query.get("role"))
            answer = text(200, token)
        return answer.send(method, start_response)

    def _file(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """A file of the dashboard, with the headers that the template gives its pages."""
        method = environ["REQUEST_METHOD"]
        answer = self._dashboard.answer(method, environ["PATH_INFO"], self._apis.page_headers())
        return answer.send(method, start_response)


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix + "/")


def _respond(answer: Answer) -> "WSGIApplication":
    return lambda environ, start_response: answer.send(environ["REQUEST_METHOD"], start_response)
