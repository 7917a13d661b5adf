"""What the gate asks of text messages: hours by country, express consent only. Pure but for the shipped table."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.sms.country_hours import shipped_hours
from services.messaging.rules.channel import AS_SHIPPED, ChannelRules, Hours
from shared.vocabulary.purpose import Purpose


def hours(purpose: str, country: str | None, changed: Mapping[str, Hours] = AS_SHIPPED) -> Hours:
    """What the country's own row allows; the careful default without a row, and where the country is not known.
    `changed`: rows that the house changed.

    The hours are those of every text message; Sundays and public holidays are closed to offers alone.
    """
    shipped = shipped_hours()
    found = changed.get(country or "") or changed.get(shipped.row_of(country)) or shipped.of(country)
    return found if purpose == Purpose.MARKETING else Hours(found.opens, found.closes)


SMS_RULES = ChannelRules(
    hours=hours,
    in_every_zone=True,
    existing_customers=None,
    surveys_need_consent=frozenset({"US", "CA", "CN"}),  # TCPA, CASL, the carriers' rule in China
    tells_country=True,
    rings=True,
    is_queued=True,
)
