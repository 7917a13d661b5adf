"""A journey's settings, its entry and its early exits, in words."""

from __future__ import annotations

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.calendars import calendar_entry_words
from services.campaigns.pages.sentences.dates import stay_date_words, stay_entry_words
from services.campaigns.pages.sentences.dates_of_guests import date_words
from services.campaigns.pages.sentences.events import STAYS, event_words
from services.campaigns.pages.sentences.happenings import happening_words
from services.campaigns.pages.sentences.names import Names, segment_words
from services.campaigns.pages.sentences.warnings import warning_words
from services.campaigns.steps.early_exits import UNDONE
from services.campaigns.steps.entries import ANY
from services.campaigns.steps.event_values import Compared
from services.campaigns.steps.kind import Document
from services.campaigns.steps.not_while import NotWhile
from shared.vocabulary.purpose import Purpose

STATES = {
    "draft": (_l("draft"), "plain", "pencil"),
    "live": (_l("live"), "good", "play"),
    "paused": (_l("paused"), "look", "pause"),
    "taken_back": (_l("launch taken back"), "plain", "pencil"),
    "ended": (_l("ended"), "plain", "stop"),
}
PURPOSES = {
    Purpose.MARKETING: _l("Marketing: needs the guest's consent"),
    Purpose.FEEDBACK: _l("Feedback: asks how the stay was"),
    Purpose.STAY_SERVICE: _l("Stay service: what a guest needs for this stay"),
}
RE_ENTRIES = {
    "each_occurrence": _l("Again on each occasion"),
    "once": _l("Once only"),
    "after_days": _l("Again on each occasion, some days after the last one at the earliest"),
}
ENTRIES = {
    "entered": _l("A guest enters a segment"),
    "left": _l("A guest leaves a segment"),
    "date": _l("A birthday, an anniversary or another date of a guest comes near"),
    "stay": _l("Something happens to a stay"),
    "stay_date": _l("An arrival or a departure comes near"),
    "calendar": _l("A day of the calendar comes"),
    "signup": _l("A guest signs up"),
    "happening": _l(
        "A guest answers, opens a link, uses an offer, gets a tier or points, or a case is opened or closed"
    ),
    "event": _l("A hotel's own system tells of something"),
    "warning": _l("A warning is raised at a hotel"),
}
COMPARED = {
    Compared.IS: _l("is"),
    Compared.AT_LEAST: _l("is at least"),
    Compared.AT_MOST: _l("is at most"),
}


NOT_WHILE = {
    NotWhile.IN_HOUSE: _l("while the guest is in house"),
    NotWhile.BOOKED: _l("while another stay of theirs is booked"),
}


def not_while_words(document: Document) -> str:
    wanted = set(document.get("not_while") or ())
    if wanted == set(NotWhile):
        return str(gettext("Not while in house, and not while another stay is booked"))
    if NotWhile.IN_HOUSE in wanted:
        return str(gettext("Not while in house"))
    return str(gettext("Not while another stay is booked") if wanted else gettext("At any time"))


def entry_kind(entry: Document) -> str:
    """Of `ENTRIES`."""
    named = ("stay", "stay_date", "calendar", "signup", "event", "happening", "warning", "date")
    return next((kind for kind in named if kind in entry), str(entry.get("when")))


def entry_words(entry: Document, names: Names) -> str:
    if "stay" in entry:
        return stay_entry_words(entry)
    if "stay_date" in entry:
        return stay_date_words(entry)
    if "calendar" in entry:
        return calendar_entry_words(entry, names)
    if "signup" in entry:
        return _sign_up_words(entry, names)
    if "event" in entry:
        return _own_event_words(entry)
    if "happening" in entry:
        return happening_words(entry, names)
    if "warning" in entry:
        return warning_words(entry, names)
    if "date" in entry:
        return date_words(entry, names)
    segment = segment_words(entry.get("audience", ""), names)
    if entry.get("when") == "left":
        return str(gettext("When a guest leaves %(segment)s", segment=segment))
    return str(gettext("When a guest enters %(segment)s", segment=segment))


def _sign_up_words(entry: Document, names: Names) -> str:
    form, hotel = entry["signup"], entry.get("hotel")
    if form != ANY:
        return str(gettext("When a guest signs up by the form «%(form)s»", form=names.get(form, form)))
    if hotel:
        return str(gettext("When a guest signs up by a form of %(hotel)s", hotel=hotel))
    return str(gettext("When a guest signs up"))


def _own_event_words(entry: Document) -> str:
    where = entry.get("where") or {}
    told = {"event": entry["event"] or "…", "value": where.get("value", ""), "to": where.get("to") or "…"}
    if hotel := entry.get("hotel"):
        return _at_a_hotel(where.get("op"), {**told, "hotel": hotel})
    match where.get("op"):
        case Compared.IS:
            return str(gettext("When a hotel tells of «%(event)s» and its «%(value)s» is %(to)s", **told))
        case Compared.AT_LEAST:
            return str(gettext("When a hotel tells of «%(event)s» and its «%(value)s» is at least %(to)s", **told))
        case Compared.AT_MOST:
            return str(gettext("When a hotel tells of «%(event)s» and its «%(value)s» is at most %(to)s", **told))
    return str(gettext("When a hotel tells of «%(event)s»", **told))


def _at_a_hotel(op: str | None, told: dict[str, str]) -> str:
    match op:
        case Compared.IS:
            return str(gettext("When %(hotel)s tells of «%(event)s» and its «%(value)s» is %(to)s", **told))
        case Compared.AT_LEAST:
            return str(gettext("When %(hotel)s tells of «%(event)s» and its «%(value)s» is at least %(to)s", **told))
        case Compared.AT_MOST:
            return str(gettext("When %(hotel)s tells of «%(event)s» and its «%(value)s» is at most %(to)s", **told))
    return str(gettext("When %(hotel)s tells of «%(event)s»", **told))


def re_entry_words(document: Document) -> str:
    days = document.get("again_after_days")
    if isinstance(days, int):
        return str(
            ngettext("Again after %(num)d day at the earliest", "Again after %(num)d days at the earliest", days)
        )
    return str(RE_ENTRIES.get(document["re_entry"], document["re_entry"]))


def room_words(document: Document) -> str:
    room = document.get("room") or {}
    told = {"a_day": room.get("a_day"), "in_all": room.get("in_all")}
    if told["a_day"] and told["in_all"]:
        return str(gettext("%(a_day)s guests a day, %(in_all)s in all", **told))
    if told["a_day"]:
        return str(gettext("%(a_day)s guests a day", **told))
    return str(gettext("%(in_all)s guests in all", **told) if told["in_all"] else gettext("As many as come"))


def exit_words(exit_: Document) -> str:
    if "audience" in exit_:
        return str(gettext("The guest leaves the segment by which they entered"))
    if "event" in exit_:
        return str(gettext("When %(this)s", this=event_words(exit_["event"])))
    if exit_["stay"] == UNDONE:
        return str(gettext("The stay turns out not to have happened"))
    return str(gettext("Of that stay: %(this)s", this=STAYS.get(exit_["stay"], exit_["stay"])))
