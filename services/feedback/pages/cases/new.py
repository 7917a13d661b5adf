"""The form that opens a follow-up or a complaint for a guest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.cases import Opening, open_case
from services.feedback.pages import labels
from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.staff.hotels import zone_of
from services.feedback.queries import guests as queries
from services.feedback.rules.cases import A_COMPLAINT_PAUSES_FOR, LEVELS
from services.feedback.schemas import OpeningForm, read
from services.feedback.store.care.terms import care_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.localtime import day_at
from shared.vocabulary.case import CaseKind, CaseReason
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import day
from shared.web.site import here

OPENING = Blueprint("feedback_opening", __name__, url_prefix="/feedback/cases")


class NoGuest(NotFound):
    """There is no such guest here."""


@OPENING.get("/new")
@needs(May.CARE)
def new() -> str:
    with here().transaction() as tx:
        return _page(tx, _guest(tx, request.args.get("guest", "")), {**request.args, "ref": str(uuid4())}, {})


@OPENING.post("")
@needs(May.CARE)
def enter() -> Response:
    values, problems = read(OpeningForm(), request.form)
    with here().transaction() as tx:
        guest = _guest(tx, request.form.get("guest", ""))
        if problems:
            return form_with_problems(_page(tx, guest, request.form, problems))
        opening = _opening(values, guest, queries.stays(tx, guest.guest_id, me().scope))
        if opening.matter and opening.matter not in care_of(tx, opening.property).every("matter"):
            opening = replace(opening, matter=None)  # the form was made for another hotel than the stay's
        case_id = open_case(tx, opening, here().now())
        record(tx, me(), "case.opened", f"case {case_id}", {"guest": str(guest.guest_id)}, here().now())
    flash(gettext("The case is open."))
    return redirect(f"/feedback/cases/{case_id}", 303)


def _opening(values: Mapping[str, object], guest: queries.GuestLine, stays: Sequence[queries.StayLine]) -> Opening:
    stay = next((stay for stay in stays if stay.stay_id == values["stay"]), None)
    kind = CaseKind(str(values["kind"]))
    return Opening(
        ref=str(values["ref"]),
        guest_id=guest.guest_id,
        reason=CaseReason(str(values["how"])),
        kind=kind,
        level=LEVELS[kind],
        stay_id=stay.stay_id if stay else None,
        property=stay.property if stay else _home(guest),
        words=str(values["words"]) or None,
        by=me().name,
        matter=str(values["matter"]) if values["matter"] else None,
        room=str(values["room"]) if values["room"] else None,
    )


def _home(guest: queries.GuestLine) -> str | None:
    """The hotel of a case without a stay: the guest's, where this person works there; else a hotel of this person's."""
    if guest.home_property in me().scope:
        return guest.home_property
    return min(me().scope.codes)


def _guest(tx: Tx, text: str) -> queries.GuestLine:
    """The guest, where this person may see one of the guest's hotels. Raises `NoGuest`."""
    try:
        guest = queries.guest(tx, UUID(text), me().scope)
    except ValueError:
        guest = None
    if guest is None:
        raise NoGuest()
    return guest


def _page(tx: Tx, guest: queries.GuestLine, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    stays = queries.stays(tx, guest.guest_id, me().scope)
    now = here().now()
    past = next((stay for stay in stays if stay.arrival <= day_at(now, zone_of(stay.property))), None)
    chosen = typed.get("stay") or (str(past.stay_id) if past else "")
    return render_template(
        "case_new.html",
        guest=guest,
        stays=[(stay.stay_id, _stay(stay)) for stay in stays],
        chosen=chosen,
        typed=typed,
        problems=problems,
        days=A_COMPLAINT_PAUSES_FOR.days,
        labels=labels,
        matters=told.choices(care_of(tx, past.property if past else _home(guest)), "matter"),
    )


def _stay(stay: queries.StayLine) -> str:
    arrival, departure = day(stay.arrival), day(stay.departure)
    return gettext("%(hotel)s, %(arrival)s to %(departure)s", hotel=stay.hotel, arrival=arrival, departure=departure)
