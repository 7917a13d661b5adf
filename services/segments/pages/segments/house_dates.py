"""Which dates of your own does a guest have? Defined, called otherwise, and no longer in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands import house_dates as commands
from services.segments.pages.segments.views import segment_names
from services.segments.rules.house_dates import LONGEST_KEY, LONGEST_NAME, HouseDate
from services.segments.store.house_dates import guests_by_date, house_dates
from shared.access.people import May
from shared.errors import InputError, Problem
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import here

pages = Blueprint("segments_house_dates", __name__, url_prefix="/segments/segments/dates")
WHOLE_HOUSE = ""
YEARLY, LUNAR, ONCE = "yearly", "lunar", "once"
COMES = {YEARLY: _l("every year"), LUNAR: _l("every year by the lunar calendar"), ONCE: _l("once")}
Page = tuple[str, int]


@pages.get("")
@needs(May.CONFIGURE)
def dates() -> str:
    return _page({}, {})[0]


@pages.post("")
@needs(May.CONFIGURE)
def define() -> Page | Response:
    form = {name: request.form.get(name, "").strip() for name in ("key", "name", "comes", "property")}
    name, property = " ".join(form["name"].split()), form["property"] or None
    one = HouseDate(form["key"], name, form["comes"] != ONCE, property, form["comes"] == LUNAR)
    try:
        with here().transaction() as tx:
            commands.define(tx, one, me(), here().now())
    except InputError as error:
        return _page(form, error.problems)
    flash(gettext("Made. It is on every guest's page, in imports, in the API and in rules."))
    return redirect("/segments/segments/dates", 303)


@pages.post("/<date_key>/name")
@needs(May.CONFIGURE)
def rename(date_key: str) -> Page | Response:
    name = " ".join(request.form.get("name", "").split())
    try:
        with here().transaction() as tx:
            commands.rename(tx, date_key, name, me(), here().now())
    except InputError as error:
        return _page({}, {f"name of {date_key}": error.problems["name"]})
    flash(gettext("Called so from now on. Rules that ask for it stay as they are."))
    return redirect("/segments/segments/dates", 303)


@pages.post("/<date_key>/retire")
@needs(May.CONFIGURE)
def retire(date_key: str) -> Response:
    try:
        with here().transaction() as tx:
            commands.retire(tx, date_key, me(), here().now())
    except commands.DateAskedFor as refused:
        with here().transaction() as tx:
            names = segment_names(tx)
        users = gettext(", ").join(names.get(one, one) for one in refused.users)
        flash(gettext("It stays: these segments ask for it. %(segments)s", segments=users), "problem")
        return redirect("/segments/segments/dates", 303)
    flash(gettext("No longer in use. Nobody sees its days any more."))
    return redirect("/segments/segments/dates", 303)


def _page(form: Mapping[str, str], problems: Mapping[str, str]) -> Page:
    with here().transaction() as tx:
        shown = house_dates(tx, me().scope)
        counts = guests_by_date(tx)
    hotels = [(hotel.code, hotel.name) for hotel in my_hotels()]
    if me().scope.everywhere:
        hotels.insert(0, (WHOLE_HOUSE, gettext("the whole house")))
    page = render_template(
        "house_dates.html",
        dates=shown,
        counts=counts,
        hotels=hotels,
        names=dict(hotels),
        changeable={one.key for one in shown if one.property in me().scope},
        comes=COMES,
        comes_of=comes_of,
        form=form,
        problems={field: _words(problem) for field, problem in problems.items()},
        longest_key=LONGEST_KEY,
        longest_name=LONGEST_NAME,
    )
    return page, 422 if problems else 200


def comes_of(one: HouseDate) -> Any:
    """When it comes again, in words."""
    return COMES[LUNAR if one.lunar else YEARLY if one.yearly else ONCE]


def _words(problem: str) -> str:
    code = problem.code if isinstance(problem, Problem) else ""
    if code == "taken":
        return gettext("There is one of that name already, or there was one.")
    if code == "elsewhere":
        return gettext("Choose one of your hotels.")
    return gettext("Small letters, digits and hyphens in the key, such as wedding-day; a name of up to 60 characters.")
