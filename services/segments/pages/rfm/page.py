"""RFM: which guests are worth what, where the classes begin, who moved, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.rfm.choose import NotCounted, bands_of, choose_bands
from services.segments.pages.rfm import form as forms
from services.segments.pages.rfm.classes import CLASSES
from services.segments.pages.rfm.flow import drawn
from services.segments.queries.rfm import A_PAGE, Cell, Which, flow, guests_there, nights, sizes
from services.segments.rules.rfm import CODES, Bands, check
from services.segments.shipped import shipped_bands
from services.segments.store.money.currencies import load_currencies
from services.segments.store.rfm.bands import Mode, load_chosen
from services.segments.store.rfm.counting import BACK
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.naming import full_name
from shared.web.access_control import chosen_hotel, me, my_hotels, needs, scope
from shared.web.app import is_fragment
from shared.web.site import here

pages = Blueprint("segments_rfm", __name__, url_prefix="/segments/rfm")
BANDS = (1, 2, 3)


@dataclass(frozen=True)
class Line:
    """A class: `guests` as it stands, `drafted` by the borders that are tried."""

    code: str
    guests: int
    drafted: int
    spend: Decimal
    share: float


@pages.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    with here().transaction() as tx:
        values, problems, context = _shown(tx, request.args)
    template = "_rfm_sizes.html" if is_fragment() else "rfm.html"
    return render_template(template, values=values, problems=problems, **context)


@pages.post("/bands")
@needs(May.CONFIGURE)
def save() -> Response | tuple[str, int]:
    try:
        mode, bands = forms.read(request.form)
        with here().transaction() as tx:
            choose_bands(tx, mode, bands, me(), here().now())
    except InputError:
        with here().transaction() as tx:
            values, problems, context = _shown(tx, request.form)
        return render_template("rfm.html", values=values, problems=problems, **context), 422
    except NotCounted:
        flash(gettext("No guests are counted yet: fifths are of those who were."))
        return redirect("/segments/rfm", 303)
    flash(gettext("Saved. The eight segments follow, and guests are looked through in the background."))
    return redirect("/segments/rfm", 303)


@pages.get("/guests")
@needs(May.SEE_GUESTS)
def guests() -> str:
    """Behind a class or a cell of the matrix, as they are now."""
    which = _which()
    with here().transaction() as tx:
        _, bands = _in_force(tx)
        found = guests_there(tx, which, bands, here().now().date(), scope(), _after())
        currency = load_currencies(tx).reporting
    again = {name: value for name, value in request.args.items() if name != "after"}
    return render_template(
        "rfm_guests.html",
        which=which,
        bands=bands,
        class_=CLASSES.get(which.code),
        guests=found[:A_PAGE],
        next_after=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        again=again,
        paged="after" in request.args,
        currency=currency,
        full_name=full_name,
        names={hotel.code: hotel.name for hotel in my_hotels()},
    )


def _shown(tx: Tx, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
    """What the form holds, what is wrong with it, and the page around it."""
    mode, bands = _in_force(tx)
    tried, problems = bands, {}
    values = forms.values_of(mode, bands)
    is_tried = any(name in given for name in forms.FIELDS)
    if is_tried:
        values |= {name: given[name] for name in forms.FIELDS if name in given}
        try:
            wanted, typed = forms.read(values)
            tried = check(bands_of(tx, wanted, typed))
            values = forms.values_of(wanted, tried)
        except InputError as error:
            problems = {field: forms.PROBLEMS[field] for field in error.problems if field in forms.PROBLEMS}
        except NotCounted:
            problems = {"mode": gettext("No guests are counted yet: fifths are of those who were.")}
    known = nights(tx)
    as_of, back = _dates([one.as_of.isoformat() for one in known])
    moves = flow(tx, next(one.as_of for one in known if one.as_of.isoformat() == as_of), back, scope()) if known else []
    now = sizes(tx, bands, scope())
    drafted = sizes(tx, tried, scope()) if tried != bands else now
    return (
        values,
        problems,
        {
            "night": known[0] if known else None,
            "nights": [one.as_of for one in known],
            "as_of": as_of,
            "back": back,
            "backs": BACK,
            "moves": moves,
            "flow": drawn(moves),
            "bands": bands,
            "mode": mode,
            "chosen": load_chosen(tx),
            "is_tried": is_tried and not problems and tried != bands,
            "lines": lines_of(now, drafted),
            "total": sum(one.guests for one in now),
            "matrix": matrix_of(now),
            "classes": CLASSES,
            "currency": load_currencies(tx).reporting,
            "hotel": chosen_hotel(),
            "may_change": me().may(May.CONFIGURE),
            "may_see_guests": me().may(May.SEE_GUESTS),
        },
    )


def lines_of(now: Sequence[Cell], drafted: Sequence[Cell]) -> list[Line]:
    total = sum(one.guests for one in now) or 1
    return [
        Line(
            code,
            guests := sum(one.guests for one in now if one.code == code),
            sum(one.guests for one in drafted if one.code == code),
            sum((one.spend for one in now if one.code == code), Decimal(0)),
            guests / total,
        )
        for code in CODES
    ]


def matrix_of(cells: Sequence[Cell]) -> list[list[tuple[int, int, int, int]]]:
    """Rows by how lately, columns by how often: both bands, the guests, and how dark the cell is (0 to 4)."""
    counted = {
        (recent, often): sum(one.guests for one in cells if (one.recent, one.frequent) == (recent, often))
        for recent in BANDS
        for often in BANDS
    }
    most = max(counted.values()) or 1
    return [
        [(recent, often, n := counted[recent, often], min(4, -(-n * 4 // most)) if n else 0) for often in BANDS]
        for recent in BANDS
    ]


def _in_force(tx: Tx) -> tuple[Mode, Bands]:
    chosen = load_chosen(tx)
    return (chosen.mode, chosen.bands) if chosen else (Mode.FIXED, shipped_bands())


def _dates(known: Sequence[str]) -> tuple[str, int]:
    """The night shown, and so many months before it."""
    as_of = request.args.get("as_of", "")
    back = request.args.get("back", BACK[1], type=int)
    return as_of if as_of in known else next(iter(known), ""), back if back in BACK else BACK[1]


def _which() -> Which:
    code = request.args.get("class", "")
    recent, frequent = (request.args.get(name, 0, type=int) for name in ("r", "f"))
    if (code and code not in CODES) or recent not in (0, *BANDS) or frequent not in (0, *BANDS):
        abort(404)
    return Which(code, recent, frequent)


def _after() -> UUID | None:
    try:
        return UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        abort(404)
