from agentcontainer import errors


def test_the_401_has_exactly_code_and_message() -> None:
    """It is byte for byte the same for everybody, so it names no request and no reason."""
    error = errors.Unauthorized(errors.INVALID_KEY, details=[errors.Detail("a", "b", "c", "d")])
    assert error.body("request-1") == {
        "error": {"code": "unauthorized", "message": "Invalid or missing API key."}
    }


def test_other_errors_name_the_request_and_what_is_wrong() -> None:
    """Both help: one to ask us, the other to mend the request."""
    detail = errors.Detail("body", "name", "too_long", "At most 80.")
    assert errors.InvalidRequest(details=[detail]).body("request-1") == {
        "error": {
            "code": "invalid_request",
            "message": "The request has parts that are missing, unknown or not allowed.",
            "requestId": "request-1",
            "details": [
                {"in": "body", "field": "name", "code": "too_long", "message": "At most 80."}
            ],
        }
    }
    assert "details" not in errors.NotFound("gone").body("request-1")["error"]


def test_405_says_what_is_allowed() -> None:
    """In order, so that the answer is always the same."""
    error = errors.MethodNotAllowed(["POST", "GET"])
    assert error.headers == {"Allow": "GET, POST"}


def test_503_says_when_to_try_again() -> None:
    """Clients that honour Retry-After come back by themselves."""
    assert errors.ServiceUnavailable().headers == {"Retry-After": "1"}
