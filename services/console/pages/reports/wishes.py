"""Reports by mail: what I get, who else gets what, and when they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from babel.dates import get_day_names
from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.notices import can_mail
from services.console.commands.reports.wishes import Wanted, change_hours, wish
from services.console.pages.forms import problems_of
from services.console.queries.properties import all_properties
from services.console.rules.reports.periods import Hours, ReportKind
from services.console.store import accounts
from services.console.store import reports as store
from services.console.store.accounts import Account
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.role import Role
from shared.web.access_control import me, needs
from shared.web.i18n.labels import label
from shared.web.i18n.languages import LANGUAGES, locale
from shared.web.site import here

REPORTS = Blueprint("console_reports", __name__, url_prefix="/figures/reports")
LAST_MONTHDAY = 28


@REPORTS.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    with here().transaction() as tx:
        return _page(tx, me().person_id, {})


@REPORTS.post("")
@needs(May.SEE_FIGURES)
def choose() -> Response | tuple[str, int]:
    return _chosen(me().person_id, "/figures/reports")


@REPORTS.get("/<uuid:person_id>")
@needs(May.ADMINISTER)
def show_one(person_id: UUID) -> str:
    with here().transaction() as tx:
        return _page(tx, person_id, {})


@REPORTS.post("/<uuid:person_id>")
@needs(May.ADMINISTER)
def choose_for(person_id: UUID) -> Response | tuple[str, int]:
    return _chosen(person_id, f"/figures/reports/{person_id}")


@REPORTS.post("/hours")
@needs(May.ADMINISTER)
def set_hours() -> Response:
    try:
        new = Hours(*(int(request.form.get(name, "")) for name in ("weekday", "monthday", "hour")))
    except ValueError:
        abort(404)
    if not (1 <= new.weekday <= 7 and 1 <= new.monthday <= LAST_MONTHDAY and 0 <= new.hour < 24):
        abort(404)
    with here().transaction() as tx:
        change_hours(tx, new, me(), here().now())
    flash(gettext("Saved. The next reports go then."))
    return redirect("/figures/reports", 303)


def _chosen(person_id: UUID, address: str) -> Response | tuple[str, int]:
    kinds = {str(kind): kind for kind in ReportKind}
    asked = [value.partition(":") for value in request.form.getlist("report")]
    reports = {(kinds[kind], code) for kind, _, code in asked if kind in kinds}
    language = request.form.get("language", "")
    wanted = Wanted(reports, language if language in LANGUAGES else None, "pdf" in request.form)
    with here().transaction() as tx:
        try:
            wish(tx, _load(tx, person_id), wanted, me(), here().now())
        except InputError as error:
            return _page(tx, person_id, problems_of(error)), 422
    flash(gettext("Saved. Reports go as chosen.") if reports else gettext("Saved. No reports are sent."))
    return redirect(address, 303)


def _load(tx: Tx, person_id: UUID) -> Account:
    found = accounts.by_id(tx, person_id)
    if found is None or found.role is None:
        abort(404)
    return found


def _page(tx: Tx, person_id: UUID, problems: Mapping[str, str]) -> str:
    account = _load(tx, person_id)
    mine = store.wishes_of(tx, person_id)
    theirs = set(account.properties)
    hotels = [(one.code, one.name) for one in all_properties(tx) if not theirs or one.code in theirs]
    if not account.properties and len(hotels) > 1:
        hotels = [("", gettext("All hotels together")), *hotels]
    is_mine = person_id == me().person_id
    return render_template(
        "reports.html",
        account=account,
        is_mine=is_mine,
        kinds=[(str(kind), label(kind)) for kind in ReportKind],
        hotels=hotels,
        wished={f"{one.kind}:{one.property}" for one in mine},
        tongue=next((one.language for one in mine if one.language), ""),
        tongues=[("", gettext("Their own, as in the console")), *LANGUAGES.items()],
        with_pdf=any(one.with_pdf for one in mine),
        next_at=min((one.next_at for one in mine), default=None),
        zone=next((one.zone for one in all_properties(tx)), "UTC"),
        can_mail=can_mail(tx),
        problems=problems,
        people=_people(tx) if is_mine and me().may(May.ADMINISTER) and not me().properties else None,
        hours=store.hours(tx),
        weekdays=[(str(place + 1), name) for place, name in sorted(get_day_names("wide", locale=locale()).items())],
        fate=fate_words,
        months=[(str(number), str(number)) for number in range(1, LAST_MONTHDAY + 1)],
        clock=[(str(hour), f"{hour}:00") for hour in range(24)],
    )


def _people(tx: Tx) -> list[dict[str, Any]]:
    """Colleagues who may see figures, each with what they get and what became of their newest report."""
    wished = store.wishes(tx)
    told = {one.person_id: one for one in sorted(store.newest(tx), key=lambda one: one.first)}
    names = {"": gettext("All hotels together"), **{one.code: one.name for one in all_properties(tx)}}
    return [
        {
            "id": one.person_id,
            "name": one.name,
            "role": label(Role(one.role)),
            "reports": [
                f"{label(ReportKind(each.kind))} · {names.get(each.property, each.property)}"
                for each in wished
                if each.person_id == one.person_id
            ],
            "told": told.get(one.person_id),
        }
        for one in accounts.everybody(tx)
        if one.role
    ]


def fate_words(state: str, reason: str | None) -> str:
    """What became of a report."""
    if state == "asked":
        return gettext("handed to sending")
    if state == "dropped":
        return gettext("not sent: no access") if reason == "no_access" else gettext("not sent: it came too late")
    return gettext("waits: it could not be made yet") if reason else gettext("is being made")
