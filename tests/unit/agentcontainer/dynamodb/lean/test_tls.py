import base64
import json
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from agentcontainer.dynamodb.lean.connection import Connection
from agentcontainer.dynamodb.lean.endpoint import Endpoint
from agentcontainer.dynamodb.lean.http1 import Broken, Refused
from agentcontainer.dynamodb.lean.tls import ROOTS, Trust
from tests.support.dynamodb_stub import AUTHORITY, Stub, stub


@pytest.fixture(autouse=True)
def no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell's own is for what the tests fetch."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)


@pytest.fixture
def server() -> Iterator[Stub]:
    """A server over TLS, under an authority that nobody knows."""
    with stub(tls=True) as running:
        yield running


def connect(server: Stub, host: str = "localhost", seconds: float = 5) -> None:
    """Connects to it once."""
    connection = Connection(Endpoint("https", host, server.port))
    try:
        connection.connect(time.monotonic() + seconds)
    finally:
        connection.close()


def certificates(file: Path) -> set[bytes]:
    """What a file of PEM certificates holds."""
    return {
        base64.b64decode(body)
        for body in re.findall(
            r"-----BEGIN CERTIFICATE-----\n(.*?)-----END", file.read_text(), re.DOTALL
        )
    }


def test_the_roots_are_amazons_as_certifi_has_them() -> None:
    """Amazon Trust Services' five and no other, none missing, octet for octet.

    A new version of certifi that adds, drops or replaces one fails here, and the file follows.
    """
    known = ssl.create_default_context(cafile=certifi.where())
    octets = known.get_ca_certs(binary_form=True)
    amazons = {
        certificate
        for certificate, about in zip(octets, known.get_ca_certs(), strict=True)
        if re.search(r"'Amazon'|'Starfield Services ", str(about["subject"]))
    }
    assert len(amazons) == 5
    assert certificates(Path(ROOTS)) == amazons


def test_a_server_under_another_root_is_refused(
    server: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither Amazon's roots nor the system's bundle know it; the latter is loaded once."""
    connection = Connection(Endpoint("https", "localhost", server.port))
    for connections in (2, 3):
        with pytest.raises(Refused, match="not verified"):
            connection.connect(time.monotonic() + 5)
        assert server.connections == connections
    assert server.asked == []
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_the_systems_bundle_helps_out_once_and_says_so(
    server: Stub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that it verifies is believed from then on; one line, which an alarm watches."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    connection = Connection(Endpoint("https", "localhost", server.port))
    for _ in range(3):
        connection.connect(time.monotonic() + 5)
    connection.close()
    # Loaded once: three connections, and the one that was refused.
    assert server.connections == 4
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert line["warning"] == "TRUST_FALLBACK"
    assert line["Warnings"] == 1


@pytest.mark.parametrize(
    "bundles",
    [
        {"AWS_CA_BUNDLE": str(AUTHORITY)},
        {"REQUESTS_CA_BUNDLE": str(AUTHORITY)},
        {"AWS_CA_BUNDLE": str(AUTHORITY), "REQUESTS_CA_BUNDLE": ROOTS},
    ],
    ids=" ".join,
)
def test_a_bundle_of_the_environment_is_believed(
    server: Stub,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    bundles: dict[str, str],
) -> None:
    """A file of roots in place of Amazon's, without a word, by either name that boto3 reads."""
    for name, file in bundles.items():
        monkeypatch.setenv(name, file)
    connect(server)
    assert capsys.readouterr().out == ""


def test_aws_ca_bundle_is_the_only_one_believed(
    server: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names one wants no other: the system's bundle does not help out."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    monkeypatch.setenv("AWS_CA_BUNDLE", ROOTS)
    with pytest.raises(Refused, match="not verified"):
        connect(server)
    assert server.connections == 1


def test_an_aws_ca_bundle_that_is_not_there_fails_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than believing somebody else."""
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/bundle.pem")
    with pytest.raises(FileNotFoundError):
        Connection(Endpoint("https", "localhost", 443))


def test_a_server_with_another_name_is_refused(
    server: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good certificate for another host is not a good certificate."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(AUTHORITY))
    with pytest.raises(Refused, match=r"not verified: .*127\.0\.0\.1"):
        connect(server, "127.0.0.1")


def test_a_server_that_speaks_no_tls_is_no_connection() -> None:
    """An error, and never a question in clear."""
    with stub() as plain, pytest.raises(Broken, match="no connection"):
        connect(plain, seconds=0.2)
    assert plain.asked == []


def test_names_are_checked_and_tls_is_not_old() -> None:
    """TLS 1.2 is the least that AWS speaks too."""
    context = Trust().context
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
