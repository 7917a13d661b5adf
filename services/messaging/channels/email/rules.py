"""What the gate asks of e-mail. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from services.messaging.rules.channel import AS_SHIPPED, ChannelRules, ExistingCustomers, Hours
from shared.vocabulary.purpose import Purpose

HOURS = Hours(time(8), time(21))


def hours(_purpose: str, _country: str | None, _changed: Mapping[str, Hours] = AS_SHIPPED) -> Hours:
    """A mail wakes nobody: no weekday and no public holiday is closed to it, and the same hours are open everywhere."""
    return HOURS


EMAIL_RULES = ChannelRules(
    hours=hours,
    at_property=frozenset({Purpose.FEEDBACK, Purpose.STAY_SERVICE}),
    in_every_zone=False,
    existing_customers=ExistingCustomers(never_in=frozenset({"CN"}), expires_in=frozenset({"CA"})),
    tells_country=False,
    rings=False,
    is_queued=False,
)
