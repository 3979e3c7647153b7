"""Where a key may be used from: networks and addresses, IPv4 and IPv6. Pure."""

import ipaddress
import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

# Without what Python's reader lets pass too: netmasks after the slash, zones, leading zeros.
_WRITTEN = re.compile(r"[0-9A-Fa-f:.]{2,45}(/(0|[1-9][0-9]{0,2}))?")
_MAPPED = IPv6Network("::ffff:0:0/96")


class HostBits(ValueError):
    """An address of `network`, written as if it were the network's."""

    def __init__(self, network: str) -> None:
        super().__init__(network)
        self.network = network


def canonical(text: str) -> str:
    """The one spelling of a network or address, by which it is stored; ValueError for all else.

    A network of one address is that address, and an IPv4-mapped one is IPv4. Host bits have to be
    zero, else HostBits names the network that was meant.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    meant = ipaddress.ip_network(text, strict=False)
    if ipaddress.ip_interface(text).ip != meant.network_address:
        raise HostBits(_spelled(meant))
    return _spelled(meant)


def allows(networks: Iterable[str], address: str) -> bool:
    """Whether one of the networks, each as `canonical` spells it, holds the caller's address."""
    try:
        caller = _unmapped(ipaddress.ip_address(address))
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(network) for network in networks)


def _spelled(network: IPv4Network | IPv6Network) -> str:
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        address = network.network_address.ipv4_mapped
        network = IPv4Network((int(address or 0), network.prefixlen - 96))
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address if whole else network)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return getattr(address, "ipv4_mapped", None) or address
