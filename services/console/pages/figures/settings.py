"""What the house wants of its key figures, and which channels are its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.figure_settings import change_figures
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.definitions import DEFINITIONS, Definition, Unit
from services.console.store.figure_settings import FigureSetting, former_prices, known_channels, setting, targets
from shared.access.people import May
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import money
from shared.web.i18n.labels import label
from shared.web.site import here

FIGURE_SETTINGS = Blueprint("console_figure_settings", __name__, url_prefix="/figures/settings")
HUNDREDS = frozenset({Unit.SHARE, Unit.SCORE})
MOST = Decimal(10**9)


@FIGURE_SETTINGS.get("")
@needs(May.CONFIGURE)
def show() -> str:
    return _form({}, {})


@FIGURE_SETTINGS.post("")
@needs(May.CONFIGURE)
def change() -> Response | tuple[str, int]:
    problems: dict[str, str] = {}
    wanted = {one.key: _target(one, problems) for one in DEFINITIONS if one.rises is not None}
    if problems:
        return _form(request.form.to_dict(), problems), 422
    with here().transaction() as tx:
        change_figures(tx, wanted, request.form.getlist("own")[:200], me(), here().now())
    flash(gettext("Saved."))
    return redirect("/figures", 303)


def _form(given: Mapping[str, str], problems: Mapping[str, str]) -> str:
    with here().transaction() as tx:
        chosen, known, channels = setting(tx), targets(tx), known_channels(tx)
    shown: dict[str, Any] = {
        one.key: given.get(one.key, _text(one, known.get(one.key, one.target))) for one in DEFINITIONS
    }
    return render_template(
        "figure_settings.html",
        definitions=[one for one in DEFINITIONS if one.rises is not None],
        units={one.key: "%" if one.unit is Unit.SHARE else label(one.unit) for one in DEFINITIONS},
        values=shown,
        problems=problems,
        channels=channels,
        direct=request.form.getlist("own") if given else chosen.direct if chosen else own_channels(channels),
        former=_former(chosen),
    )


def _former(chosen: FigureSetting | None) -> list[tuple[str, str, str]]:
    """Channel, price and where it is entered among the others: of prices that were entered here before."""
    prices, currency = former_prices(chosen)
    return [
        (
            str(label(Channel(channel))),
            money(price, currency, exactly=True),
            f"/messaging/prices?{urlencode({'channel': channel, 'amount': f'{price:f}', 'currency': currency})}#say",
        )
        for channel, price in prices.items()
    ]


def _target(one: Definition, problems: dict[str, str]) -> Decimal | None:
    amount = amount_typed(one.key, problems, can_fall=one.unit is Unit.SCORE)
    if amount is not None and one.unit in HUNDREDS and abs(amount) > 100:
        problems[one.key] = gettext("At most 100.")
    return amount / 100 if amount is not None and one.unit in HUNDREDS else amount


def amount_typed(name: str, problems: dict[str, str], *, can_fall: bool = False) -> Decimal | None:
    """An amount as people type it, with a comma or a point; nothing typed is none."""
    text = request.form.get(name, "").strip().replace("−", "-").replace(",", ".")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > MOST or (amount < 0 and not can_fall):
        problems[name] = gettext("A number is needed, such as 25 or 0.5.")
        return None
    return amount


def _text(one: Definition, target: Decimal | None) -> str:
    if target is None:
        return ""
    return f"{(target * 100 if one.unit in HUNDREDS else target).normalize():f}"
