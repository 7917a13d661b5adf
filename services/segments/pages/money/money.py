"""In which money are the figures? Currencies of the hotels, rates by day, and the stays that no rate counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from babel import numbers
from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.segments.commands.money.currencies import choose_reporting_currency
from services.segments.commands.money.rates import enter_rates, import_rates, take_rate_back
from services.segments.pages.guests.labels import hotel_name
from services.segments.queries.money import Uncounted, uncounted
from services.segments.rules.money.currencies import Currencies
from services.segments.rules.money.rates import LONGEST_SOURCE, rate_of, rates_in
from services.segments.store.money.conversions import left_to_convert
from services.segments.store.money.currencies import load_currencies
from services.segments.store.money.rates import count_rates, rates_after
from shared.access import audit
from shared.access.people import May
from shared.errors import InputError
from shared.vocabulary.currency import codes_in_use
from shared.vocabulary.file_problem import FileProblem
from shared.web.access_control import me, needs, scope
from shared.web.bodies import MB, takes_files
from shared.web.i18n.formatting import currency_name, number
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale
from shared.web.site import here

pages = Blueprint("segments_money", __name__, url_prefix="/segments/money")
LISTED = 60
Page = tuple[str, int]


@pages.before_request
def for_all_hotels() -> None:
    """Rates and the reporting currency count for every hotel: who sees some of them may look, and change nothing."""
    if me().properties and request.method == "POST":
        abort(403)


@pages.get("")
@needs(May.CONFIGURE)
def show() -> str:
    return _page({}, {})


@pages.post("/reporting")
@needs(May.ADMINISTER)
def choose() -> Response | Page:
    currency = request.form.get("currency", "")
    try:
        with here().transaction() as tx:
            choose_reporting_currency(tx, currency, here().now(), me().name)
            details = {"currency": currency}
            audit.record(tx, me(), "money.reporting_chosen", "money reporting", details, here().now())
    except InputError as error:
        return _page({}, error.problems), 422
    flash(gettext("Figures over all hotels are now in %(currency)s.", currency=currency_name(currency)))
    return redirect("/segments/money", 303)


@pages.post("/rates")
@needs(May.ADMINISTER)
def enter() -> Response | Page:
    form = {name: request.form.get(name, "").strip() for name in ("base", "quote", "day", "rate", "source")}
    try:
        source = form["source"][:LONGEST_SOURCE] or me().name
        rate = rate_of(form["base"], form["quote"], _day(form["day"]), _number(form["rate"]), source)
        with here().transaction() as tx:
            enter_rates(tx, [rate], here().now(), me().name)
            audit.record(tx, me(), "money.rate_entered", f"money {rate.base}/{rate.quote}", form, here().now())
    except InputError as error:
        return _page(form, error.problems), 422
    flash(gettext("The rate is kept; stays from that day on are converted by it."))
    return redirect("/segments/money", 303)


@pages.post("/rates/file")
@needs(May.ADMINISTER)
@takes_files(16 * MB)
def enter_file() -> Response | Page:
    upload = request.files.get("file")
    name = (upload.filename if upload else "") or ""
    try:
        if upload is None or not name:
            raise InputError(None, {"file": gettext("Choose a CSV file.")})
        rates = rates_in(upload.stream.read().decode("utf-8-sig"), name[:LONGEST_SOURCE])
        with here().transaction() as tx:
            changed = import_rates(tx, rates, name[:LONGEST_SOURCE], me(), here().now())
    except UnicodeDecodeError:
        return _page({}, {"file": gettext("The file is not text in UTF-8.")}), 422
    except InputError as error:
        return _page({}, {"file": _of_file(error)}), 422
    shown = number(changed)
    flash(ngettext("%(count)s rate was changed.", "%(count)s rates were changed.", changed, count=shown))
    return redirect("/segments/money", 303)


@pages.post("/rates/<base>/<quote>/<day>/discard")
@needs(May.ADMINISTER)
def discard(base: str, quote: str, day: str) -> Response:
    rate = rate_of(base, quote, _day(day), Decimal(1), "")
    with here().transaction() as tx:
        take_rate_back(tx, rate, me(), here().now())
    flash(gettext("The rate is gone; stays are converted by the one before it, if there is one."))
    return redirect("/segments/money", 303)


def uncounted_words(lines: Sequence[Uncounted], currencies: Currencies) -> list[str]:
    """«3 stays in USD at Lisboa are not counted: no rate.» In a hotel's own figures, else in those over all hotels."""
    return [_uncounted(one, currencies) for one in lines]


def _uncounted(one: Uncounted, currencies: Currencies) -> str:
    hotel = hotel_name(one.property)
    stated = one.currency or currencies.of(one.property)
    if one.of_hotel:
        return ngettext(
            "%(count)s stay in %(currency)s at %(hotel)s is not counted: no rate to %(into)s.",
            "%(count)s stays in %(currency)s at %(hotel)s are not counted: no rate to %(into)s.",
            one.of_hotel, count=number(one.of_hotel), currency=stated.upper(), hotel=hotel,
            into=currencies.of(one.property),
        )  # fmt: skip
    return ngettext(
        "%(count)s stay in %(currency)s at %(hotel)s is not counted over all hotels: no rate to %(into)s.",
        "%(count)s stays in %(currency)s at %(hotel)s are not counted over all hotels: no rate to %(into)s.",
        one.in_all, count=number(one.in_all), currency=stated.upper(), hotel=hotel, into=currencies.reporting,
    )  # fmt: skip


def _page(form: Mapping[str, str], problems: Mapping[str, str]) -> str:
    with here().transaction() as tx:
        currencies = load_currencies(tx)
        lines = uncounted(tx, scope())
        rates, known = rates_after(tx, None, LISTED), count_rates(tx)
        left = left_to_convert(tx)
    return render_template(
        "money.html",
        currencies=currencies,
        hotels=[hotel for code, hotel in currencies.hotels.items() if me().sees(code)],
        uncounted=uncounted_words(lines, currencies),
        rates=rates,
        known=known,
        left=left,
        form=form,
        problems={name: gettext(problem) for name, problem in problems.items()},
        administers=me().may(May.ADMINISTER) and not me().properties,
        hotel_name=hotel_name,
        label=label,
        shown_rate=shown_rate,
        choices=[(code, f"{code} – {currency_name(code)}") for code in codes_in_use()],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text if "." in text else text.replace(",", "."))
    except InvalidOperation:
        return None


def _of_file(error: InputError) -> str:
    if error.code:
        return gettext(FileProblem(error.code).label)
    return "; ".join(_line(place, text) for place, text in error.problems.items())


def _line(place: str, text: str) -> str:
    if place == "file":
        return gettext(text)
    return gettext("line %(line)s: %(problem)s", line=place, problem=gettext(text))


def shown_rate(rate: Decimal) -> str:
    return str(numbers.format_decimal(rate, format="#,##0.00######", locale=locale()))
