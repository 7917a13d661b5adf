"""What channels cost the house: commission, a stay, a night, each from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.channel_costs import say_cost, take_cost_back
from services.console.pages.figures.settings import amount_typed
from services.console.queries.properties import all_properties, currencies
from services.console.store.channel_costs import ChannelCost, costs
from services.console.store.figure_settings import known_channels
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.currency import codes_in_use
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import currency_name
from shared.web.site import here

COSTS = Blueprint("console_channel_costs", __name__, url_prefix="/figures/costs")
MOST_COMMISSION = 100  # per cent


@COSTS.get("")
@needs(May.CONFIGURE)
def show() -> str:
    with here().transaction() as tx:
        return _page(tx, {}, {})


@COSTS.post("")
@needs(May.CONFIGURE)
def say() -> Response | tuple[str, int]:
    _only_for_all()
    problems: dict[str, str] = {}
    with here().transaction() as tx:
        cost = _typed(tx, problems)
        if cost is None:
            return _page(tx, request.form.to_dict(), problems), 422
        say_cost(tx, cost, me(), here().now())
    flash(gettext("Saved. Profit counts with it from that day on."))
    return redirect("/figures/costs", 303)


@COSTS.post("/drop")
@needs(May.CONFIGURE)
def drop() -> Response:
    _only_for_all()
    try:
        since = date.fromisoformat(request.form.get("since", ""))
    except ValueError:
        abort(404)
    with here().transaction() as tx:
        hotel, channel = request.form.get("property", ""), request.form.get("channel", "")
        take_cost_back(tx, hotel, channel, since, me(), here().now())
    flash(gettext("Taken back."))
    return redirect("/figures/costs", 303)


def _only_for_all() -> None:
    if me().properties:  # they are those of every hotel
        abort(403)


def _typed(tx: Tx, problems: dict[str, str]) -> ChannelCost | None:
    """None where something is wrong, and `problems` names it."""
    commission = amount_typed("commission", problems) or Decimal(0)
    a_stay, a_night = (amount_typed(name, problems) or Decimal(0) for name in ("a_stay", "a_night"))
    if commission > MOST_COMMISSION:
        problems["commission"] = gettext("A commission is at most 100 per cent.")
    hotel, channel, currency = (request.form.get(name, "") for name in ("property", "channel", "currency"))
    if hotel and hotel not in {one.code for one in all_properties(tx)}:
        problems["property"] = gettext("Choose a hotel from the list.")
    if channel and channel not in known_channels(tx):
        problems["channel"] = gettext("Choose a channel from the list.")
    if (a_stay or a_night) and currency not in codes_in_use():
        problems["currency"] = gettext("Choose the currency of these amounts.")
    try:
        since = date.fromisoformat(request.form.get("since", ""))
    except ValueError:
        problems["since"] = gettext("Choose the day from which it counts.")
        return None
    if problems:
        return None
    paid_in = currency if a_stay or a_night else ""
    return ChannelCost(hotel, channel, since, commission / 100, a_stay, a_night, paid_in)


def _page(tx: Tx, typed: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    hotels = {one.code: one.name for one in all_properties(tx)}
    usual = next(iter(currencies(tx).values()), "")
    return render_template(
        "channel_costs.html",
        costs=costs(tx),
        hotels=[("", gettext("All hotels")), *hotels.items()],
        channels=[("", gettext("Every channel without its own")), *((one, one) for one in known_channels(tx))],
        currencies=[(code, f"{code} · {currency_name(code)}") for code in codes_in_use()],
        typed={"since": here().now().date().isoformat(), "currency": usual, **typed},
        problems=problems,
        may_change=not me().properties,
    )
