"""How long guests wait for a first answer, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.feedback.pages.inbox import labels as told
from services.feedback.queries.inbox.waits import first_answers
from services.feedback.rules.inbox import MEDIAN_DAYS
from shared.access.people import Hotel
from shared.database.pool import Tx


def medians(tx: Tx, hotels: Sequence[Hotel], now: datetime, days: int = MEDIAN_DAYS) -> list[tuple[str, str]]:
    """By hotel, with how many it is of; hotels that answered nobody are left out."""
    found = first_answers(tx, [hotel.code for hotel in hotels], now - timedelta(days=days))
    return [(hotel.name, told.first_answer(found[hotel.code])) for hotel in hotels if hotel.code in found]
