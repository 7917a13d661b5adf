"""Asking a guest to confirm a consent by a link (double opt-in): for how long, how often, and what is kept as proof."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

TEMPLATE = "confirm-consent"
JOURNEY = "confirmation"  # stands where a message names its journey; none of that name can be launched
VALID_FOR = timedelta(days=7)
KEPT_BITS = {4: 24, 6: 48}  # of a network address: enough for a proof, too little for a person


def is_needed(channel: str, purpose: str, countries: frozenset[str], *where: str | None) -> bool:
    """Whether an e-mail consent to offers must be confirmed: `where` the guest or their hotel is."""
    return channel == "email" and purpose == "marketing" and not countries.isdisjoint(where)


def shortened(address: str | None) -> str:
    """The network that a request came from, without whose computer in it."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    return str(ip_network((found, KEPT_BITS[found.version]), strict=False))
