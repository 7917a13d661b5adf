"""What people change of a company: its account, its contacts, and which spellings are one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands import companies as commands
from services.segments.commands.companies import CompanyEdit
from services.segments.pages.companies.companies import living_company
from services.segments.pages.guests.guest import living_card_of
from services.segments.queries import companies as queries
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.errors import Conflict, InputError
from shared.web.access_control import chosen_hotel, me, my_hotels, needs
from shared.web.pages.versions import number_in
from shared.web.site import here

pages = Blueprint("segments_company_editing", __name__, url_prefix="/segments/companies")
Page = tuple[str, int]
PROBLEMS = {
    "name": _l("Say the name, in 200 letters at most."),
    "note": _l("At most 2,000 letters."),
    "follow_up_on": _l("This is no day."),
    "owner": _l("Choose somebody of the team."),
    "property": _l("Choose the hotel that the company is known at."),
}


@pages.get("/new")
@needs(May.CARE)
def new() -> str:
    hotel = chosen_hotel()
    return _new({"property": hotel.code if hotel else ""}, {})


@pages.post("/new")
@needs(May.CARE)
def make() -> Response | Page:
    typed = request.form
    hotel = next((one for one in my_hotels() if one.code == typed.get("property")), None)
    if hotel is None:
        if typed.get("property"):
            abort(404)
        return _new(typed, {"property": str(PROBLEMS["property"])}), 422
    try:
        with here().transaction() as tx:
            made = commands.make_company(tx, typed.get("name", ""), hotel.code, me(), here().now())
    except InputError as error:
        return _new(typed, _words(error)), 422
    return redirect(f"/segments/companies/{made}", 303)


@pages.get("/<uuid:company_id>/edit")
@needs(May.CARE)
def edit(company_id: UUID) -> str:
    with here().transaction() as tx:
        card = living_company(tx, company_id)
        typed = {
            "version": str(card.version),
            "name": card.name,
            "rate_codes": ", ".join(card.rate_codes),
            "owner": str(card.owner or ""),
            "follow_up_on": card.follow_up_on.isoformat() if card.follow_up_on else "",
            "note": tx.keyring.open(card.note, Sealing.NOTE) if card.note else "",
        }
    return _form(card.id, typed, {})


@pages.post("/<uuid:company_id>/edit")
@needs(May.CARE)
def change(company_id: UUID) -> Response | Page:
    typed = request.form
    try:
        with here().transaction() as tx:
            card = living_company(tx, company_id)
            version = number_in(typed)
            if version is None:
                abort(422)
            known = {id for id, _ in queries.team(tx)}
            commands.change_company(tx, card.id, version, _edit(typed, known), me(), here().now())
    except InputError as error:
        return _form(company_id, typed, _words(error)), 422
    except Conflict:
        text = gettext("Somebody changed this company meanwhile. Look at it again before you write over it.")
        return _form(company_id, typed, {"version": text}), 409
    flash(gettext("Saved."))
    return redirect(f"/segments/companies/{company_id}", 303)


@pages.post("/<uuid:company_id>/contacts/<uuid:guest_id>")
@needs(May.CARE)
def add_contact(company_id: UUID, guest_id: UUID) -> Response:
    with here().transaction() as tx:
        card, guest = living_company(tx, company_id), living_card_of(tx, guest_id)
        commands.add_contact(tx, card.id, guest.id, request.form.get("job", ""), me(), here().now())
    flash(gettext("Added to the contacts."))
    return redirect(f"/segments/companies/{company_id}", 303)


@pages.post("/<uuid:company_id>/contacts/<uuid:guest_id>/remove")
@needs(May.CARE)
def remove_contact(company_id: UUID, guest_id: UUID) -> Response:
    with here().transaction() as tx:
        card, guest = living_company(tx, company_id), living_card_of(tx, guest_id)
        commands.remove_contact(tx, card.id, guest.id, me(), here().now())
    flash(gettext("No contact of the company any more. The guest remains."))
    return redirect(f"/segments/companies/{company_id}", 303)


@pages.post("/<uuid:company_id>/merge/<uuid:other_company_id>")
@needs(May.CARE)
def merge(company_id: UUID, other_company_id: UUID) -> Response:
    """The other becomes this one; the same form twice does nothing more."""
    with here().transaction() as tx:
        into, other = living_company(tx, company_id), living_company(tx, other_company_id)
        if into.id != other.id:
            if other.id not in {one.id for one in queries.alike(tx, into.id, me().scope)}:
                abort(409)
            commands.merge_companies(tx, other.id, into.id, me(), here().now())
    flash(gettext("They are one company now."))
    return redirect(f"/segments/companies/{into.id}", 303)


@pages.post("/<uuid:company_id>/apart/<uuid:other_company_id>")
@needs(May.CARE)
def apart(company_id: UUID, other_company_id: UUID) -> Response:
    """They are two: one that was merged stands alone again."""
    with here().transaction() as tx:
        card = queries.company_card(tx, company_id, me().scope)
        other = queries.company_card(tx, other_company_id, me().scope)
        if other.merged_into == card.id:
            commands.part_companies(tx, other.id, card.id, me(), here().now())
        elif card.id != other.id:
            commands.tell_companies_apart(tx, card.id, other.id, me(), here().now())
    flash(gettext("They are two companies."))
    return redirect(f"/segments/companies/{company_id}", 303)


def _edit(typed: Mapping[str, str], team: set[UUID]) -> CompanyEdit:
    """Raises `InputError` by field."""
    problems: dict[str, str] = {}
    owner: UUID | None = None
    follow_up_on: date | None = None
    if typed.get("owner"):
        try:
            owner = UUID(typed["owner"])
        except ValueError:
            problems["owner"] = "no such person"
        if owner and owner not in team:
            problems["owner"] = "no such person"
    if typed.get("follow_up_on"):
        try:
            follow_up_on = date.fromisoformat(typed["follow_up_on"])
        except ValueError:
            problems["follow_up_on"] = "no day"
    if problems:
        raise InputError(problems=problems)
    codes = dict.fromkeys(code.strip() for code in typed.get("rate_codes", "").replace("\n", ",").split(","))
    codes.pop("", None)
    return CompanyEdit(typed.get("name", ""), list(codes), owner, follow_up_on, typed.get("note", "").strip())


def _words(error: InputError) -> dict[str, str]:
    """The problems in the reader's language; that another company has the rate code is told as it stands."""
    found = {name: str(PROBLEMS.get(name, text)) for name, text in error.problems.items()}
    if error.problems.get("rate_codes"):
        found["rate_codes"] = gettext("One of these is another company's, or there are more than 30.")
    return found


def _new(typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    choices = [(hotel.code, hotel.name) for hotel in my_hotels()]
    return render_template("company_new.html", typed=typed, problems=problems, choices=choices)


def _form(company_id: UUID, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    with here().transaction() as tx:
        team = [(str(id), name) for id, name in queries.team(tx)]
    return render_template("company_edit.html", company_id=company_id, typed=typed, problems=problems, team=team)
