"""The hotels: what every service knows of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.change_property import Property, change_property
from services.console.pages.forms import problems_of, sent
from services.console.queries.properties import all_properties, property_named
from services.console.schemas import PropertyForm, read
from shared.access.people import May
from shared.errors import InputError, NotFound
from shared.vocabulary.currency import codes_in_use
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import currency_name
from shared.web.site import here

PROPERTIES = Blueprint("console_properties", __name__, url_prefix="/properties")
Reply = str | Response | tuple[str, int]


@PROPERTIES.get("")
@needs(May.ADMINISTER)
def show_all() -> str:
    with here().transaction() as tx:
        found = all_properties(tx)
    return render_template("properties.html", properties=found)


@PROPERTIES.get("/new")
@needs(May.ADMINISTER)
def ask() -> str:
    return _form(None, {"survey_threshold": 6, "version": 0, "currency": ""}, {})


@PROPERTIES.post("")
@needs(May.ADMINISTER)
def enter() -> Reply:
    return _save(None, {**sent(), "version": 0})


@PROPERTIES.get("/<code>")
@needs(May.ADMINISTER)
def show(code: str) -> str:
    with here().transaction() as tx:
        found = property_named(tx, code)
    if found is None:
        raise NotFound(gettext("There is no hotel with this code."))
    return _form(code, vars(found), {})


@PROPERTIES.post("/<code>")
@needs(May.ADMINISTER)
def change(code: str) -> Reply:
    return _save(code, {**sent(), "code": code})


def _save(code: str | None, form: dict[str, Any]) -> Reply:
    try:
        wanted = read(PropertyForm, form)
        seen = wanted.pop("version")
        with here().transaction() as tx:
            change_property(tx, Property(**wanted), me().name, here().now(), seen=seen)
    except InputError as error:
        return _form(code, form, problems_of(error)), 422
    flash(gettext("%(name)s is saved.", name=wanted["name"]))
    return to("/properties", 303)


def _form(code: str | None, values: dict[str, Any], problems: dict[str, str]) -> str:
    known = [(one, f"{one} – {currency_name(one)}") for one in codes_in_use()]
    if not (code and values.get("currency")):
        known.insert(0, ("", gettext("not chosen") if code else gettext("that of its country")))
    return render_template("property.html", code=code, values=values, problems=problems, currencies=known)
