from agentcontainer import errors
from agentcontainer.web import errors as web
from agentcontainer.web.errors import response_to


def test_the_401_has_exactly_code_and_message() -> None:
    """It is byte for byte the same for everybody, so it names no request and no reason."""
    error = web.Unauthorized(web.INVALID_KEY)
    assert response_to(error).body("request-1") == {
        "error": {"code": "unauthorized", "message": "Invalid or missing API key."}
    }


def test_other_errors_name_the_request_and_what_is_wrong() -> None:
    """Both help: one to ask us, the other to mend the request."""
    detail = web.Detail("body", "name", "too_long", "At most 80.")
    assert response_to(web.InvalidRequest([detail])).body("request-1") == {
        "error": {
            "code": "invalid_request",
            "message": "The request has parts that are missing, unknown or not allowed.",
            "requestId": "request-1",
            "details": [
                {"in": "body", "field": "name", "code": "too_long", "message": "At most 80."}
            ],
        }
    }
    assert "details" not in response_to(errors.NotFound("key")).body("request-1")["error"]
    assert response_to(errors.NotFound("key")).body() == {
        "error": {"code": "not_found", "message": "There is no such API key."}
    }


def test_405_says_what_is_allowed() -> None:
    """In order, so that the answer is always the same."""
    error = web.MethodNotAllowed(["POST", "GET"])
    assert response_to(error).headers == {"Allow": "GET, POST"}


def test_503_says_when_to_try_again() -> None:
    """Clients that honour Retry-After come back by themselves."""
    assert response_to(errors.StoreUnavailable()).headers == {"Retry-After": "1"}


def test_every_error_of_the_domain_has_its_response() -> None:
    """One that is forgotten would be told as our fault."""
    for known in (errors.DomainError, web.RequestError):
        assert set(known.__subclasses__()) <= web.KINDS.keys()


def test_what_is_not_listed_is_our_fault() -> None:
    """And says nothing of itself."""
    told = response_to(RuntimeError("a secret"))
    assert (told.status, told.code) == (500, "internal_error")
    assert "secret" not in told.message
