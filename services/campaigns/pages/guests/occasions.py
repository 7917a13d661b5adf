"""What brought a guest in, in words: the occasion and its cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from services.campaigns.pages.sentences.events import CAUSES


def occasion(occurrence: str, data: Mapping[str, Any]) -> str:
    """`birthday:2017`, `lapse:R1`, `stay:R1` or `entry:3`."""
    kind, _, of = occurrence.partition(":")
    if kind == "birthday":
        return str(gettext("birthday %(year)s", year=of))
    if kind == "lapse":
        return str(gettext("since the stay %(reservation)s", reservation=of))
    if kind == "stay":
        return str(gettext("the stay %(reservation)s", reservation=of))
    cause = str(data.get("cause", ""))
    return str(CAUSES.get(cause) or gettext("entered the segment"))
