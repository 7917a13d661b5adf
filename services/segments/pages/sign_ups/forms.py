"""Where guests sign up: the forms, their words by language and version, published and withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands.sign_ups.forms import make_form, publish_form, reword_form, withdraw_form
from services.segments.pages.guests.labels import hotel_name
from services.segments.pages.sign_ups.codes import address_of
from services.segments.pages.sign_ups.form_values import code_in, name_in, proposed, values_of, wording_in
from services.segments.queries.sign_ups import differing_in, signed_up_by_form
from services.segments.rules.sign_ups import TEXTS
from services.segments.store import sign_ups as store
from services.segments.store.sign_ups import Form
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.sign_up import Box
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.i18n.labels import label
from shared.web.pages.versions import number_in
from shared.web.site import here

pages = Blueprint("segments_sign_ups", __name__, url_prefix="/segments/sign-ups")
Page = tuple[str, int]
T = TypeVar("T")
PARTS = {
    "title": _l("Heading"),
    "intro": _l("What stands below the heading"),
    "thanks": _l("What is said after signing up"),
    "privacy": _l("Address of the privacy notice"),
    "imprint": _l("Who asks: legal name and postal address"),
}
assert tuple(PARTS) == TEXTS


@pages.get("")
@needs(May.CONFIGURE)
def show() -> str:
    with here().transaction() as tx:
        found = [form for form in store.forms(tx) if _sees(form)]
        counts, waiting = signed_up_by_form(tx), differing_in(tx, me().scope)
    return render_template(
        "sign_up_forms.html", forms=found, counts=counts, waiting=waiting, hotel_name=hotel_name, label=label
    )


@pages.get("/choices")
@needs(May.CONFIGURE)
def choices() -> Response:
    """For the editor of journeys: the forms by which a guest may enter."""
    with here().transaction() as tx:
        found = [{"key": form.code, "name": form.name} for form in store.forms(tx) if _sees(form)]
    return jsonify(forms=found)


@pages.get("/new")
@needs(May.CONFIGURE)
def ask() -> str:
    return _new(proposed(), {})


@pages.post("/new")
@needs(May.CONFIGURE)
def make() -> Response | Page:
    typed = request.form
    problems: dict[str, str] = {}
    hotel = typed.get("property") or None
    if hotel and hotel not in {one.code for one in my_hotels()}:
        abort(404)
    code = _read(lambda: code_in(typed), problems)
    name = _read(lambda: name_in(typed), problems)
    wording = _read(lambda: wording_in(typed), problems)
    if code is None or name is None or wording is None:
        return _new(typed, problems), 422
    try:
        with here().transaction() as tx:
            make_form(tx, code, name, hotel, wording, me(), here().now())
    except InputError:
        return _new(typed, {"code": gettext("Another form has this address already.")}), 422
    flash(gettext("The form is a draft: look at it, then publish it."))
    return redirect(f"/segments/sign-ups/{code}", 303)


@pages.get("/<form>")
@needs(May.CONFIGURE)
def show_one(form: str) -> str:
    with here().transaction() as tx:
        found = load(tx, form)
        return _form(tx, found, {**values_of(found.wording), "name": found.name}, {})


@pages.post("/<form>")
@needs(May.CONFIGURE)
def reword(form: str) -> Response | Page:
    typed = request.form
    problems: dict[str, str] = {}
    name = _read(lambda: name_in(typed), problems)
    wording = _read(lambda: wording_in(typed), problems)
    with here().transaction() as tx:
        found = load(tx, form)
        if name is None or wording is None:
            return _form(tx, found, typed, problems), 422
        try:
            reword_form(tx, form, number_in(typed) or 0, name, wording, me(), here().now())
        except Conflict:
            problems["version"] = gettext("Somebody reworded it meanwhile. Open the page again.")
            return _form(tx, found, typed, problems), 409
    flash(gettext("Saved."))
    return redirect(f"/segments/sign-ups/{form}", 303)


@pages.post("/<form>/publication")
@needs(May.CONFIGURE)
def publish(form: str) -> Response:
    with here().transaction() as tx:
        load(tx, form)
        publish_form(tx, form, me(), here().now())
    flash(gettext("Guests can sign up now."))
    return redirect(f"/segments/sign-ups/{form}", 303)


@pages.post("/<form>/withdrawal")
@needs(May.CONFIGURE)
def withdraw(form: str) -> Response:
    with here().transaction() as tx:
        load(tx, form)
        withdraw_form(tx, form, me(), here().now())
    flash(gettext("The page takes no sign-ups any more. What was signed stands."))
    return redirect(f"/segments/sign-ups/{form}", 303)


def load(tx: Tx, code: str) -> Form:
    """A form of a hotel that this person sees, or of the whole house."""
    found = store.form_of(tx, code)
    if found is None or not _sees(found):
        abort(404)
    return found


def _sees(form: Form) -> bool:
    return form.property is None or me().sees(form.property)


def _read(reader: Callable[[], T], problems: dict[str, str]) -> T | None:
    try:
        return reader()
    except InputError as error:
        problems.update(error.problems)
        return None


def _new(typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    return render_template(
        "sign_up_form.html",
        form=None,
        hotels_offered=[(hotel.code, hotel.name) for hotel in my_hotels()],
        **_parts(typed, problems),
    )


def _form(tx: Tx, found: Form, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    return render_template(
        "sign_up_form.html",
        form=found,
        wordings=store.wordings_of(tx, found.code),
        link=address_of(found.code),
        hotel_name=hotel_name,
        **_parts(typed, problems),
    )


def _parts(typed: Mapping[str, str], problems: Mapping[str, str]) -> dict[str, object]:
    return {
        "typed": typed,
        "problems": problems,
        "boxes": list(Box),
        "languages": GUEST_LANGUAGES,
        "parts": PARTS,
        "label": label,
    }
