"""What the house wants of its key figures, which channels are its own, and what a message costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.figure_settings import change_figures
from services.console.queries.properties import currencies
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.definitions import DEFINITIONS, Definition, Unit
from services.console.store.figure_settings import FigureSetting, known_channels, setting, targets
from shared.access.people import May
from shared.vocabulary.channel import Channel
from shared.vocabulary.currency import codes_in_use
from shared.web.access_control import me, needs
from shared.web.i18n.formatting import currency_name
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
    prices = {str(one): price for one in Channel if (price := amount_typed(f"price-{one}", problems)) is not None}
    currency = request.form.get("currency", "")
    if prices and currency not in codes_in_use():
        problems["currency"] = gettext("Choose the currency of these prices.")
    if problems:
        return _form(request.form.to_dict(), problems), 422
    new = FigureSetting(request.form.getlist("own")[:200], prices, currency)
    with here().transaction() as tx:
        change_figures(tx, wanted, new, me(), here().now())
    flash(gettext("Saved."))
    return redirect("/figures", 303)


def _form(given: Mapping[str, str], problems: Mapping[str, str]) -> str:
    with here().transaction() as tx:
        chosen, known, channels = setting(tx), targets(tx), known_channels(tx)
        paid_in = next(iter(currencies(tx).values()), "")
    shown: dict[str, Any] = {
        one.key: given.get(one.key, _text(one, known.get(one.key, one.target))) for one in DEFINITIONS
    }
    prices = chosen.prices if chosen else {}
    return render_template(
        "figure_settings.html",
        definitions=[one for one in DEFINITIONS if one.rises is not None],
        units={one.key: "%" if one.unit is Unit.SHARE else label(one.unit) for one in DEFINITIONS},
        values=shown,
        problems=problems,
        channels=channels,
        direct=request.form.getlist("own") if given else chosen.direct if chosen else own_channels(channels),
        prices=[(f"price-{one}", label(one), given.get(f"price-{one}", prices.get(str(one), ""))) for one in Channel],
        currency=given.get("currency", chosen.currency if chosen else paid_in),
        currencies=[("", gettext("not chosen")), *((one, f"{one} – {currency_name(one)}") for one in codes_in_use())],
    )


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
