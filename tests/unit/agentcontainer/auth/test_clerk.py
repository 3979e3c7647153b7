import base64
import json
from collections.abc import Collection
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from agentcontainer.auth.clerk import Session, SessionRejected, SessionVerifier
from tests.support.events import VECTORS

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
JWKS = {"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k"}]}
NOW = 1_774_431_000


def verify(vector: dict[str, Any]) -> Session:
    """The session of a recorded token, as the recording's instance would verify it."""
    verifier = SessionVerifier(
        VECTORS["jwks"][vector["jwks"]],
        VECTORS["issuer"],
        VECTORS["authorized_parties"],
        VECTORS["clock_skew_s"],
    )
    session = verifier.verify(vector["token"], now=VECTORS["clock_unix"])
    expected_org = vector.get("opts", {}).get("expect_org")
    if expected_org and session.org_id != expected_org:
        raise SessionRejected("org")
    return session


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda v: f"{v['group']}-{v['id']}")
def test_every_recorded_token_gets_its_verdict(vector: dict[str, Any]) -> None:
    """Accepted or refused as recorded, and never looser than Clerk's own request check."""
    try:
        session: Session | None = verify(vector)
    except SessionRejected:
        session = None
    accepted = session is not None
    assert vector["expect"] in {"accept" if accepted else "refuse", "either"}
    reference = vector["reference"]["clerk_backend_request"]
    if vector["group"] in {"accept", "type", "alg", "signature", "time"} and accepted:
        assert reference["verdict"] == "accept"
    if session is not None:
        role = f"org:{session.org_role}" if session.org_role else None
        assert session.user_id == reference["userId"]
        assert (session.org_id, role) == (reference["orgId"], reference["orgRole"])


def test_all_135_vectors_are_there() -> None:
    """A shorter file would prove less without a sign of it."""
    assert len(VECTORS["vectors"]) == 135


def claims(**changes: Any) -> dict[str, Any]:
    """A valid token's claims, with changes; None takes a claim out."""
    valid: dict[str, Any] = {
        "azp": "https://app.test",
        "exp": NOW + 60,
        "fva": [3, -1],
        "iat": NOW,
        "iss": "https://clerk.test",
        "nbf": NOW - 10,
        "sid": "sess_1",
        "sub": "user_1",
        "v": 2,
    }
    return {name: value for name, value in (valid | changes).items() if value is not None}


def sign(claims: dict[str, Any], **header: Any) -> str:
    """A token with these claims and header, rightly signed; any JSON goes."""
    return sign_texts({"alg": "RS256", "typ": "JWT", "kid": "k"} | header, json.dumps(claims))


def sign_texts(header: dict[str, Any], claims: str) -> str:
    """The same for claims that Python would not write."""
    signed = ".".join(base64url(text.encode()) for text in (json.dumps(header), claims))
    signature = KEY.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{base64url(signature)}"


def base64url(octets: bytes) -> str:
    """RFC 7515's spelling, without padding."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def check(claims: dict[str, Any], **header: Any) -> Session:
    """What a token with these claims, rightly signed, is taken for."""
    return check_for((), claims, **header)


def check_for(audiences: Collection[str], claims: dict[str, Any], **header: Any) -> Session:
    """The same by somebody who goes by these names."""
    verifier = SessionVerifier(JWKS, "https://clerk.test", ["https://app.test"], 5.0, audiences)
    return verifier.verify(sign(claims, **header), now=NOW)


def test_a_session_tells_who_is_signed_in() -> None:
    """User, session, organization, role without `org:`, and the age of the sign-in."""
    organization = {"id": "org_1", "rol": "admin", "slg": "acme"}
    assert check(claims(o=organization)) == Session("user_1", "sess_1", "org_1", "admin", 3)
    assert check(claims()) == Session("user_1", "sess_1", None, None, 3)


def test_the_role_is_the_same_in_both_token_versions() -> None:
    """`org:admin` of version 1 and `admin` of version 2 are one role."""
    first = check(claims(v=None, org_id="org_1", org_role="org:admin"))
    second = check(claims(o={"id": "org_1", "rol": "admin"}))
    assert first == second


@pytest.mark.parametrize("fva", [None, [-1, -1], [], "3", [True, 1], [1.5, 1]])
def test_an_unknown_age_of_the_sign_in_is_none(fva: object) -> None:
    """Never, absent or unreadable: nothing may be allowed for a fresh sign-in."""
    assert check(claims(fva=fva)).minutes_since_first_factor is None


@pytest.mark.parametrize(
    ("audience", "audiences", "taken"),
    [
        ("us", ["us"], True),
        ("us", ["them", "us"], True),
        (["them", "us"], ["us"], True),
        ("them", [], False),
        (["them"], [], False),
        ("them", ["us"], False),
        (["them", "they"], ["us"], False),
        ("US", ["us"], False),
        ("us/", ["us"], False),
        ("u", ["us"], False),
        ("us them", ["us"], False),
        ([], ["us"], False),
        ("", [], False),
        ({"us": "us"}, ["us"], False),
        (["us", 5], ["us"], False),
        ([["us"]], ["us"], False),
        (5, ["5"], False),
        (True, ["True"], False),
    ],
)
def test_a_token_for_somebody_else_is_not_for_us(
    audience: object,
    audiences: list[str],
    taken: bool,  # noqa: FBT001
) -> None:
    """RFC 7519, 4.1.3: whoever is not among those that it is made for must refuse it."""
    if taken:
        assert check_for(audiences, claims(aud=audience)).user_id == "user_1"
    else:
        with pytest.raises(SessionRejected, match="aud"):
            check_for(audiences, claims(aud=audience))


def test_an_audience_that_is_null_is_none_of_ours() -> None:
    """A claim that is there says something; a token without one is for every service of Clerk's."""
    with pytest.raises(SessionRejected, match="aud"):
        check_for(["us"], claims() | {"aud": None})
    assert check_for(["us"], claims()).user_id == "user_1"


@pytest.mark.parametrize("bound", [{"jkt": "x"}, {"x5t#S256": "x"}, {}, None, "x"])
def test_a_token_that_is_bound_to_a_key_is_no_bearers(bound: object) -> None:
    """RFC 7800: who presents it has to prove a key, which nobody here asks for."""
    with pytest.raises(SessionRejected, match="bound"):
        check(claims() | {"cnf": bound})


@pytest.mark.parametrize(
    ("operations", "usable"),
    [(["verify"], True), (["sign", "verify"], True), (["encrypt"], False), ([], False), (5, False)],
)
def test_a_key_for_something_else_verifies_nothing(operations: object, usable: bool) -> None:  # noqa: FBT001
    """RFC 7517, 4.3: `key_ops` narrows what a key is for, as `use` does."""
    jwks = {"keys": [JWKS["keys"][0] | {"key_ops": operations}]}
    keys = SessionVerifier(jwks, "https://clerk.test", ["https://app.test"]).keys
    assert bool(keys) == usable


def rejected(token: str, now: float = NOW) -> str:
    """The reason for which a token is not accepted; empty for one that is."""
    verifier = SessionVerifier(JWKS, "https://clerk.test", ["https://app.test"])
    try:
        verifier.verify(token, now=now)
    except SessionRejected as rejection:
        return rejection.reason
    return ""


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "none"}, "alg"),
        ({"typ": "JWE"}, "type"),
        ({"cat": "cl_other"}, "category"),
        ({"crit": ["exp"]}, "header"),
        ({"kid": "other"}, "kid"),
        ({"kid": None}, "kid"),
    ],
)
def test_a_header_is_rejected_for_its_reason(header: dict[str, Any], reason: str) -> None:
    """One word for the log, by which operators tell an attack from a wrong configuration."""
    assert rejected(sign(claims(), **header)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://other.test"}, "iss"),
        ({"azp": "https://other.test"}, "azp"),
        ({"azp": ["https://app.test"]}, "azp"),
        ({"sts": "pending"}, "pending"),
        ({"act": {"sub": "user_2"}}, "actor"),
        ({"sub": "org_1"}, "claims"),
        ({"sid": "user_1"}, "claims"),
        ({"exp": True}, "claims"),
        ({"exp": 10**400}, "claims"),
        ({"iat": float("nan")}, "malformed"),
        ({"v": 3}, "claims"),
        ({"v": True}, "claims"),
        ({"o": "org_1"}, "org"),
        ({"o": {"rol": "admin"}}, "org"),
        ({"o": {"id": "org_1", "rol": 1}}, "org"),
        ({"o": {"id": "user_1"}}, "claims"),
    ],
)
def test_a_claim_is_rejected_for_its_reason(changes: dict[str, Any], reason: str) -> None:
    """The same for what Clerk has signed."""
    assert rejected(sign(claims(**changes))) == reason


def test_a_text_is_rejected_for_its_reason() -> None:
    """Too long, not of a token's form, or not signed by the key that it names."""
    assert rejected("a" * 8192) == "malformed"
    assert rejected("a" * 8193) == "size"
    assert rejected("a.b.c") == "malformed"
    assert rejected(f"{base64url(b'[]')}.{base64url(b'{}')}.c") == "malformed"
    token = sign(claims())
    signed, _, _ = token.rpartition(".")
    assert rejected(f"{signed}.{base64url(bytes(256))}") == "signature"
    # The same octets, in another spelling.
    assert rejected(token[:-1] + chr(ord(token[-1]) + 1)) == "malformed"


def test_a_number_that_is_too_great_is_no_time() -> None:
    """Python reads it as infinity."""
    without_end = json.dumps(claims()).replace(str(NOW + 60), "1e400")
    assert rejected(sign_texts({"alg": "RS256", "kid": "k"}, without_end)) == "claims"


def test_a_rejection_shows_its_reason() -> None:
    """Where it is logged as an exception, too."""
    with pytest.raises(SessionRejected, match=r"^iss$"):
        check(claims(iss="https://other.test"))


@pytest.mark.parametrize(
    ("changes", "now", "reason"),
    [
        ({}, NOW + 64, ""),
        ({}, NOW + 65, "expired"),
        ({}, NOW - 5, ""),
        ({}, NOW - 6, "not-yet"),
        ({"iat": NOW - 30, "nbf": NOW}, NOW - 5, ""),
        ({"iat": NOW - 30, "nbf": NOW}, NOW - 6, "not-yet"),
        ({"exp": NOW + 3600}, NOW, ""),
        ({"exp": NOW + 3601}, NOW, "lifetime"),
        ({"exp": NOW}, NOW, "lifetime"),
    ],
)
def test_a_session_lives_within_its_times(changes: dict[str, Any], now: float, reason: str) -> None:
    """Clocks may differ by five seconds, and no token lives for more than an hour."""
    assert rejected(sign(claims(**changes)), now) == reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from([*claims(), "o", "act", "aud", "cnf", "sts", "org_id", "org_role"]), json_values
)
def test_no_claim_can_raise_anything_but_a_rejection(name: str, value: object) -> None:
    """Whatever Clerk's key signs, the verdict is clean, and an accepted id is well-formed."""
    try:
        session = check(claims() | {name: value})
    except SessionRejected:
        return
    assert session.user_id.startswith("user_")
    assert "#" not in session.user_id + session.session_id + (session.org_id or "")


@given(st.sampled_from(["alg", "typ", "cat", "kid", "crit", "x"]), json_values)
def test_no_header_can_raise_anything_but_a_rejection(name: str, value: object) -> None:
    """Whatever a header holds; one that is not known changes nothing."""
    try:
        check(claims(), **{name: value})
    except SessionRejected:
        assert name != "x"


@given(st.text() | st.from_regex(r"[\w-]+\.[\w-]+\.[\w-]+", fullmatch=True))
def test_no_text_can_raise_anything_but_a_rejection(text: str) -> None:
    """Garbage is refused, not a fault."""
    verifier = SessionVerifier(JWKS, "https://clerk.test", ["https://app.test"])
    with pytest.raises(SessionRejected):
        verifier.verify(text, now=NOW)


@given(st.data())
def test_one_changed_character_is_refused(data: st.DataObject) -> None:
    """The signature covers every bit, and base64 has one spelling."""
    token = sign(claims())
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[place]))
    verifier = SessionVerifier(JWKS, "https://clerk.test", ["https://app.test"])
    with pytest.raises(SessionRejected):
        verifier.verify(token[:place] + other + token[place + 1 :], now=NOW)


def jwk(key: rsa.RSAPrivateKey, **members: Any) -> dict[str, Any]:
    """The public half as a JSON Web Key."""
    public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return public | members


def kids(*keys: dict[str, Any]) -> set[str]:
    """The keys that a verifier takes of a set."""
    return set(SessionVerifier({"keys": keys}, "https://clerk.test", ["https://app.test"]).keys)


def test_a_key_that_cannot_be_used_hides_no_other() -> None:
    """Whatever stands before it in the set."""
    assert kids(jwk(KEY), jwk(KEY, kid=1), {"kid": "ec", "kty": "EC"}, jwk(KEY, kid="k")) == {"k"}


def test_a_kid_that_stands_for_two_keys_stands_for_none() -> None:
    """However often it comes, and if one of them is unusable."""
    assert kids(jwk(KEY, kid="k"), jwk(KEY, kid="k"), jwk(KEY, kid="other")) == {"other"}
    assert kids(jwk(KEY, kid="k"), jwk(KEY, kid="k"), jwk(KEY, kid="k")) == set()
    assert kids({"kid": "k", "kty": "EC"}, jwk(KEY, kid="k")) == set()


def test_a_short_key_is_left_out() -> None:
    """Fewer than 2,048 bits can be factored."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    assert kids(jwk(short, kid="short"), jwk(KEY, kid="k")) == {"k"}


def test_an_organization_may_tell_no_role() -> None:
    """Then there is none, in both token versions; and a sign-in may be seconds old."""
    assert check(claims(o={"id": "org_1"})).org_role is None
    assert check(claims(v=None, org_id="org_1")).org_role is None
    assert check(claims(fva=[0, -1])).minutes_since_first_factor == 0


@pytest.mark.parametrize("jwks", [{}, {"keys": []}, {"keys": [{}]}, {"keys": [{"kty": "RSA"}]}])
def test_a_key_set_without_usable_keys_accepts_nobody(jwks: dict[str, Any]) -> None:
    """It is empty, not an exception at some later time."""
    assert SessionVerifier(jwks, "https://clerk.test", ["https://app.test"]).keys == {}
