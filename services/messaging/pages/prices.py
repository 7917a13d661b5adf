"""What messages cost: said by the house from its agreements, by channel and country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.prices import Wanted, say_price
from services.messaging.pages.template_context import country_name
from services.messaging.rules.house import EVERYWHERE_ELSE
from services.messaging.schemas import PriceTyped, read
from services.messaging.store.limits.prices import PriceSaid, newest_said
from services.messaging.store.stops import countries as where_guests_are
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.i18n.labels import labels
from shared.web.site import here

prices = Blueprint("messaging_prices", __name__, url_prefix="/messaging/prices")


@prices.get("")
@needs(May.CONFIGURE)
def index() -> str:
    """`channel`, `country`: what is to be changed. `amount`, `currency`: where it comes filled in from elsewhere."""
    channel, country = (request.args.get(name, "")[:20] for name in ("channel", "country"))
    given = {name: text[:20] for name in ("amount", "currency") if (text := request.args.get(name, ""))}
    if given:
        given |= {"channel": channel}
        country = country or EVERYWHERE_ELSE
    with here().transaction() as tx:
        return _page(tx, {**_filled(tx, channel, country), **given}, {})


@prices.post("")
@needs(May.CONFIGURE)
def say() -> Response | tuple[str, int]:
    if me().properties:  # they are those of every hotel
        abort(403)
    with here().transaction() as tx:
        try:
            say_price(tx, _wanted(tx), by=me(), at=here().now())
        except InputError as error:
            problems = {name: _sentence(name) for name in error.problems}
            return _page(tx, request.form.to_dict(), problems), 422
        except Conflict:
            flash(gettext("A colleague changed this price meanwhile; look at it and change it again."), "problem")
            return redirect("/messaging/prices", 303)
    flash(gettext("Saved. It counts from the next message on; what was sent keeps its price."))
    return redirect("/messaging/prices", 303)


def _filled(tx: Tx, channel: str, country: str) -> dict[str, Any]:
    standing = next((one for one in newest_said(tx) if (one.channel, one.country) == (channel, country)), None)
    if standing is None:
        return {}
    amount = f"{standing.amount:f}" if standing.amount is not None else ""
    return {
        "channel": channel,
        "country": country,
        "amount": amount,
        "currency": standing.currency or "",
        "source": standing.source,
        "seen": standing.version,
    }


def _wanted(tx: Tx) -> Wanted:
    typed = read(PriceTyped, request.form)
    if typed["country"] not in _countries(tx):
        raise InputError(problems={"country": "country"})
    is_known = typed["amount"] is not None
    if is_known and not typed["currency"]:
        raise InputError(problems={"currency": "currency"})
    currency = typed["currency"] if is_known else None
    return Wanted(**{**typed, "currency": currency})


def _page(tx: Tx, typed: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    said, named = newest_said(tx), _countries(tx)
    return render_template(
        "prices.html",
        said=sorted(said, key=lambda one: _place(one, named)),
        country_names={**{one.country: country_name(one.country) for one in said}, **named},
        countries=list(named.items()),
        channels=labels(Channel),
        typed={"stated_on": here().now().date().isoformat(), "country": EVERYWHERE_ELSE, "seen": 0, **typed},
        problems=problems,
        may_change=not me().properties,
    )


def _place(one: PriceSaid, named: Mapping[str, str]) -> tuple[int, bool, str]:
    """By channel; what holds everywhere else comes last."""
    channel = list(Channel).index(Channel(one.channel))
    return channel, one.country == EVERYWHERE_ELSE, named.get(one.country, one.country)


def _countries(tx: Tx) -> dict[str, str]:
    """Everywhere else, and where guests are and have been."""
    named = {code: country_name(code) for code in {*where_guests_are(tx), *_priced(tx)} if code != EVERYWHERE_ELSE}
    ordered = sorted(named.items(), key=lambda pair: pair[1])
    return {EVERYWHERE_ELSE: gettext("Everywhere else"), **dict(ordered)}


def _priced(tx: Tx) -> set[str]:
    return {one.country for one in newest_said(tx)}


def _sentence(name: str) -> str:
    match name:
        case "amount":
            return gettext("Write the price as 0.045; nothing where it is not known any more.")
        case "currency":
            return gettext("Write the currency as EUR.")
        case "country":
            return gettext("Choose a country from the list.")
        case "stated_on":
            return gettext("Choose the day of the list or agreement.")
        case "channel":
            return gettext("Choose a channel.")
        case _:
            return gettext("Say whose list or which agreement it is from, for whoever looks it up.")
