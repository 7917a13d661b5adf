"""By when, by whom, about what? A hotel's own terms for its cases, and who is called when something cannot wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.staff.settings import add_to_list, set_option, set_terms, take_off_list
from services.feedback.pages.cases import labels as told
from services.feedback.pages.cases.seen import Problems, form_with_problems
from services.feedback.pages.staff.hotels import staff_of, the_hotel
from services.feedback.rules.care import LEVELS_THERE_ARE, SHIPPED
from services.feedback.schemas import CareOptionForm, DutyForm, TermsForm, read
from services.feedback.store.care import duty
from services.feedback.store.care.terms import care_of
from shared.access.audit import record
from shared.access.people import Hotel, May
from shared.contact_points.emails import read_emails
from shared.contact_points.phones import read_phones
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import here

SETTINGS = Blueprint("feedback_care", __name__, url_prefix="/feedback/care")


class NoList(NotFound):
    """There is no such list."""


@SETTINGS.get("")
@needs(May.CLOSE_CASES)
def first() -> Response:
    return redirect(f"/feedback/care/{the_hotel().code}", 303)


@SETTINGS.get("/<code>")
@needs(May.CLOSE_CASES)
def show(code: str) -> str:
    hotel = the_hotel(code)
    with here().transaction() as tx:
        return _page(tx, hotel, Problems())


@SETTINGS.post("/<code>/terms")
@needs(May.CLOSE_CASES)
def terms(code: str) -> Response:
    hotel, now = the_hotel(code), here().now()
    values, problems = read(TermsForm(), request.form)
    with here().transaction() as tx:
        if problems:
            return form_with_problems(_page(tx, hotel, Problems("terms", problems, request.form)))
        set_terms(tx, hotel.code, values)
        record(tx, me(), "care.terms_set", f"hotel {hotel.code}", values, now)
    flash(gettext("Saved. Deadlines that stand already stay as they are."))
    return _back(hotel)


@SETTINGS.post("/<code>/options/<which>")
@needs(May.CLOSE_CASES)
def option(code: str, which: str) -> Response:
    hotel, now = the_hotel(code), here().now()
    if which not in SHIPPED:
        raise NoList()
    values, problems = read(CareOptionForm(), request.form)
    with here().transaction() as tx:
        if not problems and not values["code"] and not values["name"]:
            problems = {"name": "empty"}
        if problems:
            return form_with_problems(_page(tx, hotel, Problems(which, problems, request.form)))
        if values["department"] and values["department"] not in care_of(tx, hotel.code).every("department"):
            raise NoList()
        kept = set_option(tx, hotel.code, which, values)
        details = {"list": which, "code": kept.code, "active": kept.active}
        record(tx, me(), "care.option_set", f"hotel {hotel.code}", details, now)
    flash(gettext("Saved."))
    return _back(hotel)


@SETTINGS.post("/<code>/duty")
@needs(May.CLOSE_CASES)
def add(code: str) -> Response:
    hotel, now = the_hotel(code), here().now()
    values, problems = read(DutyForm(), request.form)
    with here().transaction() as tx:
        staff = {one.person_id: one.name for one in staff_of(tx, hotel.code)}
        if not problems:
            values, problems = _clean(values, hotel)
        if not problems and values["person"] and values["person"] not in staff:
            problems = {"person": "name"}
        if problems:
            return form_with_problems(_page(tx, hotel, Problems("duty", problems, request.form)))
        name = staff[values["person"]] if values["person"] else values["name"]
        if add_to_list(tx, hotel.code, values, name):
            record(tx, me(), "duty.added", f"hotel {hotel.code}", {"name": name}, now)
    flash(gettext("%(name)s is on the duty list.", name=name))
    return _back(hotel)


def _clean(values: Mapping[str, Any], hotel: Hotel) -> tuple[dict[str, Any], dict[str, str]]:
    """The address and the number as they are sent to; else which of them nobody can be reached at."""
    numbers = read_phones(values["number"], hotel.country)
    emails = read_emails(values["email"]) if values["email"] else ()
    if values["number"] and (len(numbers) != 1 or numbers[0].fault):
        return {}, {"number": "number"}
    if values["email"] and (len(emails) != 1 or emails[0].fault):
        return {}, {"email": "email"}
    clean = {"number": numbers[0].address if numbers else "", "email": emails[0].address if emails else ""}
    return {**values, **clean}, {}


@SETTINGS.post("/<code>/duty/<uuid:member_id>/removal")
@needs(May.CLOSE_CASES)
def remove(code: str, member_id: UUID) -> Response:
    hotel, now = the_hotel(code), here().now()
    with here().transaction() as tx:
        name = take_off_list(tx, hotel.code, member_id)
        record(tx, me(), "duty.removed", f"hotel {hotel.code}", {"name": name}, now)
    flash(gettext("%(name)s is off the duty list.", name=name))
    return _back(hotel)


@SETTINGS.post("/<code>/duty/<uuid:member_id>/earlier")
@needs(May.CLOSE_CASES)
def earlier(code: str, member_id: UUID) -> Response:
    hotel, now = the_hotel(code), here().now()
    with here().transaction() as tx:
        if duty.move_up(tx, hotel.code, member_id):
            record(tx, me(), "duty.moved", f"hotel {hotel.code}", {"member": str(member_id)}, now)
    return _back(hotel)


def _back(hotel: Hotel) -> Response:
    return redirect(f"/feedback/care/{hotel.code}", 303)


def _page(tx: Tx, hotel: Hotel, wrong: Problems) -> str:
    opened = tx.keyring.open
    members = [
        (
            one,
            opened(one.number, Sealing.NOTICE) if one.number else "",
            opened(one.email, Sealing.NOTICE) if one.email else "",
        )
        for one in duty.lists_of(tx, [hotel.code]).get(hotel.code, [])
    ]
    return render_template(
        "care.html",
        at=hotel,
        houses=my_hotels(),
        care=care_of(tx, hotel.code),
        members=members,
        staff=[(one.person_id, one.name) for one in staff_of(tx, hotel.code)],
        lists=SHIPPED,
        levels=LEVELS_THERE_ARE,
        wrong=wrong,
        form_id=uuid4(),
        told=told,
    )
