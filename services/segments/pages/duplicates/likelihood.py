"""How likely two guests are one person, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from services.segments.pages.guests.labels import KEYS
from services.segments.rules.likeness.reasons import Reason
from shared.web.i18n.labels import label

ALMOST_CERTAIN, VERY_LIKELY = 0.99, 0.9


def likelihood(score: float | None) -> tuple[str, str]:
    """In words, and their tone."""
    if score is None:
        return gettext("possible"), "plain"
    if score >= ALMOST_CERTAIN:
        return gettext("almost certain"), "good"
    return (gettext("very likely"), "good") if score >= VERY_LIKELY else (gettext("possible"), "plain")


def reasons_of(reasons: Sequence[str], key: str = "") -> list[tuple[str, bool]]:
    """What speaks for one person or, marked false, against it. `key`: of a pair that was filed without reasons."""
    known = [Reason(value) for value in reasons if value in tuple(Reason)]
    if not known and key in KEYS:
        return [(str(KEYS[key]), True)]
    return [(label(reason), reason.bits >= 0) for reason in known]
