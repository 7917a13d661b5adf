"""A guest's story: what segments knows, merged by instant with the entries of the other services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from flask import get_template_attribute
from flask_babel import gettext
from markupsafe import Markup

from services.segments.pages.guests.labels import SILENT, because_words, edit_words, hotel_name
from services.segments.queries.guests.page import StayLine
from services.segments.queries.guests.story import AudienceLine, EditLine, HappeningLine
from shared.localtime import local_date
from shared.vocabulary.stay import StayStatus
from shared.web.i18n.formatting import day
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import ask_neighbours

A_PAGE = 60
STORY_SERVICES = ("campaigns", "messaging", "feedback")


class Entry(NamedTuple):
    at: datetime
    kind: str
    html: Markup


class Answers(NamedTuple):
    """Entries of other services. `silent`: who did not answer; `actions`: what may be done there, by service."""

    entries: list[Entry]
    silent: list[str]
    actions: dict[str, Markup]


@dataclass(frozen=True)
class Story:
    """A page of it. `days`: newest first; `older`: the instant before which it goes on, "" at its end."""

    days: list[tuple[date, list[Entry]]]
    older: str
    silent: list[str]


def ask_story_services(ids: Sequence[UUID]) -> Answers:
    """Asked side by side, with the reader's own cookie; the first id is the guest's, the others those they had before
    a merge.
    """
    paths = {f"/{teller}/guests/{id}/story": (teller, id) for id in ids for teller in STORY_SERVICES}
    answers = ask_neighbours(paths)
    entries: list[Entry] = []
    silent: list[str] = []
    actions: dict[str, Markup] = {}
    for path, (teller, id) in paths.items():
        answer = answers[path]
        if not isinstance(answer, Mapping):
            silent += [str(SILENT[teller])] if id == ids[0] else []
            continue
        entries += [_entry_of(one) for one in answer.get("entries", [])]
        if id == ids[0] and answer.get("actions"):
            actions[teller] = Markup(answer["actions"])
    return Answers(entries, silent, actions)


def _entry_of(one: Mapping[str, Any]) -> Entry:
    return Entry(datetime.fromisoformat(one["at"]), str(one["kind"]), Markup(one["html"]))


def own_entries(
    stays: Sequence[StayLine],
    audiences: Sequence[AudienceLine],
    edits: Sequence[EditLine],
    happenings: Sequence[HappeningLine],
    zone: str,
) -> list[Entry]:
    """The entries of segments itself."""
    found = [entry for stay in stays for entry in _of_stay(stay)]
    found += [_of_audience(line, zone) for line in audiences]
    found += [_line(edit.at, "edit", "pencil", edit_words(edit.what, edit.by_whom, edit.details), zone)
              for edit in edits]  # fmt: skip
    found += [_of_happening(line, zone) for line in happenings]
    return found


def story(entries: Sequence[Entry], silent: list[str], zone: str, kind: str, before: datetime | None) -> Story:
    wanted = [one for one in entries if (not kind or one.kind == kind) and (before is None or one.at < before)]
    wanted.sort(key=lambda one: one.at, reverse=True)
    page = wanted[:A_PAGE]
    while len(page) < len(wanted) and wanted[len(page)].at == page[-1].at:  # entries of one instant stay on one page
        page.append(wanted[len(page)])
    days = [(day, list(those)) for day, those in groupby(page, key=lambda one: local_date(one.at, zone))]
    return Story(days, page[-1].at.isoformat() if len(page) < len(wanted) else "", silent)


def _of_stay(stay: StayLine) -> Iterator[Entry]:
    where = {"hotel": hotel_name(stay.property), "reservation": stay.reservation}
    booked = gettext("Booked at %(hotel)s, %(reservation)s (nights: %(nights)s)", nights=stay.nights, **where)
    yield _line(stay.booked_at, "stay", "bed", booked, stay.zone, note=_days(stay))
    if stay.checked_in_at:
        title = gettext("Checked in at %(hotel)s, %(reservation)s", **where)
        yield _line(stay.checked_in_at, "stay", "bed", title, stay.zone)
    if stay.checked_out_at:
        title = gettext("Checked out of %(hotel)s, %(reservation)s", **where)
        yield _line(stay.checked_out_at, "stay", "bed", title, stay.zone)
    if stay.ended_at and stay.status == StayStatus.CANCELLED:
        title = gettext("Cancelled the stay at %(hotel)s, %(reservation)s", **where)
        yield _line(stay.ended_at, "stay", "cross", title, stay.zone, tone="look")
    if stay.ended_at and stay.status == StayStatus.NO_SHOW:
        title = gettext("Did not come to %(hotel)s, %(reservation)s", **where)
        yield _line(stay.ended_at, "stay", "cross", title, stay.zone, tone="look")


def _days(stay: StayLine) -> str:
    return gettext("%(arrival)s to %(departure)s", arrival=day(stay.arrival), departure=day(stay.departure))


def _of_audience(line: AudienceLine, zone: str) -> Entry:
    if line.entered:
        title = gettext("Now in the segment «%(segment)s»", segment=shown_name(line.name))
    else:
        title = gettext("No longer in the segment «%(segment)s»", segment=shown_name(line.name))
    return _line(line.at, "audience", "circles", title, zone, note=because_words(line.because))


def _of_happening(line: HappeningLine, zone: str) -> Entry:
    title = gettext("%(what)s at %(hotel)s", what=line.name, hotel=hotel_name(line.property))
    note = ", ".join(f"{name}: {_plain(value)}" for name, value in line.details.items())
    return _line(line.at, "event", "flag", title, zone, note=note)


def _plain(value: str | float | bool | None) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "–" if value is None else str(value)


def _line(at: datetime, kind: str, icon: str, title: str, zone: str, *, tone: str = "plain", note: str = "") -> Entry:
    macro = get_template_attribute("_story_entry.html", "story_entry")
    return Entry(at, kind, Markup(macro(kind, icon, title, at, zone, tone, note)))
