"""Where a request came from, as far as a proof needs it."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

KEPT_BITS = {4: 24, 6: 48}  # of a network address: enough for a proof, too little for a person


def shortened(address: str | None) -> str:
    """The network that a request came from, without whose computer in it."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    return str(ip_network((found, KEPT_BITS[found.version]), strict=False))
