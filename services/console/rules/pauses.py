"""How long somebody waits after wrong passwords: longer each time, so that guessing takes years.

Wrong ones are counted by account and network address together: whoever guesses from elsewhere does not hold up the
person themselves. On a device where that person has signed in before, nothing but that device's own count matters.
For strangers the two brakes stay that see what is spread: over many accounts, and over many addresses.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class AttemptKind(StrEnum):
    """What attempts to sign in are counted by."""

    DEVICE = "device"  # a known one, and the account
    PAIR = "pair"  # the account and the network address
    ADDRESS = "address"  # of the network, whatever the account
    ACCOUNT = "account"  # wherever from


FREE = {AttemptKind.DEVICE: 5, AttemptKind.PAIR: 5, AttemptKind.ADDRESS: 25, AttemptKind.ACCOUNT: 50}
"""Attempts without a pause. A whole hotel may share one network address."""


def free_again(kind: AttemptKind, attempts: int, last_at: datetime) -> datetime:
    """When the next attempt is allowed after so many wrong ones, the last at `last_at`."""
    beyond = attempts - FREE[kind]
    if beyond < 0:
        return last_at
    return last_at + min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(beyond, 12)))


def network_of(address: str) -> str:
    """What one subscriber has of the network: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
