"""The rules by country, and what the house changes of them: it counts from the next claim on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from iso3166 import countries_by_alpha2
from werkzeug.wrappers import Response

from services.messaging.channels.telephones.country_hours import shipped_hours
from services.messaging.commands.country_rules import Wanted, change_country, change_holiday
from services.messaging.pages.countries import shown
from services.messaging.queries import countries as queries
from services.messaging.rules.channel import Hours
from services.messaging.rules.house import EVERYWHERE_ELSE, Cap
from services.messaging.schemas import CountryWanted, DayWanted, read
from services.messaging.store.limits import country_rules as store
from services.messaging.store.stops import countries as where_guests_are
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem
from shared.localtime import local_date
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.site import here

countries = Blueprint("messaging_countries", __name__, url_prefix="/messaging/countries")
WEEKDAYS = range(1, 8)


@countries.get("")
@needs(May.CONFIGURE)
def index() -> str:
    with here().transaction() as tx:
        rules, guests = store.standing_rules(tx), queries.guests_by_country(tx, scope())
        codes = {*where_guests_are(tx), *shipped_hours().rows, *rules} - {EVERYWHERE_ELSE}
        listed = sorted((shown.country_of(code, rules) for code in codes), key=lambda one: one.name)
        other = shown.country_of(EVERYWHERE_ELSE, rules)
    return render_template("countries.html", listed=[other, *listed], guests=guests, weekdays=shown.weekdays)


@countries.get("/<country>")
@needs(May.CONFIGURE)
def one(country: str) -> str:
    with here().transaction() as tx:
        return _page(tx, _known(country), {}, {})


@countries.post("/<country>")
@needs(May.CONFIGURE)
def change(country: str) -> Response | tuple[str, int]:
    _for_all_hotels()
    code = _known(country)
    with here().transaction() as tx:
        try:
            change_country(tx, code, _wanted(tx, code), by=me(), at=here().now())
        except InputError as error:
            return _page(tx, code, _typed(), _in_words(error.problems)), 422
        except Conflict:
            flash(gettext("A colleague changed this country meanwhile; look at it and change it again."), "problem")
            return redirect(f"/messaging/countries/{country}", 303)
    flash(gettext("Saved. It counts from the next message on."))
    return redirect(f"/messaging/countries/{country}", 303)


@countries.post("/<country>/days")
@needs(May.CONFIGURE)
def change_day(country: str) -> Response | tuple[str, int]:
    _for_all_hotels()
    code = _known(country)
    with here().transaction() as tx:
        try:
            asked = read(DayWanted, request.form)
        except InputError as error:
            return _page(tx, code, {}, _in_words(error.problems)), 422
        is_holiday = asked["is_holiday"] == "yes"
        change_holiday(tx, code, asked["day"], is_holiday=is_holiday, why=asked["day_why"], by=me(), at=here().now())
    flash(gettext("Saved. It counts from the next message on."))
    return redirect(f"/messaging/countries/{country}#days", 303)


def _known(code: str) -> str:
    if code == "other":
        return EVERYWHERE_ELSE
    if code not in countries_by_alpha2:
        abort(404)
    return code


def _for_all_hotels() -> None:
    """A country's rules are those of every hotel."""
    if me().properties:
        abort(403)


def _page(tx: Tx, code: str, typed: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    zone = next((hotel.zone for hotel in my_hotels()), "UTC")
    country = shown.country_of(code, store.standing_rules(tx))
    return render_template(
        "country.html",
        country=country,
        form={**_filled(country), **typed},
        problems=problems,
        versions=store.versions_of(tx, code),
        holidays=shown.holidays_of(tx, code, local_date(here().now(), zone)),
        senders=queries.sender_lines(tx, code),
        needs=list(shown.consent_needs(code)),
        texts=shown.labels_of_texts(),
        weekdays=shown.weekdays,
        names=shown.weekday_names(),
        zone=zone,
        may_change=not me().properties,
    )


def _filled(country: shown.Country) -> dict[str, Any]:
    hours, cap = country.hours, country.cap
    return {
        "opens": hours.opens.strftime("%H:%M"),
        "closes": hours.closes.strftime("%H:%M"),
        "days": sorted(hours.days),
        "on_holidays": hours.on_holidays,
        "cap_contacts": cap.most,
        "cap_days": cap.within.days,
        "why": "",
        "is_sure": False,
        "seen": country.rule.version if country.rule else 0,
    }


def _typed() -> dict[str, Any]:
    days = [int(day) for day in request.form.getlist("days") if day in map(str, WEEKDAYS)]
    return {**request.form.to_dict(), "days": days, "on_holidays": bool(request.form.get("on_holidays"))}


def _wanted(tx: Tx, code: str) -> Wanted:
    """What equals what is shipped is as shipped: a later release may change it."""
    asked = read(CountryWanted, request.form)
    days = frozenset(_typed()["days"])
    if not days:
        raise InputError(problems={"days": Problem("at least one day", "no_day")})
    if asked["opens"] >= asked["closes"]:
        raise InputError(problems={"closes": Problem("not after the opening", "closes_first")})
    country = shown.country_of(code, store.standing_rules(tx))
    hours = Hours(asked["opens"], asked["closes"], days, bool(asked["on_holidays"]))
    cap = Cap(asked["cap_contacts"], timedelta(days=asked["cap_days"]))
    return Wanted(
        hours=None if hours == country.shipped else hours,
        cap=None if cap == country.usual else cap,
        why=asked["why"],
        is_sure=bool(asked["is_sure"]),
        seen=asked["seen"],
    )


def _in_words(problems: Mapping[str, str]) -> dict[str, str]:
    return {name: _sentence(name, problem) for name, problem in problems.items()}


def _sentence(name: str, problem: str) -> str:
    code, named = (problem.code, dict(problem.values)) if isinstance(problem, Problem) else (name, {})
    match code:
        case "beyond_bounds":
            return gettext("No text message goes before %(opens)s or after %(closes)s, in no country.", **named)
        case "beyond_law":
            return gettext("The law allows no more than what is shipped: %(source)s", **named)
        case "beyond_guideline":
            return gettext("The guideline allows less: %(source)s Tick below that you are sure.", **named)
        case "no_day":
            return gettext("Choose at least one day.")
        case "closes_first":
            return gettext("It closes before it opens.")
        case "opens" | "closes":
            return gettext("Write the hour as 09:00.")
        case "cap_contacts":
            return gettext("A whole number from 1 to 100.")
        case "cap_days":
            return gettext("A whole number of days from 1 to 366.")
        case "day":
            return gettext("Choose a day.")
        case _:
            return gettext("A few words, for colleagues who wonder why it differs.")
