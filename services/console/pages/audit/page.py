"""The audit trail: who did what to what, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request

from services.console.pages.audit.labels import ACTION_NAMES, subject_words
from services.console.pages.forms import problems_of
from services.console.queries.audit import MOST, AuditQuery, Entry, actions, actors, entries
from services.console.schemas import AuditFilter, read
from shared.access.people import May
from shared.errors import InputError
from shared.localtime import local_instant
from shared.web.access_control import chosen_hotel, my_hotels, needs
from shared.web.navigation import KINDS, address
from shared.web.site import here


@dataclass(frozen=True)
class AuditRow:
    """An entry with its action in words."""

    entry: Entry
    action: str

    @property
    def subject(self) -> str:
        return subject_words(self.entry.subject)

    @property
    def url(self) -> str | None:
        return link_of(self.entry.subject)


AUDIT = Blueprint("console_audit", __name__, url_prefix="/audit")
OWN = {"person": "/people/{}", "property": "/properties/{}", "service": "/{}/dead-letters"}


@AUDIT.get("")
@needs(May.ADMINISTER)
def show() -> str | tuple[str, int]:
    given = {name: text for name, text in request.args.to_dict().items() if text}
    try:
        asked = read(AuditFilter, given)
        problems: dict[str, str] = {}
    except InputError as error:
        asked, problems = read(AuditFilter, {}), problems_of(error)
    with here().transaction() as tx:
        found = [] if problems else entries(tx, _query(asked))
        choices = {
            "actors": [(one, one) for one in actors(tx)],
            "actions": [(one, ACTION_NAMES.get(one, one)) for one in actions(tx)],
        }
    rows = [AuditRow(entry, str(ACTION_NAMES.get(entry.action, entry.action))) for entry in found]
    page = render_template(
        "audit.html", rows=rows, asked=given, problems=problems, next_url=_next(given, found), zone=zone(), **choices
    )
    return (page, 422) if problems else page


def zone() -> str:
    """The reader's time zone: of the hotel chosen, else of their first hotel."""
    hotel = chosen_hotel() or next(iter(my_hotels()), None)
    return hotel.zone if hotel else "UTC"


def link_of(subject: str) -> str | None:
    """The page of what an entry is about; None where it has none."""
    kind, _, key = subject.partition(" ")
    if not key:
        return None
    if kind in OWN:
        return OWN[kind].format(key)
    return address(kind, key) if kind in KINDS else None


def _query(asked: dict[str, Any]) -> AuditQuery:
    first, last = _day(asked["day"])
    return AuditQuery(
        actor=asked["actor"] or None,
        action=asked["action"] or None,
        subjects=_subjects(asked["subject"]),
        first=first,
        last=last,
        before=_key(asked["before"]),
    )


def _day(day: date | None) -> tuple[datetime | None, datetime | None]:
    if day is None:
        return None, None
    return local_instant(day, time(0), zone()), local_instant(day + timedelta(days=1), time(0), zone())


def _subjects(text: str) -> list[str] | None:
    """The subjects a search may mean: a key alone is searched for with every kind."""
    if not text:
        return None
    return [text] if " " in text else [text, *(f"{kind} {text}" for kind in (*KINDS, *OWN, "key"))]


def _key(text: str) -> tuple[datetime, UUID] | None:
    at, _, key = text.partition(",")
    try:
        return datetime.fromisoformat(at), UUID(key)
    except ValueError:
        return None


def _next(given: dict[str, str], found: list[Entry]) -> str:
    if len(found) < MOST:
        return ""
    last = found[-1]
    return "/audit?" + urlencode({**given, "before": f"{last.recorded_at.isoformat()},{last.audit_id}"})
