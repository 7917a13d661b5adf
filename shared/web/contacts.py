"""Guests' contacts and words on pages: shortened in every list, in full where somebody asks for them, and counted.

A list view is one entry of the audit trail: who, by which filter, how many. What is then shown in full is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request

from shared.access.audit import record
from shared.access.contacts_shown import show
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import me
from shared.web.config import WebConfig
from shared.web.i18n.formatting import masked
from shared.web.site import here

PAGE = "page"
"""What the form of a list sends as `show` for everybody on the page; else the number of one line."""


@dataclass(frozen=True)
class Contacts:
    """Whose contacts a page shows in full. `may`: this person may ask for more; `until`: not before then."""

    subjects: frozenset[UUID] = frozenset()
    may: bool = False
    until: datetime | None = None
    limit: int = 0

    def shows(self, subject: UUID) -> bool:
        return subject in self.subjects

    def point(self, subject: UUID, plain: str | None) -> str:
        """An address or a number as this page shows it."""
        return plain if plain and self.shows(subject) else masked(plain)


def on_the_page_of(tx: Tx, subject: UUID) -> Contacts:
    """On a page about one guest they stand in full, for who may see contacts and while the hour's number lasts."""
    with tx.writing() as noting:
        return _shown(noting, [subject])


def listed(
    tx: Tx, action: str, subject: str, filters: Mapping[str, Any], *, lines: int, holders: Sequence[UUID] = ()
) -> Contacts:
    """A list of guests, or of what they wrote: records the view, and shows those whom its own form asked for.

    `action`: of the trail, as «guests.listed»; `subject`: what is listed; `lines`: how many. `filters` are kept for
    ever: whether something was searched for, never what. `holders`: the guests of those lines in which something is
    shortened; all of them are guests whom the reader sees.
    """
    asked = request.form.getlist("show") if request.method == "POST" else []
    now, told = here().now(), {name: value for name, value in filters.items() if value}
    with tx.writing() as noting:
        record(noting, me(), action, subject, {"count": lines, "filter": told}, now)
        found = _shown(noting, [one for one in holders if PAGE in asked or str(one) in asked])
        if found.subjects:
            record(noting, me(), "contacts.shown", subject, {"count": len(found.subjects)}, now)
    return found


def _shown(tx: Tx, subjects: Sequence[UUID]) -> Contacts:
    if not me().may(May.SEE_CONTACTS):
        return Contacts()
    limit = here().parts.get(WebConfig, WebConfig()).contacts_an_hour
    if not subjects:
        return Contacts(may=True, limit=limit)
    found = show(tx, me(), subjects, limit, here().now())
    return Contacts(found.subjects, True, found.until, limit)
