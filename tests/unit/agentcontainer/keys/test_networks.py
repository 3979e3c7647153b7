import contextlib
import socket
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentcontainer.keys.networks import HostBits, allows, canonical

addresses = st.ip_addresses().map(str)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1/32", "192.0.2.1"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8:0:0::/32", "2001:db8::/32"),
        ("2001:db8::0001", "2001:db8::1"),
        ("2001:db8::1/128", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
    ],
)
def test_a_network_has_one_spelling(given_text: str, kept: str) -> None:
    """In lower case, shortest, a single address as such, an IPv4-mapped one as IPv4."""
    assert canonical(given_text) == kept
    assert canonical(kept) == kept


@pytest.mark.parametrize(
    ("given_text", "meant"),
    [
        ("192.0.2.1/24", "192.0.2.0/24"),
        ("2001:db8::1/64", "2001:db8::/64"),
        ("::ffff:192.0.2.5/120", "192.0.2.0/24"),
    ],
)
def test_host_bits_are_refused_with_the_network_that_was_meant(given_text: str, meant: str) -> None:
    """A slip of the pen neither widens nor narrows where a key may be used."""
    with pytest.raises(HostBits) as found:
        canonical(given_text)
    assert found.value.network == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "192.0.2",
        "192.0.2.1/33",
        "192.0.2.1/-1",
        "192.0.2.0/024",
        "192.0.2.0/255.255.255.0",
        "010.0.0.1",
        " 192.0.2.1",
        "192.0.2.1\n",
        "fe80::1%eth0",
        "2001:db8::/129",
        "2001:db8:::1",
        "1" * 50,
        "١٩٢.0.2.1",
    ],
)
def test_what_readers_disagree_about_is_refused(text: str) -> None:
    """Netmasks, zones, leading zeros, spaces and names."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 -- of any kind but the one below
        canonical(text)
    assert not isinstance(refused.value, HostBits)


@given(st.text())
def test_any_text_is_a_network_or_a_value_error(text: str) -> None:
    """Whatever a caller sends, it is never a fault."""
    with contextlib.suppress(ValueError):
        assert canonical(canonical(text)) == canonical(text)


@given(st.data(), st.sampled_from([(socket.AF_INET, 32), (socket.AF_INET6, 128)]))
def test_an_address_is_allowed_if_its_leading_bits_are_the_networks(
    data: st.DataObject, family: tuple[socket.AddressFamily, int]
) -> None:
    """Compared with arithmetic on what the C library reads."""
    kind, bits = family
    version: Literal[4, 6] = 4 if bits == 32 else 6
    prefix = data.draw(st.integers(1, bits))
    caller = data.draw(st.ip_addresses(v=version))
    base = data.draw(st.sampled_from([int(caller), data.draw(st.integers(0, 2**bits - 1))]))
    start = base >> (bits - prefix) << (bits - prefix)
    text = socket.inet_ntop(kind, start.to_bytes(bits // 8))
    network = canonical(f"{text}/{prefix}")
    # What is IPv4-mapped counts as IPv4, of which the next test speaks.
    assume(version == 4 or (":" in network and not getattr(caller, "ipv4_mapped", None)))
    number = int.from_bytes(socket.inet_pton(kind, str(caller)))
    expected = number >> (bits - prefix) == start >> (bits - prefix)
    assert allows([network], str(caller)) == expected


def test_an_ipv4_caller_is_the_same_however_the_gateway_writes_it() -> None:
    """A dual-stack gateway may show it mapped."""
    assert allows(["192.0.2.0/24"], "::ffff:192.0.2.9")
    assert not allows(["192.0.2.0/24"], "::ffff:198.51.100.9")
    assert not allows(["::/0"], "192.0.2.9")


@given(st.text())
def test_an_address_that_is_none_is_not_allowed(address: str) -> None:
    """Nothing is let through because it could not be read."""
    assert not allows(["192.0.2.0/24"], address) or address.startswith("192.0.2.")
