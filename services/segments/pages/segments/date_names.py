"""What one of the house's own dates is called where it is chosen, and in sentences."""

from __future__ import annotations

from flask_babel import gettext

from services.segments.rules.house_dates import HouseDate


def date_called(one: HouseDate) -> str:
    """By which calendar it comes again stands behind its name, where that is not ours."""
    return str(gettext("%(date)s (lunar calendar)", date=one.name)) if one.lunar else one.name
