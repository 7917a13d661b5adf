"""What brought a guest in, in words: the occasion and its cause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from services.campaigns.pages.sentences.calendars import day_words
from services.campaigns.pages.sentences.events import CAUSES
from services.campaigns.pages.sentences.warnings import signal_words
from services.campaigns.steps.anchors import OWN

OF_ONE_STAY = re.compile(r" [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def occasion(occurrence: str, data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """`birthday:2017`, `lapse:R1`, `stay:R1`, `event:ID`, `warning:ID` or `entry:3`. The number of a stay is followed
    by the stay's id, where another has the number, too. `names`: of the house's own dates, where they are known."""
    kind, _, of = OF_ONE_STAY.sub("", occurrence).partition(":")
    if kind == "birthday":
        return str(gettext("birthday %(year)s", year=of))
    if kind == "lunar-birthday":
        return str(gettext("birthday by the lunar calendar %(year)s", year=of))
    if kind == "first-stay":
        return str(gettext("anniversary of the first stay %(year)s", year=of))
    if kind == "own":
        key, _, year = of.rpartition(":")
        return str(gettext("date «%(key)s» %(year)s", key=names.get(f"{OWN}{key}", key), year=year))
    if kind == "calendar":
        return str(gettext("the calendar's %(day)s", day=day_words(of)))
    if kind == "lapse":
        return str(gettext("since the stay %(reservation)s", reservation=of))
    if kind == "stay":
        return str(gettext("the stay %(reservation)s", reservation=of))
    if kind == "event" and (event := data.get("event")):
        return str(gettext("the event «%(event)s»", event=event))
    if kind == "warning" and (signal := data.get("signal")):
        return str(gettext("the warning «%(what)s»", what=signal_words(signal)))
    if kind == "jump":
        return str(gettext("came from another journey"))
    cause = str(data.get("cause", ""))
    return str(CAUSES.get(cause) or gettext("entered the segment"))
