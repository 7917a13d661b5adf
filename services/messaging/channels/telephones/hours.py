"""When a message that rings a telephone may arrive. Pure but for the shipped table."""

from __future__ import annotations

from collections.abc import Mapping

from services.messaging.channels.telephones.country_hours import shipped_hours
from services.messaging.rules.channel import AS_SHIPPED, Hours
from shared.vocabulary.purpose import Purpose


def hours(purpose: str, country: str | None, changed: Mapping[str, Hours] = AS_SHIPPED) -> Hours:
    """What the country's own row allows; the careful default without a row, and where the country is not known.
    `changed`: rows that the house changed.

    The hours are those of every message; Sundays and public holidays are closed to offers alone.
    """
    shipped = shipped_hours()
    found = changed.get(country or "") or changed.get(shipped.row_of(country)) or shipped.of(country)
    return found if purpose == Purpose.MARKETING else Hours(found.opens, found.closes)
