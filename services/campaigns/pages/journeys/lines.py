"""Journeys at a glance, named as their reader sees them."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext

from services.campaigns.queries.journeys import JourneyLine, lines
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.web.access_control import scope
from shared.web.i18n.shipped_names import shown_name


def lines_of(tx: Tx, key: str | None = None, *, kind: str | None = "journey") -> list[JourneyLine]:
    return [replace(line, name=shown_name(line.name)) for line in lines(tx, scope(), key, kind=kind)]


def line_of(tx: Tx, key: str) -> JourneyLine:
    rows = lines_of(tx, key)
    if not rows:
        raise NotFound(gettext("There is no journey «%(key)s».", key=key))
    return rows[0]
