"""Tiers: what each takes, and whether guests get them by that."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands.tiers import MOST_STEPS, save_ladder
from services.segments.store import tiers as store
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

pages = Blueprint("segments_tiers", __name__, url_prefix="/segments/segments/tiers")
MEASURES = {
    "nights": _l("nights"),
    "stays": _l("stays"),
    "spend": _l("spend, in the reporting currency"),
    "points": _l("points, as programmes tell them"),
}
PROBLEMS = {
    "none": _l("Name at least one tier and what it takes."),
    "names": _l("Each tier has a name of its own, of 1 to 40 characters."),
    "amounts": _l("Each tier takes another amount, greater than 0."),
    "number": _l("What a tier takes is a number."),
}
Page = tuple[str, int]


@pages.get("")
@needs(May.CONFIGURE)
def show() -> str:
    with here().transaction() as tx:
        ladder, steps = store.ladder(tx), store.steps(tx)
    form: dict[str, Any] = {"steps": [(one.tier, f"{one.needed.normalize():f}") for one in steps]}
    if ladder:
        form |= {"measure": ladder.measure, "yearly": ladder.window_days is not None, "gives": ladder.gives}
    return _page(form, "")[0]


@pages.post("")
@needs(May.CONFIGURE)
def save() -> Page | Response:
    pairs = zip(request.form.getlist("tier"), request.form.getlist("needed"), strict=False)
    typed = [(tier.strip(), needed.strip()) for tier, needed in pairs if tier.strip() or needed.strip()]
    form = {"steps": typed, "measure": request.form.get("measure", ""), "yearly": "yearly" in request.form}
    form |= {"gives": "gives" in request.form}
    try:
        steps = [(tier, _amount(needed)) for tier, needed in typed]
        with here().transaction() as tx:
            save_ladder(
                tx, str(form["measure"]), steps, yearly=bool(form["yearly"]), gives=bool(form["gives"]), by=me(),
                at=here().now(),
            )  # fmt: skip
    except InputError as error:
        code = str(error.problems.get("steps", "none"))
        return _page(form, str(PROBLEMS.get(code, PROBLEMS["none"])))
    flash(gettext("Saved. Guests are looked through in the background."))
    return redirect("/segments/segments/tiers", 303)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise InputError(problems={"steps": "number"}) from None
    if not amount.is_finite() or amount > 1_000_000_000:
        raise InputError(problems={"steps": "number"})
    return amount


def _page(form: dict[str, Any], problem: str) -> Page:
    with here().transaction() as tx:
        ladder, steps = store.ladder(tx), store.steps(tx)
    rows = [*form["steps"], *[("", "")] * MOST_STEPS][: max(MOST_STEPS, len(form["steps"]))]
    page = render_template(
        "segment_tiers.html", form=form, rows=rows, problem=problem, ladder=ladder, steps=steps, measures=MEASURES
    )
    return page, 422 if problem else 200
