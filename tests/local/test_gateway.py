"""The rows of API Gateway's behaviour that need to see what the functions are sent."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from local.functions import FunctionFailed
from local.gateway import MAX_BODY_BYTES, Gateway
from tests.support import UNAUTHORIZED_KEY, UNAUTHORIZED_SESSION

KEY = "Bearer ac_live_0123456789ABCDEFGHIJKLMNOPQRSTUV0VxI3t"
ALLOW = {"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}
DENY = {"Statement": [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "*"}]}


class Functions(dict[str, Any]):
    """Stands for the functions: answers as it is told, and keeps the events."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        super().__init__()
        self.events: dict[str, list[Any]] = {}
        self.answers: dict[str, Any] = {}
        for name, resource in resources.items():
            if resource["Type"] == "AWS::Lambda::Function":
                self.events[name] = []
                self[name] = self._invoke(name)
        for name in ("Authorizer", "SessionAuthorizer"):
            self.answers[name] = {"principalId": "p", "policyDocument": ALLOW, "context": {}}

    def _invoke(self, name: str) -> Any:
        def invoke(event: Any) -> Any:
            self.events[name].append(event)
            answer = self.answers.get(name, {"statusCode": 200, "body": "{}"})
            if isinstance(answer, Exception):
                raise answer
            return answer

        return invoke


class Api:
    """An API of template.yaml with functions that the test speaks for."""

    def __init__(self, name: str, resources: Mapping[str, Any]) -> None:
        self.functions = Functions(resources)
        self.logged: list[tuple[str, int]] = []
        gateway = Gateway(
            name,
            resources[name]["Properties"]["Body"],
            self.functions,
            lambda _call, resource, status, _seconds: self.logged.append((resource, status)),
        )
        self._client = Client(gateway)

    def __call__(
        self, method: str, path: str, authorization: str | None = None, **more: Any
    ) -> Response:
        """The answer to a request."""
        headers = dict(more.pop("headers", {}))
        if authorization is not None:
            headers["Authorization"] = authorization
        return self._client.open(path, method=method, headers=headers, **more)

    @property
    def invoked(self) -> set[str]:
        """The functions that were called."""
        return {name for name, events in self.functions.events.items() if events}


@pytest.fixture
def public(resources: dict[str, Any]) -> Api:
    """PublicApi."""
    return Api("PublicApi", resources)


@pytest.fixture
def dashboard(resources: dict[str, Any]) -> Api:
    """DashboardApi."""
    return Api("DashboardApi", resources)


def is_refused(answer: Response, body: dict[str, Any] = UNAUTHORIZED_KEY) -> bool:
    """Whether it is the one answer to every bad credential, whoever makes it."""
    return (
        answer.status_code == 401
        and json.loads(answer.data) == body
        and answer.headers["Content-Type"] == "application/json"
        and answer.headers["WWW-Authenticate"] == 'Bearer realm="AgentContainer"'
        and answer.headers["Cache-Control"] == "no-store"
        and "x-amzn-ErrorType" in answer.headers
        and "x-amzn-RequestId" in answer.headers
    )


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="row1-missing"),
        pytest.param("", id="row2-empty"),
        pytest.param("Bearer", id="row3-scheme-only"),
        pytest.param("Basic x", id="row3-other-scheme"),
        pytest.param(KEY.removeprefix("Bearer "), id="row3-no-scheme"),
        pytest.param(KEY + "x", id="row3-too-long"),
        pytest.param(KEY + ", " + KEY, id="row3-two"),
        pytest.param("Bearer eyJh.e30.AA", id="row27-session-token"),
    ],
)
def test_what_does_not_look_like_a_key_invokes_nothing(public: Api, header: str | None) -> None:
    """The seed's 401 from the gateway itself, on known and unknown paths and every verb."""
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        for path in ("/api/v1/account", "/api/v1/nothing", "/"):
            assert is_refused(public(method, path, header))
    assert public.invoked == set()


def test_row_4_a_denied_key_reaches_no_handler(public: Api) -> None:
    """The Deny is shaped into the same 401."""
    public.functions.answers["Authorizer"] = {"principalId": "p", "policyDocument": DENY}
    assert is_refused(public("GET", "/api/v1/account", KEY))
    assert public.invoked == {"Authorizer"}
    assert len(public.functions.events["Authorizer"]) == 1


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
def test_row_5_the_headers_case_does_not_matter(public: Api, name: str) -> None:
    """Of its name."""
    assert public("GET", "/api/v1/account", headers={name: KEY}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEARER", "Bearer  "])
def test_row_6_nor_does_the_schemes(public: Api, scheme: str) -> None:
    """And there may be several spaces."""
    assert public("GET", "/api/v1/account", KEY.replace("Bearer", scheme)).status_code == 200


def test_row_7_the_handler_gets_the_context_as_strings(public: Api) -> None:
    """With principalId and integrationLatency beside it (row 8: bool and number as text)."""
    public.functions.answers["Authorizer"] = {
        "principalId": "key_1",
        "policyDocument": ALLOW,
        "context": {"kind": "key", "flag": True, "number": 7, "nothing": None},
    }
    assert public("GET", "/api/v1/account", KEY).status_code == 200
    [event] = public.functions.events["Account"]
    authorizer = event["requestContext"]["authorizer"]
    assert isinstance(authorizer.pop("integrationLatency"), int)
    assert authorizer == {"principalId": "key_1", "kind": "key", "flag": "true", "number": "7"}


def test_row_14_a_policy_without_a_principal_is_evaluated(public: Api) -> None:
    """Documented as required, not enforced."""
    public.functions.answers["Authorizer"] = {"policyDocument": ALLOW}
    assert public("GET", "/api/v1/account", KEY).status_code == 200
    assert (
        "principalId" not in public.functions.events["Account"][0]["requestContext"]["authorizer"]
    )


def test_rows_18_and_19_what_the_authorizer_is_sent(public: Api) -> None:
    """The header as it came, and the method's ARN without the query."""
    public("GET", "/api/v1/account?secret=1", KEY)
    [event] = public.functions.events["Authorizer"]
    assert event.keys() == {"type", "authorizationToken", "methodArn"}
    assert event["authorizationToken"] == KEY
    assert event["methodArn"].endswith("/live/GET/api/v1/account")


def test_row_20_nothing_is_cached(public: Api) -> None:
    """The same key twice asks the authorizer twice."""
    for _ in range(2):
        public("GET", "/api/v1/account", KEY)
    assert len(public.functions.events["Authorizer"]) == 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("text", id="row13-text"),
        pytest.param(None, id="row13-none"),
        pytest.param({"principalId": "p"}, id="row13-no-policy"),
        pytest.param({"policyDocument": "x"}, id="row13-no-document"),
        pytest.param({"policyDocument": ALLOW, "context": {"a": []}}, id="row9-list"),
        pytest.param({"policyDocument": ALLOW, "context": {"a": {}}}, id="row9-map"),
        pytest.param({"policyDocument": ALLOW, "context": "x"}, id="row9-no-context"),
        pytest.param(FunctionFailed("anything"), id="row11-raises"),
        pytest.param(FunctionFailed("Task timed out after 8.00 seconds"), id="row12-timeout"),
    ],
)
def test_an_authorizer_that_fails_is_a_500_and_no_401(public: Api, answer: object) -> None:
    """In our envelope; a fault never looks like a bad key (row 68)."""
    public.functions.answers["Authorizer"] = answer
    response = public("GET", "/api/v1/account", KEY)
    assert response.status_code == 500
    assert response.headers["x-amzn-ErrorType"] == "AuthorizerConfigurationException"
    error = json.loads(response.data)["error"]
    assert error.keys() == {"code", "message", "requestId"}
    assert error["code"] == "internal_error"
    assert error["requestId"] == response.headers["x-amzn-RequestId"]
    assert "Account" not in public.invoked


def test_row_10_unauthorized_is_the_one_exception_that_means_401(public: Api) -> None:
    """Raised by exactly that name; ours never does."""
    public.functions.answers["Authorizer"] = FunctionFailed("Unauthorized")
    assert is_refused(public("GET", "/api/v1/account", KEY))


@pytest.mark.parametrize("header", [None, "x", KEY])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_rows_37_and_38_the_public_document_asks_nobody(
    public: Api, method: str, header: str | None
) -> None:
    """Whatever the caller sends; HEAD is declared and has no body."""
    public.functions.answers["OpenApi"] = {"statusCode": 200, "body": "openapi: 3.1.0"}
    response = public(method, "/api/v1/openapi.yaml", header)
    assert response.status_code == 200
    assert response.data == (b"" if method == "HEAD" else b"openapi: 3.1.0")
    assert public.invoked == {"OpenApi"}


def test_row_39_head_without_a_key_is_the_401_without_a_body(public: Api) -> None:
    """The headers are there."""
    response = public("HEAD", "/api/v1/account")
    assert (response.status_code, response.data) == (401, b"")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="AgentContainer"'


def test_row_43_the_answer_does_not_depend_on_accept(public: Api) -> None:
    """The JSON template, whatever is asked for."""
    assert is_refused(public("GET", "/api/v1/account", headers={"Accept": "text/html"}))


@pytest.mark.parametrize("answer", [FunctionFailed("anything"), {"nonsense": 1}, None, "text"])
def test_rows_45_and_46_a_handler_that_fails_is_a_502(public: Api, answer: object) -> None:
    """In our envelope, without a word of what went wrong."""
    public.functions.answers["Account"] = answer
    response = public("GET", "/api/v1/account", KEY)
    assert response.status_code == 502
    assert json.loads(response.data)["error"]["code"] == "internal_error"
    assert b"anything" not in response.data


@pytest.mark.parametrize(
    ("method", "path", "resource"),
    [
        pytest.param("GET", "/api/v1/nothing", "/{proxy+}", id="row30-unknown-path"),
        pytest.param("PUT", "/api/v1/account", "/{proxy+}", id="row31-undeclared-method"),
        pytest.param("GET", "/", "/", id="row33-root"),
        pytest.param("OPTIONS", "/api/v1/account", "/{proxy+}", id="options-is-a-verb"),
    ],
)
def test_the_catch_alls_serve_the_rest(public: Api, method: str, path: str, resource: str) -> None:
    """Behind the authorizer; the account function answers for the whole API."""
    assert public(method, path, KEY).status_code == 200
    assert public.functions.events["Account"][0]["resource"] == resource
    assert public.logged == [(resource, 200)]


def test_row_36_a_verb_outside_the_seven_reaches_nothing(public: Api) -> None:
    """It gets the 401 too, from the gateway."""
    assert is_refused(public("TRACE", "/api/v1/account", KEY))
    assert public.invoked == set()


def test_row_58_a_body_over_10_megabytes_is_a_413_of_the_gateways_own(public: Api) -> None:
    """Plain text: the one answer that no template can shape."""
    response = public("PUT", "/", KEY, data=b"x" * (MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert response.data == b"HTTP content length exceeded 10485760 bytes."
    assert public.invoked == set()


@pytest.mark.parametrize("header", [None, "", "Bearer x", KEY, "Basic a.b.c"])
def test_row_27_no_key_opens_the_dashboard(dashboard: Api, header: str | None) -> None:
    """Its own 401, readable by its page (row 42)."""
    response = dashboard("GET", "/dashboard/v1/api-keys", header)
    assert is_refused(response, UNAUTHORIZED_SESSION)
    origin = response.headers["Access-Control-Allow-Origin"]
    assert origin == "https://app.agentcontainer.test"
    assert dashboard.invoked == set()


def test_row_40_a_preflight_is_answered_for_everybody(dashboard: Api) -> None:
    """For exactly the dashboard's origin, without credentials; nothing is invoked."""
    for path in ("/dashboard/v1/api-keys", "/dashboard/v1/api-keys/x/revoke", "/nothing"):
        response = dashboard("OPTIONS", path)
        assert (response.status_code, response.data) == (200, b"{}\n")
        headers = {k: v for k, v in response.headers.items() if k.startswith("Access-Control")}
        assert headers == {
            "Access-Control-Allow-Headers": (
                "Authorization,Content-Type,Idempotency-Key,AgentContainer-Account"
            ),
            "Access-Control-Allow-Methods": "DELETE,GET,PATCH,POST",
            "Access-Control-Allow-Origin": "https://app.agentcontainer.test",
            "Access-Control-Max-Age": "7200",
        }
    assert dashboard.invoked == set()
