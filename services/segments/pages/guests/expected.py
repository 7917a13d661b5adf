"""What is expected of a guest, as their page shows it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from services.segments.queries.guests.page import Card, stays_elsewhere
from services.segments.store.prediction.guests import predicted_of
from shared.database.pool import Tx
from shared.vocabulary.month import Month
from shared.web.access_control import me
from shared.web.i18n.labels import label


def expected_shown(tx: Tx, card: Card) -> dict[str, Any]:
    """It is made of all their stays: whoever sees some of them only would learn of the others."""
    if stays_elsewhere(tx, card.id, me().scope):
        why = gettext("It is made of all their stays, some of which are of hotels that you do not see.")
        return {"expected": None, "why_unexpected": why}
    found = predicted_of(tx, card.id)
    return {
        "expected": found,
        "likely_month": label(Month(str(found.month))) if found and found.month else "",
        "why_unexpected": _why(card),
    }


def _why(card: Card) -> str:
    if card.rights:
        return gettext("Nothing is predicted of guests who object or whose data are restricted.")
    return gettext("Not known yet: it is predicted on the first of every month, of who had stayed by then.")
