import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.clock import to_millis
from agentcontainer.keys.verification import Verdict
from agentcontainer.usage.access_log import read
from tests.support.access_log import ACCOUNT_ID, AT, FINGERPRINT, KEY_ID, line, rendered


def test_a_line_tells_whose_request_it_was_and_how_it_ended() -> None:
    """To the millisecond in which it came."""
    use = read(line())
    assert use is not None
    assert (use.key_id, use.account_id, use.secret) == (KEY_ID, ACCOUNT_ID, FINGERPRINT)
    assert to_millis(use.at) == AT
    assert (use.outcome, use.refusal) == ("accepted", None)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "accepted"),
        (304, "accepted"),
        (400, "accepted"),
        (401, "refused"),
        (403, "forbidden"),
        (404, "accepted"),
        (429, "rateLimited"),
        (500, "failed"),
        (504, "failed"),
    ],
)
def test_the_status_says_what_it_is_counted_as(status: int, outcome: str) -> None:
    """As the contract has it."""
    use = read(line(status=status))
    assert use is not None
    assert use.outcome == outcome


@pytest.mark.parametrize(
    ("verdict", "refusal"),
    [
        ("REVOKED", "refusedRevoked"),
        ("EXPIRED", "refusedExpired"),
        ("DISABLED", "refusedDisabled"),
        ("VALID", None),
        ("SOMETHING", None),
    ],
)
def test_a_refusal_is_counted_by_its_reason_and_is_no_use(
    verdict: str, refusal: str | None
) -> None:
    """So that an owner learns of a revoked secret, and a key does not look used because of it."""
    use = read(line(status=401, verdict=verdict, fingerprint="-"))
    assert use is not None
    assert (use.outcome, use.refusal, use.secret) == ("refused", refusal, None)


def test_every_verdict_on_a_known_secret_is_counted() -> None:
    """One that is added is not forgotten here."""
    known = set(Verdict) - {Verdict.VALID, Verdict.MALFORMED, Verdict.UNKNOWN}
    for verdict in known:
        use = read(line(status=401, verdict=verdict.value))
        assert use is not None
        assert use.refusal


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_whatever_it_is_answered_a_secret_that_is_let_in_is_used(status: int) -> None:
    """Its holder has it, though it may not do everything."""
    use = read(line(status=status))
    assert use is not None
    assert use.secret == FINGERPRINT


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "[]",
        '"text"',
        "[" * 100_000,
        line()[:-1],
        line()[:40],
        line(v=2),
        line(keyId="-"),
        line(accountId="-"),
        line(time="-"),
        line(time=1),
        line(status="-"),
        line(status=999),
        line(verdict="-"),
        line(fingerprint="0123456789abcdef"),
        line(keyId=KEY_ID + "\n"),
        json.dumps(json.loads(line()) | {"status": 200}),
        json.dumps({k: v for k, v in json.loads(line()).items() if k != "verdict"}),
        "START RequestId: 11111111-2222-4333-8444-555555555555 Version: 1",
    ],
)
def test_what_is_not_understood_is_passed_over(message: str) -> None:
    """Cut off, of another version, without a key, or not ours: never an exception."""
    assert read(message) is None


@given(st.text() | st.integers(0, 400).map(lambda end: line()[:end]))
def test_no_text_is_a_fault(message: str) -> None:
    """Whatever CloudWatch delivers."""
    assert read(message) is None or message == line()


def test_it_reads_what_the_template_writes(resources: dict[str, dict[str, Any]]) -> None:
    """Both forms are the same, and the longest line is far from being cut off."""
    stage = resources["PublicApiliveStage"]["Properties"]
    variables = {
        "authorizer.keyId": KEY_ID,
        "authorizer.accountId": "org_" + "x" * 100,
        "authorizer.fingerprint": FINGERPRINT,
        "authorizer.verdict": "DISABLED",
        "requestTimeEpoch": str(AT),
        "status": "401",
        "httpMethod": "OPTIONS",
        "resourcePath": "/api/v1/agents/{agentId}/versions/{versionId}",
        "error.responseType": "AUTHORIZER_CONFIGURATION_ERROR",
        "responseLatency": "29000",
        "authorizer.latency": "29000",
        "requestId": "11111111-2222-4333-8444-555555555555",
        "extendedRequestId": "x" * 20,
    }
    longest = rendered(stage["AccessLogSetting"]["Format"], variables)
    assert "-" not in json.loads(longest).values(), "the test has no value for a variable"
    assert len(longest.encode()) < 1024 * 0.75
    use = read(longest)
    assert use is not None
    assert use.account_id == variables["authorizer.accountId"]
    # Also the first 512 bytes of it hold all that is counted by.
    assert longest.index('"method"') < 512
