"""An entry by a date of the guest that comes again every year, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from services.campaigns.pages.sentences.dates import offset_words
from services.campaigns.pages.sentences.names import Names
from services.campaigns.steps.anchors import Anchor, is_own
from services.campaigns.steps.kind import Document


def date_words(entry: Document, names: Names) -> str:
    if is_own(entry["date"]):
        words = offset_words(entry["date"], entry, names)
        return words[:1].upper() + words[1:]
    offset = entry["offset_days"]
    match entry["date"]:
        case Anchor.LUNAR_BIRTHDAY:
            return _lunar_words(offset)
        case Anchor.FIRST_STAY:
            return _first_stay_words(offset)
    return _birthday_words(offset)


def _birthday_words(offset: Any) -> str:
    if not isinstance(offset, int):
        return str(gettext("When a birthday comes near"))
    if offset == 0:
        return str(gettext("On a guest's birthday"))
    if offset < 0:
        return str(ngettext("%(num)d day before a guest's birthday", "%(num)d days before a guest's birthday", -offset))
    return str(ngettext("%(num)d day after a guest's birthday", "%(num)d days after a guest's birthday", offset))


def _lunar_words(offset: Any) -> str:
    if not isinstance(offset, int):
        return str(gettext("When a birthday by the lunar calendar comes near"))
    if offset == 0:
        return str(gettext("On a guest's birthday by the lunar calendar"))
    if offset < 0:
        return str(
            ngettext(
                "%(num)d day before a guest's birthday by the lunar calendar",
                "%(num)d days before a guest's birthday by the lunar calendar",
                -offset,
            )
        )
    return str(
        ngettext(
            "%(num)d day after a guest's birthday by the lunar calendar",
            "%(num)d days after a guest's birthday by the lunar calendar",
            offset,
        )
    )


def _first_stay_words(offset: Any) -> str:
    if not isinstance(offset, int):
        return str(gettext("When the anniversary of a guest's first stay comes near"))
    if offset == 0:
        return str(gettext("On the anniversary of a guest's first stay"))
    if offset < 0:
        return str(
            ngettext(
                "%(num)d day before the anniversary of a guest's first stay",
                "%(num)d days before the anniversary of a guest's first stay",
                -offset,
            )
        )
    return str(
        ngettext(
            "%(num)d day after the anniversary of a guest's first stay",
            "%(num)d days after the anniversary of a guest's first stay",
            offset,
        )
    )
