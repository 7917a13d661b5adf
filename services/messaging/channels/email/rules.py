"""What the gate asks of e-mail. Pure."""

from __future__ import annotations

from datetime import time

from services.messaging.rules.channel import ChannelRules, ExistingCustomers, Hours
from shared.vocabulary.purpose import Purpose

HOURS = Hours(time(8), time(21))
MARKETING_HOURS = Hours(time(8), time(21), on_holidays=False)


def hours(purpose: str, _country: str | None) -> Hours:
    return MARKETING_HOURS if purpose == Purpose.MARKETING else HOURS


EMAIL_RULES = ChannelRules(
    hours=hours,
    at_property=frozenset({Purpose.FEEDBACK, Purpose.STAY_SERVICE}),
    in_every_zone=False,
    existing_customers=ExistingCustomers(never_in=frozenset({"CN"}), expires_in=frozenset({"CA"})),
    tells_country=False,
    rings=False,
    is_queued=False,
)
