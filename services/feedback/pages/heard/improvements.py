"""What does the hotel do about a topic, and does it show? Before and after of each improvement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.staff.hotels import asked_hotel, hotel_or_none, staff_of
from services.feedback.queries.heard import improvements as queries
from services.feedback.rules.improvements import Share, Span, spans_of
from services.feedback.rules.nps import Nps
from services.feedback.schemas import ImprovementDoneForm, ImprovementForm, need, read
from services.feedback.store.care.terms import care_of, cares_of
from services.feedback.store.heard import improvements as store
from shared.access.audit import record
from shared.access.people import Hotel, May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.localtime import day_at
from shared.vocabulary.topic import TopicLabel
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.i18n.labels import label
from shared.web.site import here

IMPROVEMENTS = Blueprint("feedback_improvements", __name__, url_prefix="/feedback/improvements")
WRONG = {
    "empty": _l("Say what is done."),
    "too_long": _l("Make it shorter than 200 characters."),
    "topic": _l("Choose the topic."),
    "day": _l("Give a day, not later than today."),
    "whom": _l("Choose one of this hotel’s."),
}


class NoImprovement(NotFound):
    """There is no such improvement here."""


@dataclass(frozen=True)
class Seen:
    """What was found in one span."""

    said: Share
    nps: Nps


@dataclass(frozen=True)
class Compared:
    line: queries.ImprovementLine
    days: int
    before: Seen
    after: Seen | None


@IMPROVEMENTS.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    with here().transaction() as tx:
        return _page(tx, {"id": str(uuid4())}, {})


@IMPROVEMENTS.post("")
@needs(May.CARE)
def make() -> Response:
    values, problems = read(ImprovementForm(), request.form)
    hotel, now = asked_hotel(), here().now()
    with here().transaction() as tx:
        problems = problems or _wrong(tx, hotel, values, now)
        if problems:
            return form_with_problems(_page(tx, request.form, problems))
        if store.add(tx, _improvement(hotel, values, now)):
            record(tx, me(), "improvement.made", f"improvement {values['id']}", {"hotel": hotel.code}, now)
    flash(gettext("The improvement is on the list."))
    return redirect("/feedback/improvements", 303)


@IMPROVEMENTS.post("/<uuid:improvement_id>")
@needs(May.CARE)
def finish(improvement_id: UUID) -> Response:
    """Done on that day; without one it is under way again."""
    values, now = need(ImprovementDoneForm(), request.form), here().now()
    with here().transaction() as tx:
        line = queries.improvement(tx, improvement_id, me().scope)
        if line is None:
            raise NoImprovement()
        hotel = next(one for one in my_hotels() if one.code == line.property)
        if values["done"] and not line.started_on <= values["done"] <= day_at(now, hotel.zone):
            raise InputError(problems={"done": gettext("Give a day from its beginning until today.")})
        if not store.finish(tx, improvement_id, values["version"], values["done"]):
            raise Conflict()
        details = {"done_on": values["done"].isoformat() if values["done"] else None}
        record(tx, me(), "improvement.done", f"improvement {improvement_id}", details, now)
    return redirect("/feedback/improvements", 303)


def _wrong(tx: Tx, hotel: Hotel, values: Mapping[str, Any], now: datetime) -> dict[str, str]:
    if values["started"] > day_at(now, hotel.zone):
        return {"started": "day"}
    if values["department"] and values["department"] not in care_of(tx, hotel.code).every("department"):
        return {"department": "whom"}
    if values["owner"] and values["owner"] not in {one.person_id for one in staff_of(tx, hotel.code)}:
        return {"owner": "whom"}
    return {}


def _improvement(hotel: Hotel, values: Mapping[str, Any], now: datetime) -> store.Improvement:
    return store.Improvement(
        improvement_id=values["id"],
        property=hotel.code,
        title=values["title"],
        topic=values["topic"],
        department=values["department"],
        owner_id=values["owner"],
        started_on=values["started"],
        made_by=me().name,
        made_at=now,
    )


def compared(
    tx: Tx, lines: Sequence[queries.ImprovementLine], hotels: Mapping[str, Hotel], now: datetime
) -> list[Compared]:
    """Each with its two spans, in one question to the database."""
    spans_by = [spans_of(line.started_on, line.done_on, day_at(now, hotels[line.property].zone)) for line in lines]
    asked = [
        _asked(2 * place + part, line, span)
        for place, (line, both) in enumerate(zip(lines, spans_by, strict=True))
        for part, span in enumerate(both)
        if span is not None
    ]
    found = queries.found_in(tx, asked)
    return [
        Compared(
            line,
            (before.last - before.first).days + 1,
            _seen(found[2 * place]),
            _seen(found[2 * place + 1]) if after else None,
        )
        for place, (line, (before, after)) in enumerate(zip(lines, spans_by, strict=True))
    ]


def _asked(place: int, line: queries.ImprovementLine, span: Span) -> queries.Asked:
    return queries.Asked(
        place=place,
        property=line.property,
        topic=line.topic,
        first=span.first,
        last=span.last,
    )


def _seen(found: queries.Found) -> Seen:
    return Seen(Share(found.bad, found.texts), Nps(found.promoters, found.passives, found.detractors))


def _page(tx: Tx, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    hotels, at, now = {one.code: one for one in my_hotels()}, hotel_or_none(), here().now()
    lines = [one for one in queries.improvements(tx, scope()) if one.property in hotels]
    cares = cares_of(tx, {one.property for one in lines} | ({at.code} if at else set()))
    return render_template(
        "improvements.html",
        lines=compared(tx, lines, hotels, now),
        houses=[(one.code, one.name) for one in hotels.values()],
        at=at,
        cares=cares,
        told=told,
        staff=[(str(one.person_id), one.name) for one in staff_of(tx, at.code)] if at else [],
        topics=[(str(one), label(one)) for one in TopicLabel],
        topic_name=lambda code: label(TopicLabel(code)),
        typed=typed,
        problems={name: WRONG.get(code, code) for name, code in problems.items()},
        today=day_at(now, at.zone if at else None),
    )
