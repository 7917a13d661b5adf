"""Which addresses a request may go to: those of the public internet, and what an administrator lists beside them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

TRANSLATED = (
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("::/96"),
    ip_network("::ffff:0:0:0/96"),
)
"""IPv6 networks whose last 32 bits are an IPv4 address."""
NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
            *("203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)
"""IANA's registries of special addresses, RFC 6890: what Python itself calls global differs by its version."""
UNICAST = ip_network("2000::/3")
"""All that is public of IPv6 lies here."""
METADATA = frozenset(map(ip_address, ("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254")))
"""Where clouds hand out the credentials of a machine; one of them is a public address."""


@dataclass(frozen=True)
class Reach:
    """`networks`: listed by an administrator, and reached although they are not public. `hosts`: names and addresses
    that stand in a setting of their own, such as the issuer's: they may be private, never link-local.
    """

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    def allows(self, address: Address, host: str) -> bool:
        """Whether a request for `host` may be sent to this address of it."""
        meant = embedded(address)
        if any(meant in network for network in self.networks if network.version == meant.version):
            return True
        if meant in METADATA or meant.is_link_local or meant.is_multicast:
            return False
        return is_public(meant) or host.lower().rstrip(".") in self.hosts


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for; others are themselves."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if int(address) > 1 and any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    return not any(address in network for network in NOT_PUBLIC if network.version == address.version)


def networks(text: str) -> tuple[Network, ...]:
    """Networks or single addresses, by commas. Raises ValueError with the end of the sentence «… must be …»."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise ValueError(f"networks by commas, such as 10.20.0.0/16 or fd12::7; {error}") from error
