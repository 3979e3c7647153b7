from hypothesis import given
from hypothesis import strategies as st

from agentcontainer.auth.principal import (
    KeyPrincipal,
    SessionPrincipal,
    key_context,
    key_principal,
    refusal_context,
    session_context,
    session_principal,
)
from agentcontainer.keys.verification import Lookup, RateLimit, Verdict

scopes = st.lists(st.sampled_from(["agents:read", "agents:write"]), unique=True)
limits = st.none() | st.builds(RateLimit, st.integers(1, 10**6), st.integers(1, 86_400))
networks = st.lists(st.ip_addresses().map(lambda a: f"{a}/{a.max_prefixlen}"), max_size=20)


@given(scopes, networks, limits)
def test_a_key_arrives_at_the_handler_as_it_was_looked_up(
    scopes: list[str], networks: list[str], limit: RateLimit | None
) -> None:
    """Through a context of strings alone, as API Gateway hands it on."""
    found = Lookup("key_1", "user_1", "active", tuple(scopes), None, tuple(networks), limit)
    context = key_context(found, "digest")
    assert all(type(value) is str for value in context.values())
    assert len(str(context)) < 2048
    assert key_principal(context) == KeyPrincipal(
        "user_1", "key_1", "digest", frozenset(scopes), tuple(networks), limit
    )


@given(st.sampled_from([None, "admin", "member"]), st.sampled_from(["user_1", "org_1"]))
def test_a_session_arrives_at_the_handler_as_it_was_verified(
    role: str | None, account: str
) -> None:
    """Account, user, session and role."""
    principal = SessionPrincipal(account, "user_1", "sess_1", role)
    context = session_context(principal)
    assert all(type(value) is str for value in context.values())
    assert session_principal(context) == principal


def test_only_the_own_kind_of_context_gives_a_principal() -> None:
    """A key never passes as a session, a session never as a key, and nothing as either."""
    found = Lookup("key_1", "user_1", "active", (), None, (), None)
    key = key_context(found, "digest")
    session = session_context(SessionPrincipal("user_1", "user_1", "sess_1", None))
    assert key_principal(session) is None
    assert session_principal(key) is None
    for verdict in Verdict:
        refused = refusal_context(verdict, found)
        assert key_principal(refused) is None
        assert session_principal(refused) is None
    assert key_principal({}) is None
    assert session_principal({}) is None


def test_the_access_log_finds_verdict_and_fingerprint_of_a_key() -> None:
    """By the names under which template.yaml writes them; the whole digest is for handlers."""
    found = Lookup("key_1", "user_1", "active", (), None, (), None)
    context = key_context(found, "0123456789abcdef")
    assert context["verdict"] == "VALID"
    assert context["fingerprint"] == "0123456789ab"
    assert context["digest"] == "0123456789abcdef"


def test_a_refusal_tells_the_reason_and_whose_key_it_was() -> None:
    """For the access log: the caller never sees it."""
    found = Lookup("key_1", "user_1", "revoked", (), None, (), None)
    assert refusal_context(Verdict.REVOKED, found) == {
        "verdict": "REVOKED",
        "accountId": "user_1",
        "keyId": "key_1",
    }
    assert refusal_context(Verdict.UNKNOWN, None) == {"verdict": "UNKNOWN"}


def test_who_may_manage_keys() -> None:
    """A person their own, an admin the organization's, nobody else."""
    assert SessionPrincipal("user_1", "user_1", "s", None).may_manage
    assert SessionPrincipal("org_1", "user_1", "s", "admin").may_manage
    assert not SessionPrincipal("org_1", "user_1", "s", "member").may_manage
    assert not SessionPrincipal("org_1", "user_1", "s", None).may_manage


def test_logs_name_the_caller_by_ids_alone() -> None:
    """A key by its own, a person by Clerk's, each with the account."""
    key = KeyPrincipal("user_1", "key_1", "digest", frozenset(), (), None)
    assert key.ids() == {"accountId": "user_1", "keyId": "key_1"}
    person = SessionPrincipal("org_1", "user_1", "sess_1", None)
    assert person.ids() == {"accountId": "org_1", "userId": "user_1"}
