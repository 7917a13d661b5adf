"""What did guests praise, and whom? Entered by staff, for a department or a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.guest_words import for_reader, opened
from services.feedback.pages.places import place_in, place_of
from services.feedback.pages.staff.hotels import asked_hotel, hotel_or_none, staff_of
from services.feedback.queries import guests
from services.feedback.queries.care import praise as queries
from services.feedback.schemas import PraiseForm, read
from services.feedback.store.care import praise as store
from services.feedback.store.care.praise import Praise
from services.feedback.store.care.terms import care_of, cares_of
from shared.access.audit import record
from shared.access.people import Hotel, May, Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.site import here

PRAISE = Blueprint("feedback_praise", __name__, url_prefix="/feedback/praise")
COUNTED = timedelta(days=90)


class NoPraise(NotFound):
    """There is no such praise here."""


@PRAISE.get("")
@needs(May.SEE_GUESTS)
def show() -> str:
    typed = {"id": str(uuid4()), **{name: request.args.get(name, "") for name in ("guest",)}}
    with here().transaction() as tx:
        return _page(tx, hotel_or_none(), typed, {})


@PRAISE.post("")
@needs(May.CARE)
def enter() -> Response:
    values, problems = read(PraiseForm(), request.form)
    hotel, now = asked_hotel(), here().now()
    with here().transaction() as tx:
        staff = {one.person_id: one for one in staff_of(tx, hotel.code)}
        problems = problems or _wrong(tx, hotel, values, staff)
        if problems:
            return form_with_problems(_page(tx, hotel, request.form, problems))
        if store.add(tx, _praise(tx, hotel, values, staff, now)):
            record(tx, me(), "praise.entered", f"praise {values['id']}", {"hotel": hotel.code}, now)
    flash(gettext("The praise is kept."))
    return redirect("/feedback/praise", 303)


@PRAISE.post("/<uuid:praise_id>/removal")
@needs(May.CLOSE_CASES)
def remove(praise_id: UUID) -> Response:
    """Entered by mistake."""
    now = here().now()
    with here().transaction() as tx:
        if queries.praise(tx, praise_id, me().scope) is None:
            raise NoPraise()
        store.remove(tx, praise_id)
        record(tx, me(), "praise.removed", f"praise {praise_id}", {}, now)
    return redirect("/feedback/praise", 303)


def _wrong(tx: Tx, hotel: Hotel, values: Mapping[str, Any], staff: Mapping[UUID, Person]) -> dict[str, str]:
    if values["department"] is None and values["colleague"] is None:
        return {"department": "whom"}
    if values["department"] and values["department"] not in care_of(tx, hotel.code).every("department"):
        return {"department": "whom"}
    if values["colleague"] and values["colleague"] not in staff:
        return {"colleague": "whom"}
    if values["guest"] and guests.guest(tx, values["guest"], me().scope) is None:
        raise NoPraise()
    return {}


def _praise(tx: Tx, hotel: Hotel, values: Mapping[str, Any], staff: Mapping[UUID, Person], at: datetime) -> Praise:
    colleague = staff[values["colleague"]] if values["colleague"] else None
    return Praise(
        praise_id=values["id"],
        property=hotel.code,
        department=values["department"],
        colleague_id=colleague.person_id if colleague else None,
        colleague=colleague.name if colleague else None,
        guest_id=values["guest"],
        words_sealed=tx.keyring.seal(values["words"], Sealing.WORDS) if values["words"] else None,
        entered_by=me().name,
        at=at,
    )


def _page(tx: Tx, hotel: Hotel | None, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    found = queries.praised(tx, scope(), place_in(request.args.get("after", "")))
    page, more = found[: queries.A_PAGE], found[queries.A_PAGE :]
    departments, colleagues = queries.counted(tx, scope(), here().now() - COUNTED)
    return render_template(
        "praise.html",
        lines=page,
        next=place_of(page[-1].at, page[-1].praise_id) if more else "",
        by_department=departments,
        by_colleague=colleagues,
        days=COUNTED.days,
        cares=cares_of(tx, {one.code for one in my_hotels()}),
        at=hotel,
        houses=[(one.code, one.name) for one in my_hotels()],
        staff=told.people(staff_of(tx, hotel.code)) if hotel else [],
        guest=_guest(tx, typed.get("guest", "")),
        typed=typed,
        problems=problems,
        words_of=_words_of,
        told=told,
    )


def _guest(tx: Tx, text: str) -> guests.GuestLine | None:
    try:
        return guests.guest(tx, UUID(text), me().scope)
    except ValueError:
        return None


def _words_of(line: queries.PraiseLine) -> str:
    return for_reader(opened(line.words_sealed))
